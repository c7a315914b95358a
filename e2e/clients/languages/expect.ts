import { deepStrictEqual, match, ok } from 'node:assert';

/** The few assertions of the checks here, which are no tests of vitest: they run beside a server that stays for all. */
export function expect(actual: unknown) {
  return {
    toBe: (expected: unknown) => deepStrictEqual(actual, expected),
    toEqual: (expected: unknown) => deepStrictEqual(actual, expected),
    toMatch: (pattern: RegExp) => match(String(actual), pattern),
    toContain: (part: unknown) =>
      ok((actual as unknown[]).includes(part), `${JSON.stringify(actual)} lacks ${JSON.stringify(part)}`),
    /** Fields that are named are so; others may be there. */
    toMatchObject: (expected: object) => deepStrictEqual(shaped(actual, expected), expected),
  };
}

function shaped(actual: unknown, like: unknown): unknown {
  if (typeof like !== 'object' || like === null || typeof actual !== 'object' || actual === null) return actual;
  if (Array.isArray(like)) return Array.isArray(actual) ? actual.map((one, i) => shaped(one, like[i])) : actual;
  const fields = actual as Record<string, unknown>;
  return Object.fromEntries(Object.entries(like).map(([name, value]) => [name, shaped(fields[name], value)]));
}
