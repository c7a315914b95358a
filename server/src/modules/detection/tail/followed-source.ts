import type { PatternDefinition } from '../../analysis/patterns/definition.ts';
import type { LogSourceSettings } from '../../projects/log-source-settings.ts';
import type { FollowedSource } from './tail-source.ts';

/** The tag by which errors are found that a source brought. */
const SOURCE_TAG = 'log_source';

/** A source's settings as the tail follows them. @param key part of every event id; must never change for a source */
export function followedSource(
  key: string,
  settings: LogSourceSettings,
  patterns: readonly PatternDefinition[],
  host: string,
): FollowedSource {
  const { name, environment, release, tags, globs, exclusions, startAt, startLines, encoding, wrapper, timeZone } = settings;
  const { minLevel, errorLines, patternsEnabled, polling, pollIntervalMs, flushAfterMs } = settings;
  const base = {
    ...(environment === null || environment === undefined ? {} : { environment }),
    ...(release === null || release === undefined ? {} : { release }),
    server_name: host,
    tags: { ...tags, [SOURCE_TAG]: name },
  };
  return {
    ...{ key, globs, exclusions, startAt, startLines, encoding, wrapper, timeZone: timeZone ?? null, minLevel, errorLines, base },
    ...{ polling, pollIntervalMs, flushAfterMs, patterns: patternsEnabled ? patterns : [] },
  };
}
