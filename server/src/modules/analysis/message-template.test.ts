import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterize } from './message-template.ts';

describe('parameterize', () => {
  it.each([
    // numbers: ids go, codes stay
    ['user 4711 not found', 'user <int> not found'],
    ['balance is -12.50', 'balance is <float>'],
    ['1,234,567 rows', '<int> rows'],
    ['HTTP 404 Not Found', 'HTTP 404 Not Found'],
    ['HTTP/1.1 503 for order 48213', 'HTTP/<float> 503 for order <int>'],
    ['Request failed with status code 500', 'Request failed with status code 500'],
    ['Error 1045 (28000): Access denied', 'Error 1045 (<int>): Access denied'],
    ['Error: 17502 items left', 'Error: <int> items left'],
    ['SQLSTATE[42S02]: Base table', 'SQLSTATE[42S02]: Base table'],
    ['ORA-00942: table or view', 'ORA-00942: table or view'],
    ['error TS2345 in 3 files', 'error TS2345 in <int> files'],
    ['got 5xx, 2nd try', 'got 5xx, 2nd try'],
    // words with digits: names stay, counters go
    ["'utf-8' codec, sha256, base64, s3, x86", "'utf-8' codec, sha256, base64, s3, x86"],
    ['job_42 of worker-3 for user12345', 'job_<int> of worker-<int> for user<int>'],
    // what a developer wrote stays
    ["Cannot read properties of undefined (reading 'x')", "Cannot read properties of undefined (reading 'x')"],
    ['deadbee cafe False Option::unwrap()', 'deadbee cafe False Option::unwrap()'],
    ['Order {OrderId} failed', 'Order {OrderId} failed'],
    ['read/write and/or text/html', 'read/write and/or text/html'],
    // identifiers
    ['order 3f2b8c1e-7c1e-4f6b-9f3e-1a2b3c4d5e6f gone', 'order <uuid> gone'],
    ['commit 9f51007cd28df267e8e051b51f9181a2', 'commit <hex>'],
    ['at 0x7ffee4b2', 'at <hex>'],
    ['token a1B2c3D4e5F6g7', 'token <id>'],
    ['bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.x-Y_z refused', 'bearer <id> refused'],
    ['pod cart-6c5d8f7b9-k2xqz died', 'pod cart-<hex>-<id> died'],
    ['pod cart-x7k2b5d9z-bcdfg died', 'pod cart-<id>-<id> died'],
    ['host db-7f9c.lan, db-11ab.lan', 'host db-<hex>.lan, db-<hex>.lan'],
    ['face1 and add2 stay', 'face1 and add2 stay'],
    // network
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <ip>'],
    ['::ffff:192.168.1.1 and fe80::1/64', '<ip> and <ip>'],
    ['GET https://shop.test/a?b=c failed', 'GET <url> failed'],
    ['tcp://db.internal:5432 refused', '<url> refused'],
    ['NIC 00:1B:44:11:3A:b7 or c8-22-fb-9a-01-0e', 'NIC <mac> or <mac>'],
    ['mail to ann.o+x@shop.test bounced', 'mail to <email> bounced'],
    ['GET /api/users/12/orders', 'GET /api/users/<int>/orders'],
    // files
    ["ENOENT, open '/data/run-7/a.json'", "ENOENT, open '<path>'"],
    ['C:\\Users\\ann\\x.txt is locked', '<path> is locked'],
    ['in src/app/x.py: bad', 'in <path>: bad'],
    ['x.js:12:15 threw', 'x.js:<int>:<int> threw'],
    // time
    ['on 2026-11-22T17:40:00.123Z', 'on <date>'],
    ['on Mon, 02 Jan 2006 15:04:05 MST', 'on <date>'],
    ['on Mon Jan 02 2006 14:04:05 GMT-0800 (Pacific Standard Time)', 'on <date>'],
    ['at 11:21PM or Jan 18, 2019', 'at <date> or <date>'],
    ['took 5000ms or 0.100s', 'took <duration> or <duration>'],
    // sizes, versions, flags, printed values
    ['needs 512MB, has 1.5GiB', 'needs <size>, has <size>'],
    ['node v18.17.0 is too old', 'node <version> is too old'],
    ['a=true', 'a=<bool>'],
    ['expected { a: 1, b: { c: 2 } } to equal [1, 2, 3]', 'expected {…} to equal […]'],
    ['ids 1, 2, 3', 'ids <int>'],
    ['two\n  lines', 'two lines'],
  ])('%s', (message, template) => {
    expect(parameterize(message)).toBe(template);
    expect(parameterize(template)).toBe(template);
  });

  it('is bounded and total for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ maxLength: 300 })), (text) => {
        const once = parameterize(text);
        expect(once.length).toBeLessThanOrEqual(400);
        expect(parameterize(text)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it('takes linear time on text made to be slow', () => {
    const before = process.cpuUsage().user;
    for (const part of [
      '{',
      '[',
      '1.',
      'a:',
      '/a',
      '0',
      'a1',
      '@a.',
      '12:',
      '::',
      'Jan ',
      'a/',
      '<',
      '0x',
      'a@',
      '-1',
      '\\\\a\\',
      '"\'',
    ])
      parameterize(part.repeat(50_000));
    expect(process.cpuUsage().user - before).toBeLessThan(500_000);
  });
});
