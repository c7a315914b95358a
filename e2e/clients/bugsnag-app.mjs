// A program with Bugsnag set up as its documentation says; only endpoints and key are ours.
import Bugsnag from '@bugsnag/js';

const [url, apiKey] = process.argv.slice(2);
Bugsnag.default.start({
  apiKey,
  endpoints: { notify: `${url}/notify`, sessions: `${url}/sessions` },
  appVersion: '1.4.2',
  releaseStage: 'staging',
  projectRoot: import.meta.dirname,
  logger: null,
});

class StockError extends Error {
  name = 'StockError';
}
function reserve() {
  throw new StockError('nothing left of 4711', { cause: new RangeError('stock below zero') });
}

Bugsnag.default.startSession();
Bugsnag.default.leaveBreadcrumb('cart loaded', { items: 3 });
try {
  reserve();
} catch (error) {
  await new Promise((resolve) =>
    Bugsnag.default.notify(
      error,
      (event) => {
        event.setUser('7', 'ann@example.com', 'Ann');
        event.addMetadata('order', { id: 9 });
        event.context = 'POST /reserve';
      },
      (failure) => resolve(process.stdout.write(failure ? String(failure) : 'sent')),
    ),
  );
}
