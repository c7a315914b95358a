import { describe, expect, it } from 'vitest';
import { aPattern } from '../../../../test/patterns.ts';
import { compilePatterns, NO_PATTERNS } from './compile.ts';

describe('a set of patterns', () => {
  const definitions = [
    aPattern({ id: 'i', name: 'noise', expression: 'health check failed', level: 'ignore' }),
    aPattern({ id: 'off', name: 'off', expression: 'failed', enabled: false }),
    aPattern({ id: 'broken', name: 'broken', expression: '(' }),
    aPattern({
      id: 'b',
      name: 'billing',
      expression: '^%{LOGLEVEL:level} billing: %{GREEDYDATA:message}',
      level: 'warning',
      levelField: 'level',
      category: 'billing',
      tags: { team: 'payments' },
    }),
    aPattern({ id: 'c', name: 'any failure', expression: 'FAILED', ignoreCase: true }),
  ];
  const matcher = compilePatterns(definitions);

  it('answers the first that matches; what is off or broken is not in it', () => {
    expect(matcher.size).toBe(3);
    expect(matcher.start('nothing here')).toBeUndefined();
    expect(matcher.start('the health check failed again')?.pattern).toMatchObject({ id: 'i', level: 'ignore' });
    expect(matcher.start('it failed')?.pattern.id).toBe('c');
    expect(compilePatterns([])).toBe(NO_PATTERNS);
  });

  it('takes the level from its field, and the fixed one when that says none', () => {
    expect(matcher.start('FATAL billing: no card')?.pattern).toMatchObject({ level: 'fatal', category: 'billing' });
    const odd = compilePatterns([aPattern({ expression: '^%{WORD:l} x', levelField: 'l', level: 'warning' })]);
    expect(odd.start('hello x')?.pattern.level).toBe('warning');
  });
});
