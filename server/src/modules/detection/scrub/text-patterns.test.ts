import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../projects/project.entity.ts';
import { rulesOf } from './rules.ts';
import { isCardNumber, scrubText } from './text-patterns.ts';

const { text, source } = rulesOf(DEFAULT_SETTINGS);
const all = rulesOf({ ...DEFAULT_SETTINGS, scrubEmails: true, scrubIpAddresses: true, sensitiveFields: ['zz'] }).text;
const F = '[Filtered]';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----';

describe('secrets in text', () => {
  it.each([
    ['card 4111 1111 1111 1111 declined', `card ${F} declined`],
    ['card 4111-1111-1111-1111', `card ${F}`],
    ['378282246310005', F],
    ['Authorization: Bearer abc.def-123', `Authorization: Bearer ${F}`],
    ['sent bearer AbCdEfGh to x', `sent bearer ${F} to x`],
    ['Basic dXNlcjpwYXNzd29yZA==', `Basic ${F}`],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmN was bad', `jwt ${F} was bad`],
    ['key AKIAIOSFODNN7EXAMPLE', `key ${F}`],
    ['role AROAIOSFODNN7EXAMPLE', `role ${F}`],
    ['AIzaSyA1234567890abcdefghijklmnopqrstuv in use', `${F} in use`],
    ['ghp_0123456789abcdefghij0123456789abcdef', F],
    ['github_pat_11ABCDEFG0123456789_abcdefghijklmnop', F],
    ['glpat-abcdefghij0123456789', F],
    ['xoxb-123456789012-abcdefghij', F],
    ['https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXXXXXX', `https://hooks.slack.com/services/${F}`],
    ['sk_live_abcdefghij1234567890', F],
    ['sk-proj-abcdefghij1234567890ABCDEFGHIJ', F],
    [`before ${PEM} after`, `before ${F} after`],
    [`cut off ${PEM.slice(0, 50)}`, `cut off ${F}`],
    [`${PEM} and ${PEM}`, `${F} and ${F}`],
    ['postgres://app:s3cret@db:5432/shop', `postgres://${F}@db:5432/shop`],
    ['https://x/cb?code=1&access_token=abc123&next=/', `https://x/cb?code=1&access_token=${F}&next=/`],
    ['https://x/?api_key=k#top', `https://x/?api_key=${F}`],
    ['password=hunter2', `password=${F}`],
    ['password = letters', `password = ${F}`],
    ['PGPASSWORD=x psql', `PGPASSWORD=${F} psql`],
    ['user[password]=x&user[name]=y', `user[password]=${F}&user[name]=y`],
    ["{'password': 'hun\\'ter2', 'a': 1}", `{'password': '${F}', 'a': 1}`],
    ['{"cvv": "123"}', `{"cvv": "${F}"}`],
    ['{"token":"abc","count":1}', `{"token":"${F}","count":1}`],
    ['{\\"secret\\":\\"abc\\"}', `{\\"secret\\":\\"${F}\\"}`],
    ['password: hunter2', `password: ${F}`],
    ['api_key: "k"', `api_key: "${F}"`],
    ['AccountKey=abc==;EndpointSuffix=core', `AccountKey=${F};EndpointSuffix=core`],
  ])('%s', (dirty, clean) => {
    expect(scrubText(dirty, text)).toBe(clean);
  });

  it.each([
    'Invalid password: too short',
    'Unexpected token: punc (})',
    'Unexpected token < in JSON at position 0',
    'Basic authentication failed',
    'bearer of bad news',
    'author=Ann',
    'tokenizer: fast',
    'WHERE token=$1 AND secret = %s',
    'if (token === undefined)',
    'password=null',
    'session expired: please sign in',
    'ssh://git@github.com/a/b.git',
    'https://github.com/a/b?tab=readme',
    'at 2026-11-22 12:34:56.789',
    'order 1234567812345678 at 1732276800000000',
    '9ec79c33-ec99-42ab-8353-589fcb2e04dc',
    '0000000000000000',
    'System.Runtime, Version=8.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a',
    'std::auth::check(a)',
    'eyJ is how they begin',
    '-----BEGIN CERTIFICATE-----',
    'x'.repeat(10),
  ])('no secret: %s', (prose) => {
    expect(scrubText(prose, text)).toBe(prose);
  });

  it('source lines keep their code, not their literals', () => {
    expect(scrubText('const token = req.headers.token;', source)).toBe('const token = req.headers.token;');
    expect(scrubText("const apiKey = 'abc123';", source)).toBe(`const apiKey = '${F}';`);
    expect(scrubText('  password="hunter2",', source)).toBe(`  password="${F}",`);
    expect(scrubText('key = "AKIAIOSFODNN7EXAMPLE"', source)).toBe(`key = "${F}"`);
  });
});

it.each([
  ['4111111111111111', true],
  ['5555 5555 5555 4444', true],
  ['6011-0009-9013-9424', true],
  ['4111111111111112', false],
  ['1732276800000000', false],
  ['4444444444444444', false],
  ['41111', false],
])('%s is a card number: %s', (digits, expected) => {
  expect(isCardNumber(digits)).toBe(expected);
});

describe('no text takes long', () => {
  const parts = [
    'a',
    '=',
    ':',
    '"',
    "'",
    '\\',
    '/',
    '@',
    '.',
    '-',
    ' ',
    '1',
    '1 ',
    '1.',
    ':0',
    '://',
    'eyJ',
    'eyJ-',
    'eyJa.',
    'token=',
    'token:',
    '"token":',
    '"token":"',
    'password: ',
    'bearer ',
    'basic a',
    'a@',
    'a@b.',
    '-----BEGIN RSA PRIVATE KEY-----',
    'sk-',
    'xoxb-',
    '%5B',
    'token[',
    'AKIA',
    'AIza',
    '{"password":"\\',
  ];
  it.each(parts.map((part) => [part]))('%j repeated to 64 kB', (part) => {
    for (const text64 of [
      part.repeat(65_536 / part.length),
      `x${part.repeat(65_536 / part.length)}x`,
      `password=${part.repeat(60_000 / part.length)}`,
    ]) {
      const started = performance.now();
      scrubText(text64, all);
      expect(performance.now() - started).toBeLessThan(150);
    }
  });
});
