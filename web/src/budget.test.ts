import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** What the first page may cost before it draws, in kB of gzip; the charts come later, in a chunk of their own. */
const BUDGET_KB = 350;
const dist = `${import.meta.dirname}/../dist/`;

test.skipIf(!existsSync(`${dist}index.html`))('what is loaded before the first page stays within its budget', () => {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((path) => path.includes('echarts'))).toEqual([]);
  const kb = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(dist + path)).length / 1000, 0);
  expect(Math.round(kb)).toBeLessThanOrEqual(BUDGET_KB);
});
