import { compilePatterns, NO_PATTERNS } from '../../analysis/patterns/compile.ts';
import type { PatternMatcher } from '../../analysis/patterns/matcher.ts';
import { LOG_WRAPPERS } from '../../projects/log-source-values.ts';
import type { Wrapper } from '../log/carriers.ts';
import { LogDetector, type LogDetectorOptions } from '../log/log-detector.ts';
import type { FollowedSource, MakeDetector } from './tail-source.ts';

/** Patterns are compiled once for all files of a source. */
const compiled = new WeakMap<FollowedSource, PatternMatcher>();

/** What a server of a later version may name is not known here: then it is recognised. */
const wrapperOf = (name: string): Wrapper => LOG_WRAPPERS.find((known) => known === name) ?? 'auto';

/** The detector of the product. */
export const makeDetector: MakeDetector = (source, { baseOffset, encoding, referenceTime }) => {
  let patterns = compiled.get(source);
  if (patterns === undefined) {
    patterns = source.patterns.length === 0 ? NO_PATTERNS : compilePatterns(source.patterns);
    compiled.set(source, patterns);
  }
  const { minLevel, errorLines, timeZone, base } = source;
  const options = { patterns, baseOffset, referenceTime, minLevel, errorLines: errorLines ? 'events' : 'ignore', event: base };
  return new LogDetector({
    ...options,
    encoding: encoding ?? 'auto',
    wrapper: wrapperOf(source.wrapper),
    ...(timeZone === null ? {} : { timeZone }),
  } as LogDetectorOptions);
};
