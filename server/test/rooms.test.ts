import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breaches, handWritten, readLaw, root, sources } from './rooms.ts';

const { law, doors } = readLaw();
const text = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the law of imports', () => {
  it.each(Object.keys(law))('is kept in %s', (base) => {
    const files = sources(base);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => breaches(law, base, file, text(file)))).toEqual([]);
  });

  it.each([
    ['a lower room importing a higher one', 'server/src/modules/access/x.ts', `import { a } from '../errors/y.ts';`],
    ['platform importing a room', 'server/src/platform/http/x.ts', `import { a } from '../../modules/access/actor.ts';`],
    [
      'more than types where only types are allowed',
      'server/src/modules/analysis/x.ts',
      `import { LEVELS } from '../detection/normalized-event.ts';`,
    ],
    ['a resolver of another room', 'server/src/modules/errors/x.ts', `import { R } from '../projects/project.resolver.ts';`],
    ['a room that is not listed', 'server/src/modules/fresh/x.ts', `import { a } from '../../platform/clock.ts';`],
    ['one feature importing another', 'web/src/features/errors/x.tsx', `import { a } from '../projects/y.tsx';`],
    ['a dynamic import', 'server/src/modules/access/x.ts', `const a = await import('../errors/y.ts');`],
  ])('catches %s', (_, file, planted) => {
    expect(breaches(law, file.startsWith('web') ? 'web/src' : 'server/src', file, planted)).toHaveLength(1);
  });
});

describe('single doors', () => {
  it.each(doors.map((door) => [door.what, door] as const))('%s', (_, door) => {
    const pattern = new RegExp(door.pattern);
    const code = (file: string) => text(file).replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
    const through = sources(door.in).filter(
      (file) => pattern.test(code(file)) && !door.only.some((allowed) => file.startsWith(allowed)),
    );
    expect(through).toEqual([]);
  });
});

describe('the shape of the source', () => {
  const files = ['.scripts', 'docker', 'e2e', 'schema', 'server', 'web'].flatMap(handWritten);
  it('has no barrels and no file that takes more than one sitting', () => {
    expect(files.length).toBeGreaterThan(1_000);
    expect(files.filter((file) => /\/index\.tsx?$/.test(file))).toEqual([]);
    expect(files.filter((file) => text(file).split('\n').length > 351)).toEqual([]);
  });
});
