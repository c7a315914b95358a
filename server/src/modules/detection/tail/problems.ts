import type { LogProblem } from './tail-status.ts';

const MAX = 200;

/** What stands in the way of a source, each thing once. */
export class Problems {
  readonly #known = new Map<string, LogProblem>();

  get all(): LogProblem[] {
    return [...this.#known.values()];
  }

  add(code: string, path: string | null, message: string): void {
    if (this.#known.size < MAX) this.#known.set(path === null ? code : `${code} ${path}`, { code, message, path });
  }

  clear(...codes: readonly string[]): void {
    for (const [key, { code }] of this.#known) if (codes.includes(code)) this.#known.delete(key);
  }
}
