/**
 * `npm run migrations [-- name]`: compares the entities with each dialect's snapshot and writes one migration for each
 * that differs (offline: SQLite in memory, PostgreSQL as PGlite). A migration that was shipped is never made anew.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MikroORM, type Options } from '@mikro-orm/core';
import { MigrationGenerator, Migrator } from '@mikro-orm/migrations';
import { PgliteDriver } from '@mikro-orm/pglite';
import { SqliteDriver } from '@mikro-orm/sqlite';
import { entities } from '../src/entities.ts';

const folder = join(import.meta.dirname, '../src/platform/db/migrations');

/** Composite-key tables without a rowid on SQLite: half the pages, one tree instead of two. */
const WITHOUT_ROWID = [
  'error_tag',
  'error_user',
  'error_hour',
  'project_minute',
  'project_hour',
  'ingest_outcome',
  'grouping',
  'release',
  'environment',
  'project_member',
  'release_hour',
  'release_day',
  'release_user',
  'release_session',
];

class TypeScriptGenerator extends MigrationGenerator {
  generateMigrationFile(className: string, diff: { up: string[]; down: string[] }): string {
    const statements = diff.up.filter(Boolean).map((sql) => {
      const table = /^create table `(\w+)`/.exec(sql)?.[1];
      return this.createStatement(
        table !== undefined && WITHOUT_ROWID.includes(table) ? sql.replace(/;$/, ' without rowid;') : sql,
        4,
      );
    });
    return `import { Migration } from '@mikro-orm/migrations';\n\nexport class ${className} extends Migration {\n  override up(): void {\n${statements.join('')}  }\n}\n`;
  }
}

const name = process.argv.slice(2).find((arg) => !arg.startsWith('--'));
for (const [dialect, driver, dbName] of [
  ['sqlite', SqliteDriver, ':memory:'],
  ['postgres', PgliteDriver, 'memory://'],
] as const) {
  const path = join(folder, dialect);
  const orm = await MikroORM.init({
    driver,
    dbName,
    entities,
    extensions: [Migrator],
    migrations: { path, pathTs: path, emit: 'ts', snapshot: true, snapshotName: 'snapshot', generator: TypeScriptGenerator },
  } as unknown as Options);
  const result = await orm.migrator.create(path, false, false, name);
  await orm.close(true);
  console.log(`${dialect}: ${result.fileName || 'nothing to change'}`);
  const files = readdirSync(path)
    .filter((file) => /^Migration.*\.ts$/.test(file))
    .sort();
  const names = files.map((file) => file.replace(/\.ts$/, ''));
  writeFileSync(
    join(path, 'list.ts'),
    `${names.map((n) => `import { ${n} } from './${n}.ts';`).join('\n')}\n\n/** In order; applied at start. */\nexport const migrations = [\n${names.map((n) => `  { name: '${n}', class: ${n} },`).join('\n')}\n];\n`,
  );
}
