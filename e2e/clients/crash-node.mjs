// A program as its developers wrote it: only the DSN is ours. `node crash-node.mjs <sdk package> <dsn> <mark>`
import { createRequire } from 'node:module';

const [, , sdk, dsn, mark] = process.argv;
const Sentry = createRequire(import.meta.url)(sdk);
Sentry.init({ dsn, release: 'shop@1.2.3', environment: 'e2e', tracesSampleRate: 0 });

function chargeCard(order) {
  return order.card.number;
}
function checkout() {
  Sentry.addBreadcrumb({ category: 'cart', message: 'checkout pressed' });
  return chargeCard({ id: mark });
}

try {
  checkout();
} catch (error) {
  error.message = `${error.message} in ${mark}`;
  Sentry.captureException(error);
}
await Sentry.close(5000);
// And one that nobody catches: the SDK reports it and ends the process with code 1.
setTimeout(() => {
  throw new RangeError(`uncaught in ${mark}`);
}, 0);
