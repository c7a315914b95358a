import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { numberPlaceholders, openSqlite } from './sql.ts';

it('numbers placeholders outside of quoted text only', () => {
  expect(numberPlaceholders(`select '?' , "a?b", 'it''s ?' where a = ? and b = ?`)).toBe(
    `select '?' , "a?b", 'it''s ?' where a = $1 and b = $2`,
  );
});

eachDatabase((db) => {
  it('gives numbers for 64-bit integers and counts', async () => {
    const at = 1_795_000_000_123;
    await db().write.run(`insert into project (slug, name, settings, created_at) values (?, ?, ?, ?)`, ['a', 'A', '{}', at]);
    expect(await db().read.get('select created_at, (select count(*) from project) as n from project')).toEqual({
      created_at: at,
      n: 1,
    });
  });

  it('is asked for a text with NUL without harm', async () => {
    expect(await db().read.all('select slug from project where slug = ?', ['a\0b'])).toEqual([]);
  });

  it('rolls a failing transaction back and goes on', async () => {
    const insert = (slug: string) => `insert into project (slug, name, settings, created_at) values ('${slug}', 'x', '{}', 1)`;
    await expect(
      db().write.transaction(async (tx) => {
        await tx.run(insert('lost'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await db().write.transaction((tx) => tx.run(insert('kept')));
    expect(await db().read.all(`select slug from project where slug in ('lost', 'kept')`)).toEqual([{ slug: 'kept' }]);
  });

  it('lets the ORM write after another connection has committed between its read and its write', async () => {
    await db()
      .orm.em.fork()
      .transactional(async (em) => {
        const ctx = em.getTransactionContext();
        await em.getConnection().execute('select count(*) from project', [], 'all', ctx);
        await em.getConnection().execute(`update project set name = 'changed' where slug = 'a'`, [], 'run', ctx);
      });
    expect(await db().read.get(`select name from project where slug = 'a'`)).toEqual({ name: 'changed' });
  });
});

eachDatabase((db, dialect) => {
  it.runIf(dialect === 'sqlite')('writes with full durability on a reopened file', () => {
    const handle = openSqlite(db().config, 'write');
    expect(handle.pragma('synchronous', { simple: true })).toBe(2);
    expect(handle.pragma('journal_mode', { simple: true })).toBe('wal');
    handle.close();
  });
});
