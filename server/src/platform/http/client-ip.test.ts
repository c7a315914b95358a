import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isLoopback, TrustedProxies } from './client-ip.ts';

const request = (peer: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('clientIp', () => {
  const proxies = ['10.0.0.0/8', '192.168.1.5', '2001:db8::/32', '::1'];
  it.each([
    ['nobody is trusted', [], '10.1.1.1', '1.2.3.4', '10.1.1.1'],
    ['a stranger forges', proxies, '8.8.8.8', '1.2.3.4', '8.8.8.8'],
    ['one proxy', proxies, '10.1.1.1', '1.2.3.4', '1.2.3.4'],
    ['a forged hop before the real one', proxies, '10.1.1.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['two proxies', proxies, '10.1.1.1', '1.2.3.4, 192.168.1.5', '1.2.3.4'],
    ['proxies only', proxies, '10.1.1.1', '10.9.9.9, 10.2.2.2', '10.9.9.9'],
    ['no header', proxies, '10.1.1.1', undefined, '10.1.1.1'],
    ['nonsense', proxies, '10.1.1.1', 'unknown', '10.1.1.1'],
    ['nonsense left of a proxy', proxies, '10.1.1.1', '<script>, 10.2.2.2', '10.2.2.2'],
    ['v4 in v6', proxies, '::ffff:10.1.1.1', '::ffff:1.2.3.4', '1.2.3.4'],
    ['v6', proxies, '2001:db8::1', '2a00::7', '2a00::7'],
    ['a zone', proxies, 'fe80::1%eth0', '1.2.3.4', 'fe80::1'],
    ['a closed socket', proxies, undefined, '1.2.3.4', ''],
  ])('%s', (_name, list, peer, forwarded, expected) => {
    expect(new TrustedProxies(list).clientIp(request(peer, forwarded))).toBe(expected);
  });

  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '10.0.0.0/x'])('refuses "%s"', (entry) => {
    expect(() => new TrustedProxies([entry])).toThrow(entry);
  });
});

it('knows this machine', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
  expect(['10.0.0.1', '127.0.0.1.evil.test', '', '::2'].some(isLoopback)).toBe(false);
});
