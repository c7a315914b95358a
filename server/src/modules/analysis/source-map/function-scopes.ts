import { ScopeReader } from './scope-reader.ts';
import type { Fn } from './script-words.ts';

/** Names of functions by place. */
export interface FunctionScopes {
  /** Name of the innermost function around an offset, `<anonymous>` for one without; undefined outside of all. */
  at(offset: number): string | undefined;
}

/** Longer texts are not read: generated code, data. */
const MAX_LENGTH = 2_000_000;

/** Reads a text once. Never throws; linear in its length. */
export function functionScopes(text: string): FunctionScopes {
  if (text.length > MAX_LENGTH) return { at: () => undefined };
  const functions = new ScopeReader(text).read().sort((a, b) => a.start - b.start);
  return {
    at(offset) {
      let found: Fn | undefined;
      for (const fn of functions) {
        if (fn.start > offset) break;
        // Of two that begin at one place the shorter is inside.
        if (offset < fn.end && (found === undefined || fn.start > found.start || fn.end <= found.end)) found = fn;
      }
      return found?.name;
    },
  };
}
