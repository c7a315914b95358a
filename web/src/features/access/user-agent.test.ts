import { expect, test } from 'vitest';
import { deviceOf } from './user-agent.ts';

const mozilla = 'Mozilla/5.0';
test.each([
  [
    `${mozilla} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36`,
    'Chrome on Linux',
    'desktop',
  ],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0`,
    'Edge on Windows',
    'desktop',
  ],
  [`${mozilla} (Macintosh; Intel Mac OS X 10.15; rv:150.0) Gecko/20100101 Firefox/150.0`, 'Firefox on macOS', 'desktop'],
  [
    `${mozilla} (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
    'Safari on iOS',
    'phone',
  ],
  [
    `${mozilla} (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36`,
    'Chrome on Android',
    'phone',
  ],
  ['curl/8.5.0', 'curl/8.5.0', 'program'],
  ['errata/0.1.0 (linux)', 'errata/0.1.0', 'program'],
  ['', 'Unknown device', 'desktop'],
  [null, 'Unknown device', 'desktop'],
])('%s', (userAgent, name, kind) => {
  expect(deviceOf(userAgent)).toEqual({ name, kind });
});
