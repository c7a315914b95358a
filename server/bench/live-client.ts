import { CountingSocket } from './live-sockets.ts';

/** Order for the process that plays the subscribers; the JSON text of this is its only argument. */
export interface LiveOrder {
  port: number;
  query: string;
  /** One token per user; sockets are spread over them. */
  tokens: string[];
  sockets: number;
  subscriptionsPerSocket: number;
}

/*
 * Plays the subscribers. Prints `OPEN` when all have subscribed, then once a second the number of results received so
 * far, until it is ended.
 */
const order = JSON.parse(process.argv[2] as string) as LiveOrder;
const ids = Array.from({ length: order.subscriptionsPerSocket }, (_, i) => `s${i}`);
const sockets: CountingSocket[] = [];
for (let i = 0; i < order.sockets; i += 20) {
  const wave = Array.from({ length: Math.min(20, order.sockets - i) }, (_, j) =>
    CountingSocket.open(order.port, order.tokens[(i + j) % order.tokens.length] as string, order.query, ids),
  );
  sockets.push(...(await Promise.all(wave)));
}
process.stdout.write('OPEN\n');
setInterval(() => {
  let received = 0;
  for (const socket of sockets) received += socket.received;
  process.stdout.write(`${JSON.stringify({ atMs: performance.now(), received })}\n`);
}, 250);
process.on('SIGTERM', () => process.exit(0));
