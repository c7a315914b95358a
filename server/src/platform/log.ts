import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Paths that never reach a log line, whatever object is logged. */
const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', 'passwordHash', 'tokenHash', 'sentry_key', 'dsn'];
const redact = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `req.headers["${key}"]`]);

/** Structured logs on stderr (standard output belongs to CLI data). JSON lines, or pretty on a terminal. */
export function createLog(options: { level: string; pretty: boolean }): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...redact, 'req.headers["x-sentry-auth"]'], censor: '[redacted]' },
      ...(options.pretty ? { transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } } } : {}),
    },
    ...(options.pretty ? [] : [pino.destination({ dest: 2, sync: false })]),
  );
}

export const silentLog: Log = pino({ level: 'silent' });
