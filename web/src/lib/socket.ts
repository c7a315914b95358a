import { type Client, createClient } from 'graphql-ws';
import { ownUrl } from './base.ts';
import { getConnection, RETRY_EVENT, setConnection } from './connection.ts';

/** Longest wait between two attempts to reconnect, in milliseconds. */
const LONGEST_WAIT_MS = 15_000;
/** Close codes by which the server says that this session ended, or that its rights changed. */
const REFUSED_CODES = new Set([4401, 4403]);

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const done = () => {
      clearTimeout(timer);
      ended.abort();
      resolve();
    };
    const timer = setTimeout(done, ms);
    // A laptop that wakes up should not sit out the rest of a long wait.
    window.addEventListener('online', done, { signal: ended.signal });
    window.addEventListener(RETRY_EVENT, done, { signal: ended.signal });
  });
}

const codeOf = (event: unknown): number | undefined =>
  typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number' ? event.code : undefined;

/**
 * The one WebSocket of the page: opened by the first subscription, closed a little after the last, reopened for ever
 * with growing waits. Its state is in `connection.ts`.
 *
 * @param onRefused called when the server closes because the session ended or its rights changed: find out which. The
 *   socket goes on trying for as long as anybody listens.
 */
export function createSocket(onRefused: () => void): Client {
  let dropped = false;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: ownUrl('graphql', 'ws'),
    lazy: true,
    lazyCloseTimeout: 3_000,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (attempt) => wait(Math.min(LONGEST_WAIT_MS, 400 * 2 ** attempt) * (0.75 + Math.random() / 2)),
    on: {
      connecting: () => setConnection(dropped ? (navigator.onLine ? 'reconnecting' : 'offline') : 'connecting'),
      connected: () => {
        setConnection('live', { caughtUp: dropped });
        dropped = false;
      },
      ping: (received) => {
        // Our own ping went out: without a pong soon the line is dead, whatever TCP believes.
        if (!received) watchdog = setTimeout(() => client.terminate(), 5_000);
      },
      pong: (received) => {
        if (received) clearTimeout(watchdog);
      },
      closed: (event) => {
        clearTimeout(watchdog);
        const code = codeOf(event);
        if (code !== undefined && REFUSED_CODES.has(code)) onRefused();
        // 1000 is our own lazy close: nothing was lost.
        dropped = code !== 1000;
        setConnection(dropped ? (navigator.onLine ? 'reconnecting' : 'offline') : 'idle');
      },
    },
  });
  window.addEventListener('offline', () => {
    if (getConnection().state !== 'idle') client.terminate();
  });
  return client;
}
