import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { isAddressRange } from './address-range.ts';
import { changedInbound, DEFAULT_INBOUND, type InboundChanges } from './inbound-settings.ts';
import { DEFAULT_SETTINGS, type ProjectSettings } from './project.entity.ts';

const MAX_NAMES = 200;
const MAX_NAME_LENGTH = 200;
const MAX_RETENTION_DAYS = 3_650;
const MAX_EVENTS_PER_MINUTE = 100_000_000;

/** Changes to settings: absent keeps; null keeps too, but takes the limit off `eventsPerMinute`. */
export type SettingsChanges = {
  readonly [K in Exclude<keyof ProjectSettings, 'inbound'>]?: ProjectSettings[K] | null | undefined;
} & { readonly inbound?: InboundChanges | null | undefined };

/** Stored settings, with the defaults for those that a later version added. */
export function fullSettings(stored: Partial<ProjectSettings> | null): ProjectSettings {
  return { ...DEFAULT_SETTINGS, ...stored, inbound: { ...DEFAULT_INBOUND, ...stored?.inbound } };
}

/** The settings after the changes, or what is wrong with them (`field` is `settings.<name>`). */
export function changedSettings(stored: ProjectSettings, changes: SettingsChanges): ProjectSettings | ValidationRefusal {
  const next = fullSettings(stored);
  for (const key of ['scrubIpAddresses', 'scrubEmails', 'scrubDefaults'] as const) next[key] = changes[key] ?? next[key];
  for (const key of ['sensitiveFields', 'safeFields', 'inAppInclude', 'inAppExclude'] as const) {
    const names = changes[key];
    if (names == null) continue;
    const clean = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
    if (clean.length > MAX_NAMES) return new ValidationRefusal('TOO_MANY', `At most ${MAX_NAMES} entries.`, `settings.${key}`);
    if (clean.some((name) => name.length > MAX_NAME_LENGTH))
      return new ValidationRefusal('TOO_LONG', `At most ${MAX_NAME_LENGTH} characters an entry.`, `settings.${key}`);
    next[key] = clean;
  }
  for (const [key, most] of [
    ['attachmentMaxMegabytes', 100],
    ['attachmentQuotaMegabytes', 1_000_000],
  ] as const) {
    const megabytes = changes[key] ?? next[key];
    if (!Number.isInteger(megabytes) || megabytes < 0 || megabytes > most)
      return new ValidationRefusal('OUT_OF_RANGE', `A whole number of megabytes from 0 to ${most}.`, `settings.${key}`);
    next[key] = megabytes;
  }
  const keep = changes.retentionDays ?? next.retentionDays;
  if (!Number.isInteger(keep) || keep < 0 || keep > MAX_RETENTION_DAYS)
    return new ValidationRefusal(
      'OUT_OF_RANGE',
      `A whole number of days from 0 to ${MAX_RETENTION_DAYS}.`,
      'settings.retentionDays',
    );
  next.retentionDays = keep;
  if (changes.eventsPerMinute !== undefined) {
    const refusal = limitFault(changes.eventsPerMinute, 'settings.eventsPerMinute');
    if (refusal) return refusal;
    next.eventsPerMinute = changes.eventsPerMinute;
  }
  if (changes.inbound != null) {
    const inbound = changedInbound(next.inbound, changes.inbound, isAddressRange);
    if (inbound instanceof ValidationRefusal) return inbound;
    next.inbound = inbound;
  }
  return next;
}

/** What is wrong with a limit of events per minute; null when it will do, or when there is none (null). */
export function limitFault(perMinute: number | null, field: string): ValidationRefusal | null {
  if (perMinute === null || (Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= MAX_EVENTS_PER_MINUTE)) return null;
  return new ValidationRefusal('OUT_OF_RANGE', 'A limit is a whole number from 1 up; leave it empty for none.', field);
}
