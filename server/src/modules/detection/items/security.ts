import type { ItemRoom } from '../item-room.ts';
import { refusals } from '../protocols/refusal.ts';
import { readSecurityReports, type SecurityReport } from '../protocols/security-report.ts';

/** Items `security`, `raw_security` and `nel`: a browser's report inside an envelope, as tunnels send it. */
export const securityRoom: ItemRoom = {
  types: ['security', 'raw_security', 'nel'],
  category: 'security',
  maxBytes: 1024 * 1024,
  read(item, delivery) {
    const reports = readSecurityReports(parse(item.payload), delivery.receivedAt) ?? [];
    const [first] = reports;
    if (first === undefined) throw refusals.report('none that browsers send');
    // A list of which nothing is wanted is refused as the first of it is; else each of it has its own outcome.
    const wanted = reports.flatMap((report) => ('value' in report ? [report.value] : []));
    if (wanted.length > 0)
      return { records: wanted.map((value) => ({ kind: 'event', value })), besides: reports.flatMap(outcomeOf) };
    if ('unwanted' in first) return { records: [], refused: { outcome: 'filtered', reason: first.unwanted } };
    throw refusals.report('invalid' in first ? first.invalid : 'none that browsers send');
  },
};

function outcomeOf(report: SecurityReport): { outcome: 'filtered' | 'invalid'; reason: string }[] {
  if ('unwanted' in report) return [{ outcome: 'filtered', reason: report.unwanted }];
  return 'invalid' in report ? [{ outcome: 'invalid', reason: report.invalid }] : [];
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8')) as unknown;
  } catch {
    throw refusals.report('no JSON');
  }
}
