import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PATTERN_LIMITS } from './definition.ts';
import { GROK_LIBRARY } from './grok-library.ts';
import { PATTERN_LIBRARY } from './library/library.ts';
import { readPatternsYaml } from './pattern-yaml.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/patterns.md'), 'utf8');

it('the page on patterns names the whole library, every piece of grok and the limits', () => {
  const keys = [...page.matchAll(/^\| `([a-z0-9-]+)` \| /gm)].map(([, key]) => key);
  expect(keys).toEqual(PATTERN_LIBRARY.map(({ key }) => key));
  expect(Object.keys(GROK_LIBRARY).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  for (const limit of ['expression', 'program', 'line', 'patterns', 'maxLines'] as const)
    expect(page).toContain(PATTERN_LIMITS[limit].toLocaleString('en'));
});

it('its YAML is valid', () => {
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page)!;
  const { definitions, faults } = readPatternsYaml(yaml!);
  expect(faults).toEqual([]);
  expect(definitions).toHaveLength(2);
});
