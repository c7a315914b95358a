import { fullDefinition, type PatternDefinition } from '../src/modules/analysis/patterns/definition.ts';

/** A pattern of which only the given matters. */
export function aPattern(given: Partial<PatternDefinition> & { expression: string }): PatternDefinition {
  return fullDefinition({ id: '1', name: 'p', ...given });
}
