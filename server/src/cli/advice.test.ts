import { describe, expect, it } from 'vitest';
import { adviceFor } from './advice.ts';

const SQLITE = { host: '127.0.0.1', port: 4000, dataDir: '/var/lib/errata', databaseUrl: undefined };
const POSTGRES = { ...SQLITE, databaseUrl: 'postgres://ada:s3cret@db.test:5433/errors' };
const fault = (fields: Record<string, unknown>) => Object.assign(new Error(String(fields['message'] ?? 'no')), fields);

describe('what a fault of the surroundings means', () => {
  it.each([
    [{ code: 'EADDRINUSE', syscall: 'listen' }, /port 4000 .* taken/, /--port/],
    [{ code: 'EACCES', syscall: 'listen' }, /may not open port 4000/, /above 1023/],
    [{ code: 'EADDRNOTAVAIL', syscall: 'listen' }, /no address 127\.0\.0\.1/, /HOST/],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: '127.0.0.1' }, /HOST/, /0\.0\.0\.0/],
    [{ code: 'EACCES', path: '/var/lib/errata/ingest-log' }, /user ".+" may not write/, /chown/],
    [{ code: 'EACCES', path: '/var/lib' }, /\/var\/lib: /, /chown/],
    [{ code: 'EROFS', path: '/var/lib/errata' }, /read-only/, /ERRATA_DATA_DIR/],
    [{ code: 'EEXIST', path: '/var/lib/errata' }, /not a directory/, /ERRATA_DATA_DIR/],
    [{ code: 'ENOENT', path: '/var/lib/errata/ingest-log' }, /cannot be made/, /leads nowhere/],
    [{ code: 'ENOSPC' }, /full/, /make room/],
    [{ code: 'SQLITE_FULL' }, /full/, /make room/],
    [{ code: 'SQLITE_CANTOPEN' }, /cannot write the database/, /chown/],
    [{ code: 'SQLITE_READONLY_DIRECTORY' }, /cannot write the database/, /chown/],
    [{ code: 'SQLITE_NOTADB' }, /errata\.db is damaged/, /backup/],
    [{ code: 'SQLITE_IOERR_WRITE' }, /errata\.db: no/, /disk/],
  ])('%j', (fields, detail, advice) => {
    const found = adviceFor(fault(fields), SQLITE);
    expect(found?.detail).toMatch(detail);
    expect(found?.advice).toMatch(advice);
  });

  it.each([
    [{ code: 'ECONNREFUSED' }, /db\.test:5433 cannot be reached/, /DATABASE_URL/],
    [{ message: '', errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }] }, /cannot be reached/, /DATABASE_URL/],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'db.test' }, /cannot be reached/, /DATABASE_URL/],
    [{ code: '28P01' }, /does not let "ada" in/, /%40/],
    [{ message: 'SASL: client password must be a string' }, /no password/, /%40/],
    [{ code: '3D000' }, /no database "errors"/, /createdb -O ada errors/],
    [{ code: '42501' }, /"ada" may not make tables/, /owner to "ada"/],
    [{ code: '53300' }, /no connection left/, /max_connections/],
    [{ code: 'EADDRINUSE', syscall: 'listen' }, /taken/, /PORT/],
  ])('%j with PostgreSQL', (fields, detail, advice) => {
    const found = adviceFor(fault(fields), POSTGRES);
    expect(found?.detail).toMatch(detail);
    expect(found?.advice).toMatch(advice);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it('looks behind an error that wraps another', () => {
    expect(adviceFor(new Error('wrapped', { cause: fault({ code: '3D000' }) }), POSTGRES)?.detail).toMatch(/no database/);
  });

  it.each([[new Error('ours')], [fault({ code: 'EACCES', path: '/etc/hosts' })], ['text'], [undefined]])('%s: none', (error) => {
    expect(adviceFor(error, SQLITE)).toBeUndefined();
  });
});
