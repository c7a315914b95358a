/** A step into a JSON value: a key or an index. */
export type JsonPath = readonly (string | number)[];

/** Whether a value has something inside. */
export function isBranch(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null;
}

/** The children of a branch in their order. */
export function childrenOf(value: Record<string, unknown> | unknown[]): [string | number, unknown][] {
  return Array.isArray(value) ? value.map((each, index) => [index, each]) : Object.entries(value);
}

/** One text for a path, to keep in sets; `parentOf` style prefixes work on it. */
export function pathKey(path: JsonPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `#${step}` : `.${step.replaceAll(/[\\.#]/g, (special) => `\\${special}`)}`))
    .join('');
}

/** The path as a programmer writes it: `$.contexts["a b"][0]`. */
export function pathText(path: JsonPath): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('')}`;
}

/** How a leaf is written. */
export function leafText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * Paths of keys and leaves that hold the text (in any case), in the order shown, at most `limit`. Walks without recursion,
 * so that deep nesting cannot break it.
 */
export function searchJson(root: unknown, text: string, limit = 500): JsonPath[] {
  const wanted = text.toLowerCase();
  if (wanted === '') return [];
  const found: JsonPath[] = [];
  const open: { value: unknown; path: JsonPath }[] = [{ value: root, path: [] }];
  while (open.length > 0 && found.length < limit) {
    const { value, path } = open.pop()!;
    const key = path.at(-1);
    const inKey = typeof key === 'string' && key.toLowerCase().includes(wanted);
    if (isBranch(value)) {
      if (inKey) found.push(path);
      for (const [step, child] of childrenOf(value).toReversed()) open.push({ value: child, path: [...path, step] });
    } else if (inKey || leafText(value).toLowerCase().includes(wanted)) found.push(path);
  }
  return found;
}

/** Keys of every branch above the given paths: what must be open for them to be seen. */
export function branchesAbove(paths: readonly JsonPath[]): Set<string> {
  const keys = new Set<string>();
  for (const path of paths) for (let length = 0; length < path.length; length++) keys.add(pathKey(path.slice(0, length)));
  return keys;
}

/** Keys of the branches down to a depth (0: only the root), at most `limit` of them. */
export function branchesTo(root: unknown, depth: number, limit = 2_000): Set<string> {
  const keys = new Set<string>();
  const open: { value: unknown; path: JsonPath }[] = [{ value: root, path: [] }];
  for (let at = 0; at < open.length && keys.size < limit; at++) {
    const { value, path } = open[at]!;
    if (!isBranch(value)) continue;
    keys.add(pathKey(path));
    if (path.length < depth) for (const [step, child] of childrenOf(value)) open.push({ value: child, path: [...path, step] });
  }
  return keys;
}
