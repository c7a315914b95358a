// A program with Rollbar set up as its documentation says; only endpoint and token are ours.
import Rollbar from 'rollbar';

const [url, accessToken] = process.argv.slice(2);
const rollbar = new Rollbar({
  accessToken,
  endpoint: `${url}/api/1/item/`,
  environment: 'staging',
  codeVersion: '9f1c2d',
  captureUncaught: false,
  payload: { person: { id: '7', username: 'ann' }, context: 'jobs#ship' },
});

class ShippingError extends Error {
  name = 'ShippingError';
}
function ship() {
  throw new ShippingError('no carrier for 12345');
}
const told = (resolve) => (error, answer) => resolve(error ? { error: String(error) } : (answer ?? {}));
const answers = [];
try {
  ship();
} catch (error) {
  answers.push(await new Promise((resolve) => rollbar.critical(error, { attempt: 2 }, told(resolve))));
}
answers.push(await new Promise((resolve) => rollbar.info('only words', told(resolve))));
process.stdout.write(JSON.stringify(answers));
