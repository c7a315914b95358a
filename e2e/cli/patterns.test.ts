import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAUNCHER, lines, run } from './errata.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'errata-patterns-'));
const errata = (args: string[], input?: string) =>
  run(args, { env: { ERRATA_DATA_DIR: dataDir }, ...(input === undefined ? {} : { input }) });

beforeAll(async () => {
  await errata(['project', 'create', 'Shop']);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('errata pattern', () => {
  it('take what another command writes, whenever it does', () => {
    const errata = `"${process.execPath}" "${LAUNCHER}"`;
    const pipe = `${errata} pattern library redis | ${errata} pattern import --project shop --dry-run --json`;
    const printed = execFileSync('sh', ['-c', pipe], { env: { PATH: process.env['PATH'], ERRATA_DATA_DIR: dataDir } });
    expect(lines(printed.toString())).toHaveLength(1);
  }, 20_000);

  it('copies from the library to a project and back out', async () => {
    const library = await errata(['pattern', 'library', 'postgresql', 'node-oom']);
    const dry = await errata(['pattern', 'import', '--project', 'shop', '--dry-run', '--json'], library.stdout);
    expect(lines(dry.stdout)).toMatchObject([{ action: 'add' }, { action: 'add', name: 'Node.js: heap out of memory' }]);
    expect((await errata(['pattern', 'export', '--project', 'shop'])).stdout).toContain('patterns: []');
    expect((await errata(['pattern', 'import', '--project', 'shop'], library.stdout)).code).toBe(0);
    expect((await errata(['pattern', 'export', '--project', 'shop'])).stdout).toBe(library.stdout);
    const listed = await errata(['pattern', 'list', '--project', 'shop', '--json']);
    expect(lines(listed.stdout)).toMatchObject([{ position: 1, name: 'PostgreSQL: errors', level: 'error' }, { position: 2 }]);
    const tried = await errata(
      ['pattern', 'test', '--project', 'shop', '--json'],
      'x\nERROR:  no such table\nSTATEMENT:  select 1\n',
    );
    expect(lines(tried.stdout)).toMatchObject([
      { line: 2, lines: 2, pattern: 'PostgreSQL: errors', fields: { message: 'no such table' } },
    ]);
  });

  it('tries an expression on what comes in', async () => {
    const args = ['pattern', 'test', '--pattern', '^%{IP:client} %{WORD:verb}', '--continue', 'indented'];
    const hit = await errata(args, '10.0.0.1 GET\n  more\nnothing\n');
    expect(hit).toMatchObject({ code: 0, stderr: '1 of 3 lines start a hit\n' });
    expect(hit.stdout).toBe('1 (2 lines)  error  pattern\n    10.0.0.1 GET\n    client = 10.0.0.1\n    verb = GET\n');
    expect((await errata(args, 'nothing\n')).code).toBe(1);
  });

  it('points at what is wrong', async () => {
    const expression = await errata(['pattern', 'test', '--pattern', 'a(b'], '');
    expect(expression).toMatchObject({ code: 2, stdout: '', stderr: 'errata: pattern: This ( is never closed.\n  a(b\n   ^\n' });
    const yaml = await errata(
      ['pattern', 'import', '--project', 'shop'],
      'patterns:\n  - name: a\n    grok: "("\n    colour: red\n',
    );
    expect(yaml.code).toBe(2);
    expect(yaml.stderr).toContain('standard input:4:5: "colour" is not known here');
    expect((await errata(['pattern', 'list', '--project', 'nope'])).code).toBe(4);
    expect((await errata(['pattern', 'test'], 'x')).code).toBe(2);
    expect((await errata(['pattern', 'test', '--library', 'nope'], 'x')).code).toBe(2);
  });
});
