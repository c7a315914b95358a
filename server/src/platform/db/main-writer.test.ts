import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { openMainWriter } from './main-writer.ts';
import type { Sql } from './sql.ts';

const INSERT = `insert into project (slug, name, settings, created_at) values (?, ?, '{}', 1)`;

eachDatabase((db) => {
  describe('the writer beside the ORM', () => {
    let writer: Sql;
    beforeAll(async () => {
      writer = await openMainWriter(db().orm, db().config);
    });
    afterAll(() => writer.close());

    const insert = (tx: Sql, slug: string) => tx.run(INSERT, [slug, slug]);
    const slugs = async () =>
      (await db().read.all<{ slug: string }>('select slug from project order by slug')).map((row) => row.slug);

    it('takes turns with transactions of the ORM, also when both wait in the middle', async () => {
      const pause = () => new Promise((resolve) => setImmediate(resolve));
      const viaOrm = (slug: string) =>
        db()
          .orm.em.fork()
          .transactional(async (em) => {
            const connection = em.getConnection() as AbstractSqlConnection;
            await connection.execute(INSERT, [slug, slug], 'run', em.getTransactionContext());
            await pause();
          });
      const viaSql = (slug: string) =>
        writer.transaction(async (tx) => {
          await insert(tx, slug);
          await pause();
        });
      await Promise.all([
        viaOrm('a'),
        viaSql('b'),
        viaOrm('c'),
        viaSql('d'),
        writer.run(`update project set name = 'x' where slug = 'none'`),
      ]);
      expect(await slugs()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('undoes everything when the work rejects', async () => {
      const failing = writer.transaction(async (tx) => {
        await insert(tx, 'lost');
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await slugs()).not.toContain('lost');
    });
  });
});
