import type { Breadcrumb } from '../normalized-event.ts';
import { type Budget, boundedObject } from './bounded.ts';
import { readLevel } from './level.ts';
import { CAPS, isObject, type Reading } from './reading.ts';
import { parseTime } from './time.ts';

/** The last 100 breadcrumbs, oldest first, within a total size. A list or `{values}`. */
export function readBreadcrumbs(value: unknown, reading: Reading): Breadcrumb[] {
  if (value === undefined || value === null) return [];
  const list = reading.list(value, 'breadcrumbs');
  const first = Math.max(0, list.length - CAPS.breadcrumbs);
  if (first > 0) reading.note('breadcrumbs', `cut: ${list.length} breadcrumbs, the last ${CAPS.breadcrumbs} kept`);
  const total: Budget = { left: CAPS.breadcrumbsTotal };
  const crumbs: Breadcrumb[] = [];
  for (let i = list.length - 1; i >= first; i--) {
    if (total.left <= 0) {
      reading.note('breadcrumbs', `cut: too large, the last ${crumbs.length} kept`);
      break;
    }
    const crumb = readBreadcrumb(list[i], `breadcrumbs.values.${i}`, total, reading);
    if (crumb) crumbs.push(crumb);
  }
  return crumbs.reverse();
}

function readBreadcrumb(value: unknown, field: string, total: Budget, reading: Reading): Breadcrumb | undefined {
  if (!isObject(value)) return undefined;
  const crumb: Breadcrumb = {};
  const timestamp = parseTime(value['timestamp']);
  if (timestamp !== undefined) crumb.timestamp = timestamp;
  const type = reading.name(value['type'], 64, `${field}.type`);
  if (type !== undefined) crumb.type = type;
  const category = reading.name(value['category'], 128, `${field}.category`);
  if (category !== undefined) crumb.category = category;
  const level = readLevel(value['level']);
  if (level !== undefined) crumb.level = level;
  const message = reading.text(value['message'], CAPS.breadcrumbData, `${field}.message`);
  if (message !== undefined) {
    crumb.message = message;
    total.left -= message.length;
  }
  if (value['data'] !== undefined && value['data'] !== null) {
    const budget = { left: CAPS.breadcrumbData };
    const raw = typeof value['data'] === 'string' ? { value: value['data'] } : value['data'];
    const data = boundedObject(raw, budget, `${field}.data`, reading);
    total.left -= CAPS.breadcrumbData - Math.max(0, budget.left);
    if (data) for (const _ in data) return Object.assign(crumb, { data });
  }
  total.left -= 40;
  for (const _ in crumb) return crumb;
  return undefined;
}
