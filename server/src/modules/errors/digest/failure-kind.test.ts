import { expect, it } from 'vitest';
import { failureKind } from './failure-kind.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

it.each([
  [coded('SQLITE_BUSY'), 'busy'],
  [coded('SQLITE_BUSY_SNAPSHOT'), 'busy'],
  [coded('SQLITE_LOCKED_SHAREDCACHE'), 'busy'],
  [coded('40P01'), 'busy'],
  [coded('40001'), 'busy'],
  [coded('SQLITE_CONSTRAINT_NOTNULL'), 'poison'],
  [coded('SQLITE_TOOBIG'), 'poison'],
  [coded('22021'), 'poison'],
  [coded('23502'), 'poison'],
  [coded('54000'), 'poison'],
  [new TypeError('x is not a function'), 'poison'],
  [coded('SQLITE_FULL'), 'gone'],
  [coded('SQLITE_IOERR_WRITE'), 'gone'],
  [coded('SQLITE_ERROR'), 'gone'],
  [coded('SQLITE_CORRUPT'), 'gone'],
  [coded('42P01'), 'gone'],
  [coded('57P01'), 'gone'],
  [coded('ECONNREFUSED'), 'gone'],
  [coded('ENOSPC'), 'gone'],
  [new Error('Connection terminated unexpectedly'), 'gone'],
  [new TypeError('The database connection is not open'), 'gone'],
  ['nonsense', 'gone'],
])('%s', (error, kind) => {
  expect(failureKind(error)).toBe(kind);
});
