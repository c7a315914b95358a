import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { program } from '../src/cli/program.ts';
import { PERMISSIONS, ROLES } from '../src/modules/access/permissions.ts';
import { CATALOGUE } from '../src/platform/errors.ts';
import { LIMITS } from '../src/platform/graphql/limits.ts';
import { root } from './rooms.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((file) =>
  file.endsWith('.md'),
);

/** The blocks of code of one language on a page. */
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

describe('the manual', () => {
  it('names every environment variable the server and the command line read, and no other', () => {
    const source = read('server/src/platform/config.ts');
    const declared = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): v\./gm)].map(([, name]) => name!);
    const forClients = [...source.matchAll(/process\.env\['([A-Z_]+)'\]/g)].map(([, name]) => name!);
    expect(declared.length).toBeGreaterThan(10);
    const page = read('docs/administer.md');
    const documented = [...page.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map(([, name]) => name!);
    expect(documented.sort()).toEqual(declared.sort());
    expect(forClients.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every command, and no other', () => {
    const page = read('docs/cli.md');
    const documented = [...page.matchAll(/^\| `errata ([a-z]+)(?: ([a-z-]+))?`((?:, `[a-z-]+`)*) \|/gm)].flatMap(
      ([, command, first, more]) =>
        first === undefined
          ? [command!]
          : [first, ...more!.matchAll(/`([a-z-]+)`/g)].map((sub) => `${command} ${typeof sub === 'string' ? sub : sub[1]}`),
    );
    const declared = program.commands.flatMap((command) =>
      command.commands.length === 0 ? [command.name()] : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
    );
    expect(documented.sort()).toEqual(declared.sort());
  });

  it('says the defaults that are', () => {
    const source = read('server/src/platform/config.ts');
    const page = read('docs/administer.md');
    const defaults = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): v\..*, '([^']+)'\),$/gm)].map(
      ([, name, value]) => [name!, value!] as const,
    );
    expect(defaults.length).toBeGreaterThan(4);
    for (const [name, value] of defaults) expect(page).toContain(`| \`${name}\` | \`${value}\` |`);
  });

  it('names every error code, with its status', () => {
    const page = read('docs/errors.md');
    for (const [code, { status }] of Object.entries(CATALOGUE)) expect(page).toContain(`| \`${code}\` | ${status} |`);
  });

  it('names every refusal', () => {
    const page = read('docs/errors.md');
    const files = readdirSync(join(root, 'server/src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    const codes = new Set(
      files.flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/(?:Validation|Conflict)Refusal\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!),
      ),
    );
    expect(codes.size).toBeGreaterThan(20);
    expect([...codes].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('names every metric', () => {
    const page = read('docs/administer.md');
    const files = readdirSync(join(root, 'server/src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    const names = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/gauges\.(?:gauge|total|counter|histogram)\(\s*'([a-z0-9_]+)'/g)].map(
        ([, name]) => name!,
      ),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !new RegExp(`\`${name}[{\`]`).test(page))).toEqual([]);
  });

  it('names every reason for which something sent is not kept', () => {
    const source = read('server/src/modules/detection/protocols/refusal.ts');
    const reasons = new Set([...source.matchAll(/new IngestRefusal\(\d+, '([a-z_]+)'/g)].map(([, reason]) => reason!));
    reasons.delete('method'); // refused before there is anything to count
    expect(reasons.size).toBeGreaterThan(8);
    const page = read('docs/protocol.md');
    expect([...reasons].filter((reason) => !page.includes(`\`${reason}\``))).toEqual([]);
  });

  it('has the table of permissions', () => {
    const page = read('docs/security.md');
    const rows = [...page.matchAll(/^\| (`[a-z]+:[a-z]+`(?:, `[a-z]+:[a-z]+`)*) \|(.*)\|$/gm)];
    const documented: Record<string, string[]> = {};
    for (const [, names, marks] of rows) {
      const held = marks!.split('|').map((mark) => mark.trim() === '✓');
      for (const [, permission] of names!.matchAll(/`([^`]+)`/g)) documented[permission!] = ROLES.filter((_, i) => held[i]);
    }
    expect(documented).toEqual(PERMISSIONS);
  });

  it('says the limits of GraphQL that are', () => {
    const page = read('docs/api.md');
    for (const limit of [
      LIMITS.documentLength,
      LIMITS.tokens,
      LIMITS.depth,
      LIMITS.introspectionDepth,
      LIMITS.rootFields,
      LIMITS.fields,
      LIMITS.cost,
      LIMITS.first,
    ])
      expect(page).toContain(limit.toLocaleString('en'));
  });

  it('has a reference of the API that is up to date', () => {
    expect(() =>
      execFileSync(process.execPath, [join(root, '.scripts/api-reference.mjs'), '--check'], { stdio: 'pipe' }),
    ).not.toThrow();
  });

  it('asks the API for what there is', () => {
    const schema = buildSchema(read('schema/schema.graphql'));
    const documents = pages.flatMap((page) => blocks(page, 'graphql').map((text) => [page, text] as const));
    expect(documents.length).toBeGreaterThan(5);
    for (const [page, text] of documents) expect([page, ...validate(schema, parse(text)).map(String)]).toEqual([page]);
  });

  it('calls commands with options that they have', () => {
    const calls = pages.flatMap((page) =>
      blocks(page, 'sh').flatMap((text) =>
        [...text.matchAll(/(?:^|[\s$(])(?<!exec |exec -it )errata (?!errata)([a-z][^\n|&<>#]*)/gm)].map(([, call]) =>
          call!.trim().split(/\s+/),
        ),
      ),
    );
    expect(calls.length).toBeGreaterThan(30);
    const wrong = calls.filter(([name, second, ...more]) => {
      const command = program.commands.find((one) => one.name() === name);
      if (command === undefined) return true;
      const inner = command.commands.find((one) => one.name() === second);
      if (command.commands.length > 0 && inner === undefined) return true;
      const own = [second, ...more].join(' ').split(/ -- /)[0]!; // behind it stands somebody else's command
      const known = new Set((inner ?? command).options.map(({ long }) => long));
      return [...own.matchAll(/(?<=\s|^)--[a-z][a-z-]*/g)].some(([option]) => !known.has(option));
    });
    expect(wrong.map((call) => call.join(' '))).toEqual([]);
  });

  it('is short at its front door', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(150);
  });

  it.each(pages)('%s links to what is there', (page) => {
    const text = read(page);
    const dead = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#([^)]+))?\)/g)].filter(([, file, anchor]) => {
      const path = join(root, dirname(page), file!);
      if (!existsSync(path)) return true;
      if (anchor === undefined) return false;
      const anchors = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
      );
      return !anchors.includes(anchor);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });
});
