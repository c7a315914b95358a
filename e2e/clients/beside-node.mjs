// A program that sends everything its SDK can besides events. `node beside-node.mjs <sdk package> <dsn> <mark>`; prints the event's id.
import { createRequire } from 'node:module';

const [, , sdk, dsn, mark] = process.argv;
const Sentry = createRequire(import.meta.url)(sdk);
Sentry.init({
  dsn,
  release: 'shop@1.2.3',
  environment: 'e2e',
  tracesSampleRate: 1,
  enableLogs: true,
  _experiments: { enableLogs: true },
});

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
let id;
Sentry.startSpan({ name: 'POST /checkout', op: 'http.server' }, () => {
  Sentry.withScope((scope) => {
    scope.addAttachment({
      filename: 'cart.json',
      data: JSON.stringify({ mark, items: [1, 2] }),
      contentType: 'application/json',
    });
    scope.addAttachment({ filename: 'screenshot.png', data: new Uint8Array(PIXEL), contentType: 'image/png' });
    scope.addAttachment({ filename: 'page.html', data: `<script>alert('${mark}')</script>`, contentType: 'text/html' });
    id = Sentry.captureException(new TypeError(`the card has no number in ${mark}`));
  });
});
Sentry.captureFeedback(
  { message: `Paying does nothing ${mark}`, name: 'Ann', email: 'ann@example.com', associatedEventId: id },
  { attachments: [{ filename: 'shot.png', data: new Uint8Array(PIXEL), contentType: 'image/png' }] },
);
Sentry.logger.info(Sentry.logger.fmt`nothing to see in ${mark}`);
Sentry.logger.error(Sentry.logger.fmt`payment failed in ${mark}`);
await Sentry.close(5000);
process.stdout.write(id);
