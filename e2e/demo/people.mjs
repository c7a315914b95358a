// Who uses the sample programs, and the dice they are played with.

/** A number from 0 up to, not including, `n`. */
export const below = (n) => Math.floor(Math.random() * n);
/** One of a list. */
export const pick = (list) => list[below(list.length)];
/** True this often. */
export const chance = (p) => Math.random() < p;
/** Hexadecimal digits, as ids have them. */
export const hex = (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('');

/** One of `[weight, value]` pairs. */
export function weighted(pairs) {
  let left = Math.random() * pairs.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of pairs) {
    left -= weight;
    if (left < 0) return value;
  }
  return pairs.at(-1)[1];
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const NAMES =
  'ada grace linus margaret dennis barbara ken frances edsger radia donald hedy alan katherine john mary tim sophie guido anita niklaus shafi rob karen bjarne lynn james joan brian jean'.split(
    ' ',
  );

/** Customers of the shop; few enough that some are hurt more than once. */
export const customers = Array.from({ length: 240 }, (_, n) => {
  const name = NAMES[n % NAMES.length];
  return {
    id: String(40_017 + n * 13),
    username: `${name}${n}`,
    email: `${name}.${n}@example.com`,
    ip_address: `203.0.113.${n % 250}`,
  };
});

export const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
];

/** Ends this process when whoever started it has gone: nothing of the fleet outlives it. */
export function endWithParent() {
  if (process.connected) process.channel.unref();
  process.on('disconnect', () => process.exit(0));
}
