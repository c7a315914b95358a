/** Sentry's levels: what a line says of itself. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal';

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warning: 2, error: 3, fatal: 4 };

/** Whether `level` is at least `least`. */
export function atLeast(level: LogLevel, least: LogLevel): boolean {
  return RANK[level] >= RANK[least];
}

const WORDS: Record<string, LogLevel> = {};
const NAMES: Record<LogLevel, string> = {
  debug: 'trace trc trce debug dbg dbug verbose vrb vrbs fine finer finest config silly all',
  info: 'info inf information informational notice log success statement detail hint',
  warning: 'warn wrn warning',
  error: 'error err eror fail severe',
  fatal: 'fatal ftl critical crit crt emerg emergency alert panic dpanic off',
};
for (const [level, words] of Object.entries(NAMES)) for (const word of words.split(' ')) WORDS[word] = level as LogLevel;

/** A level's name as any common logger writes it (`ERR`, `SEVERE`, `crit`, …), in any case. */
export function levelOfWord(word: string): LogLevel | undefined {
  if (word.length > 13) return undefined;
  const small = word.toLowerCase();
  return Object.hasOwn(WORDS, small) ? WORDS[small] : undefined;
}

/** The one-letter levels of Android, klog, Ruby and mongod. */
export function levelOfLetter(letter: string): LogLevel | undefined {
  switch (letter) {
    case 'F':
    case 'C':
      return 'fatal';
    case 'E':
      return 'error';
    case 'W':
      return 'warning';
    case 'I':
    case 'N':
    case 'A':
      return 'info';
    case 'D':
    case 'V':
    case 'T':
      return 'debug';
    default:
      return undefined;
  }
}

/** Numeric levels of pino and bunyan (10 trace … 50 error, 60 fatal), of Monolog (100 debug … 400 error, 600) and of syslog. */
export function levelOfNumber(number: number): LogLevel | undefined {
  if (!Number.isFinite(number)) return undefined;
  if (number <= 7) return levelOfSeverity(number);
  if (number >= 100) {
    if (number >= 500) return 'fatal';
    if (number >= 400) return 'error';
    return number >= 300 ? 'warning' : number >= 200 ? 'info' : 'debug';
  }
  if (number < 30) return number < 10 ? undefined : 'debug';
  if (number < 40) return 'info';
  if (number < 50) return 'warning';
  return number < 60 ? 'error' : 'fatal';
}

/** Syslog severities, RFC 5424 §6.2.1: 0 emergency … 7 debug. */
export function levelOfSeverity(severity: number): LogLevel {
  if (severity <= 2) return 'fatal';
  if (severity === 3) return 'error';
  if (severity === 4) return 'warning';
  return severity <= 6 ? 'info' : 'debug';
}

/** Severity numbers of OpenTelemetry: 17–20 error, 21–24 fatal. */
export function levelOfOtelNumber(number: number): LogLevel | undefined {
  if (number < 1 || number > 24) return undefined;
  if (number >= 21) return 'fatal';
  if (number >= 17) return 'error';
  if (number >= 13) return 'warning';
  return number >= 9 ? 'info' : 'debug';
}
