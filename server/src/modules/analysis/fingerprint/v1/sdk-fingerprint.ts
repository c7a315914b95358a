/**
 * Fingerprints that the SDK sent. Part of a released grouping version: copy it for a new version, never edit it once
 * released. Placeholders follow Sentry's fingerprint rules (docs.sentry.io, "Fingerprint Rules", variables).
 */
import type { NormalizedEvent, NormalizedFrame } from '../../../detection/normalized-event.ts';

const PLACEHOLDER = /\{\{\s*([\w.\-/]{1,80})\s*\}\}/g;
const MAX_PARTS = 32;
const PART_CAP = 500;

/**
 * The parts of a custom fingerprint; `{{ default }}` becomes what Errata would have chosen (asked for through
 * `ownParts`, at most once). Undefined if it is nothing but `{{ default }}`: then the event is grouped as if none was sent.
 */
export function fromSdk(
  fingerprint: readonly string[],
  event: NormalizedEvent,
  ownParts: () => string[],
): { parts: string[]; why: string[] } | undefined {
  const texts = fingerprint
    .slice(0, MAX_PARTS)
    .map((part) => (typeof part === 'string' ? part : String(part)).slice(0, PART_CAP));
  if (texts.every((text) => isDefault(text))) return undefined;
  let own: string[] | undefined;
  const parts: string[] = [];
  const said: string[] = [];
  for (const text of texts) {
    if (isDefault(text)) {
      own ??= ownParts();
      parts.push(...own);
      said.push('{{ default }}');
      continue;
    }
    const value = text.replace(PLACEHOLDER, (all, name: string) => variable(name.toLowerCase(), event) ?? all);
    // Prefixed, so that a custom part can never meet a part of Errata's own making.
    parts.push(`sdk ${value}`);
    said.push(value === text ? text : `${text} = ${value}`);
  }
  return { parts, why: [`Fingerprint set by the SDK: ${said.join(', ')}`] };
}

function isDefault(text: string): boolean {
  return /^\s*\{\{\s*default\s*\}\}\s*$/i.test(text);
}

function variable(name: string, event: NormalizedEvent): string | undefined {
  const exception = Array.isArray(event.exceptions) ? event.exceptions.at(-1) : undefined;
  switch (name) {
    case 'type':
    case 'error.type':
      return exception?.type ?? '<no-type>';
    case 'value':
    case 'error.value':
      return exception?.value ?? '<no-value>';
    case 'message':
      return event.message ?? exception?.value ?? '<no-message>';
    case 'transaction':
      return event.transaction ?? '<no-transaction>';
    case 'level':
      return event.level;
    case 'logger':
      return event.logger ?? '<no-logger>';
    case 'release':
      return event.release ?? '<no-release>';
    case 'environment':
      return event.environment ?? '<no-environment>';
    case 'function':
    case 'stack.function':
      return crashFrame(event)?.function ?? '<no-function>';
    case 'module':
    case 'stack.module':
      return crashFrame(event)?.module ?? '<no-module>';
    case 'package':
    case 'stack.package':
      return crashFrame(event)?.package ?? '<no-package>';
    case 'abs_path':
    case 'stack.abs_path':
      return crashFrame(event)?.absPath ?? '<no-abs-path>';
    default:
      return name.startsWith('tags.') ? tag(name.slice(5), event) : undefined;
  }
}

function tag(key: string, event: NormalizedEvent): string {
  const tags = Array.isArray(event.tags) ? event.tags : [];
  return tags.find(([name]) => name.toLowerCase() === key)?.[1] ?? `<no-value-for-tag-${key}>`;
}

function crashFrame(event: NormalizedEvent): NormalizedFrame | undefined {
  const frames = (Array.isArray(event.exceptions) ? event.exceptions.at(-1)?.frames : undefined) ?? event.stacktrace ?? [];
  return frames.findLast((frame) => frame.inApp === true) ?? frames.at(-1);
}
