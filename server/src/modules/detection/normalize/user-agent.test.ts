import { expect, it } from 'vitest';
import { readUserAgent } from './user-agent.ts';

it.each<[string, string | undefined, string | undefined, string | undefined]>([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'Chrome 126.0.0.0',
    'Windows 10',
    undefined,
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56',
    'Edge 126.0.2592.56',
    'Windows 10',
    undefined,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'Safari 17.4',
    'Mac OS X 10.15.7',
    'Mac',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    'Mobile Safari 17.4',
    'iOS 17.4.1',
    'iPhone',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128.0', 'Linux', undefined],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro Build/AP1A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.165 Mobile Safari/537.36',
    'Chrome 125.0.6422.165',
    'Android 14',
    'Pixel 8 Pro',
  ],
  ['Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko', 'IE 11.0', 'Windows 7', undefined],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot 2.1', undefined, undefined],
  ['curl/8.5.0', 'curl 8.5.0', undefined, undefined],
  ['something else', undefined, undefined, undefined],
  ['', undefined, undefined, undefined],
])('%s', (userAgent, browser, os, device) => {
  const client = readUserAgent(userAgent);
  const text = (part: { name: string; version?: string } | undefined) =>
    part && [part.name, part.version].filter(Boolean).join(' ');
  expect([text(client.browser), text(client.os), client.device?.family]).toEqual([browser, os, device]);
});

it('a header made to be slow is read at once', () => {
  const started = performance.now();
  for (const part of ['Version/1 Mobile ', 'Android 1; ', 'Trident/', 'iPhone OS ', 'bot']) readUserAgent(part.repeat(10_000));
  expect(performance.now() - started).toBeLessThan(200);
});
