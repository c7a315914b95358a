import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MikroORM, type Options } from '@mikro-orm/core';
import { Migration, Migrator } from '@mikro-orm/migrations';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { SqliteDriver } from '@mikro-orm/sqlite';
import { describe, expect, it } from 'vitest';
import { dialects, freshConfig } from '../../../test/databases.ts';
import { entities } from '../../entities.ts';
import { DsnKey } from '../../modules/projects/project.entity.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { migrate } from './migrate.ts';
import { migrations as postgresMigrations } from './migrations/postgres/list.ts';
import { migrations as sqliteMigrations } from './migrations/sqlite/list.ts';
import { openOrm } from './orm.ts';
import { openSql } from './sql.ts';

class AddParents extends Migration {
  override up(): void {
    this.addSql('create table parent (id integer primary key, name text null)');
    this.addSql(
      'create table child (id integer primary key, parent_id integer not null references parent (id) on delete cascade)',
    );
    this.addSql("insert into parent values (1, 'kept')");
    this.addSql('insert into child values (1, 1), (2, 1)');
  }
}

/** The shape the generator gives a SQLite column change: build anew, copy, drop, rename. */
class RebuildParent extends Migration {
  override up(): void {
    this.addSql('pragma foreign_keys = off');
    this.addSql('create table parent__temp (id integer primary key, name text not null)');
    this.addSql('insert into parent__temp select id, name from parent');
    this.addSql('drop table parent');
    this.addSql('alter table parent__temp rename to parent');
    this.addSql('pragma foreign_keys = on');
  }
}

class ChangeProjects extends Migration {
  override up(): void {
    this.addSql('alter table project add column note text null');
  }
}

describe('migrate', () => {
  it('keeps the children when a SQLite table is rebuilt', async () => {
    const { config, dispose } = await freshConfig('sqlite');
    const first = [...sqliteMigrations, { name: 'Z1', class: AddParents as never }];
    let orm = await openOrm(config, entities, first);
    await migrate(orm, config, silentLog, systemClock);
    await orm.close(true);
    orm = await openOrm(config, entities, [...first, { name: 'Z2', class: RebuildParent as never }]);
    expect(await migrate(orm, config, silentLog, systemClock)).toEqual(['Z2']);
    expect(await orm.em.getConnection().execute('select id from child')).toHaveLength(2);
    expect(await orm.em.getConnection().execute('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    await orm.close(true);
    await dispose();
  });

  it.each(dialects)('copies existing data before changing it, and applies nothing twice, on %s', async (dialect) => {
    const { config, dispose } = await freshConfig(dialect);
    const shipped = dialect === 'sqlite' ? sqliteMigrations : (postgresMigrations as unknown as typeof sqliteMigrations);
    let orm = await openOrm(config, entities, shipped);
    expect(await migrate(orm, config, silentLog, systemClock)).toEqual(shipped.map((m) => m.name));
    expect(await migrate(orm, config, silentLog, systemClock)).toEqual([]);
    await orm.em
      .getConnection()
      .execute("insert into project (slug, name, settings, created_at) values ('shop', 'Shop', '{}', 1)");
    await orm.close(true);

    orm = await openOrm(config, entities, [...shipped, { name: 'Z1', class: ChangeProjects as never }]);
    expect(await migrate(orm, config, silentLog, systemClock)).toEqual(['Z1']);
    if (dialect === 'sqlite') {
      expect(readdirSync(join(config.dataDir, 'backups'))).toHaveLength(1);
    } else {
      const sql = openSql(config, 'read');
      expect(await sql.all('select slug from errata_before_migration.project')).toEqual([{ slug: 'shop' }]);
      await sql.close();
    }
    await orm.close(true);
    await dispose();
  });

  it.each(dialects)('brings data of the first version to the present one, on %s', async (dialect) => {
    const { config, dispose } = await freshConfig(dialect);
    const shipped = dialect === 'sqlite' ? sqliteMigrations : (postgresMigrations as unknown as typeof sqliteMigrations);
    let orm = await openOrm(config, entities, shipped.slice(0, 1));
    await migrate(orm, config, silentLog, systemClock);
    const insert = async (sql: string) => void (await orm.em.getConnection().execute(sql));
    await insert("insert into project (slug, name, settings, created_at) values ('shop', 'Shop', '{}', 1)");
    await insert("insert into dsn_key (project_id, label, public_key, created_at) values (1, 'Default', 'ab', 1)");
    await orm.close(true);
    orm = await openOrm(config, entities, shipped);
    expect(await migrate(orm, config, silentLog, systemClock)).toEqual(shipped.slice(1).map((m) => m.name));
    expect(await orm.em.fork().findOneOrFail(DsnKey, { publicKey: 'ab' })).toMatchObject({ label: 'Default', quotas: [] });
    await orm.close(true);
    await dispose();
  });

  it.each(dialects)('has a migration for every change of the entities, on %s', async (dialect) => {
    const { config, dispose } = await freshConfig(dialect);
    const path = join(import.meta.dirname, 'migrations', dialect);
    const orm = await MikroORM.init({
      driver: dialect === 'sqlite' ? SqliteDriver : PostgreSqlDriver,
      ...(dialect === 'sqlite' ? { dbName: ':memory:' } : { clientUrl: config.databaseUrl }),
      entities,
      extensions: [Migrator],
      migrations: { path, pathTs: path, emit: 'ts', snapshot: true, snapshotName: 'snapshot' },
    } as unknown as Options);
    expect(await orm.migrator.checkSchema()).toBe(false);
    await orm.close(true);
    await dispose();
  });
});
