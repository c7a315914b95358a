import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { cartMap, encodeMappings } from '../../test/source-maps.ts';
import { openSourceMap } from '../modules/analysis/source-map/source-map.ts';
import { bundleOf, scriptsBelow } from './sourcemaps-files.ts';
import { injectDebugId } from './sourcemaps-inject.ts';

const place = (map: string, line: number, column: number) => {
  const found = openSourceMap(map).originalOf(line, column);
  return found && `${found.source.path}:${found.line}:${found.column}`;
};

describe('debug ids', () => {
  it.each([
    ['a plain script', '(()=>{})();\n//# sourceMappingURL=app.js.map\n', 0],
    ['one in strict mode', '"use strict";(()=>{})();', 0],
    ['one for a shell', '#!/usr/bin/env node\nfoo();', 1],
  ])('go into %s, and its map stays in step', (_, script, line) => {
    const map = cartMap({}, line);
    const made = injectDebugId(script, map);
    expect(made.debugId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made.script.trimEnd().endsWith(`//# debugId=${made.debugId}`)).toBe(true);
    expect(JSON.parse(made.map!)).toMatchObject({ debug_id: made.debugId, debugId: made.debugId });
    expect(place(made.map!, line + 2, 101)).toBe(place(map, line + 1, 101));
    expect(place(made.map!, line + 1, 101)).toBeUndefined();
    expect(made.script.split('\n')[line + 1]).toBe(script.split('\n')[line]);
    if (script.startsWith('#!')) expect(made.script.startsWith('#!/usr/bin/env node\n')).toBe(true);
    if (script.startsWith('"use strict"')) expect(made.script.startsWith('"use strict";!function')).toBe(true);
    // Once is enough.
    expect(injectDebugId(made.script, made.map)).toEqual(made);
    expect(injectDebugId(script, map)).toEqual(made);
  });

  it('tell the SDK at run time', () => {
    const { script, debugId } = injectDebugId('globalThis.ran = true;', undefined);
    const context = vm.createContext({});
    vm.runInContext('globalThis.Error = Error', context);
    vm.runInContext(script, context, { filename: 'https://shop.test/app.js' });
    expect(context['ran']).toBe(true);
    const [[stack, id]] = Object.entries(context['_sentryDebugIds'] as Record<string, string>) as [[string, string]];
    expect(id).toBe(debugId);
    expect(stack).toContain('https://shop.test/app.js:1');
  });

  it('move the sections of an index map', () => {
    const part = (source: string) => ({
      version: 3,
      sources: [source],
      names: [],
      mappings: encodeMappings([[[0, 0, 0, 0]], [[0, 0, 5, 0]]]),
    });
    const map = JSON.stringify({
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: part('a.ts') },
        { offset: { line: 2, column: 0 }, map: part('b.ts') },
      ],
    });
    for (const script of ['a();\nb();\nc();\nd();', '#!/bin/x\nb();\nc();\nd();']) {
      const made = injectDebugId(script, map);
      const first = script.startsWith('#!') ? 2 : 1;
      for (let line = first; line <= 4; line++) expect(place(made.map!, line + 1, 1)).toBe(place(map, line, 1));
    }
  });
});

describe('an upload', () => {
  it('holds scripts, their maps and the sources these lack', () => {
    const directory = mkdtempSync(join(tmpdir(), 'errata-maps-'));
    try {
      writeFileSync(join(directory, 'a.js'), 'x();\n//# sourceMappingURL=a.js.map\n');
      writeFileSync(
        join(directory, 'a.js.map'),
        JSON.stringify({ version: 3, sources: ['a.ts', 'gone.ts'], names: [], mappings: 'AAAA' }),
      );
      writeFileSync(join(directory, 'a.ts'), 'source of a');
      writeFileSync(join(directory, 'b.js'), 'y();');
      const scripts = scriptsBelow(directory);
      expect(scripts.map((script) => [script.name, script.mapPath !== undefined])).toEqual([
        ['a.js', true],
        ['b.js', false],
      ]);
      const options = { prefix: '~/static/', release: '1', dist: undefined, project: 'shop' };
      const { archive, listing } = bundleOf(scripts, options);
      expect(listing.map(({ file, kind, note }) => [file, kind, note])).toEqual([
        ['~/static/a.js', 'script', 'no debug id: found by release only'],
        ['~/static/a.js.map', 'map', '1 of 2 sources not in it'],
        ['~/static/b.js', 'script', 'no source map'],
      ]);
      expect(bundleOf(scripts, options).archive).toEqual(archive);
      expect(readFileSync(join(directory, 'a.js.map'), 'utf8')).not.toContain('source of a');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
