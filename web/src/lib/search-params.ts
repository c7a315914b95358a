/** Search parameters as they stand in the address: text, or several texts under one name. */
export type RawSearch = Record<string, string | string[]>;

/** Reads `?a=1&b=x&b=y` into `{ a: '1', b: ['x', 'y'] }`. Values stay text; each route validates its own. */
export function parseSearch(search: string): RawSearch {
  const result: RawSearch = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const known = result[name];
    result[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  }
  return result;
}

/** Writes search parameters, in the order given; empty ones are left out. Commas and colons stay readable. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(name, String(one));
    }
  }
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

/** One text of a raw value, or undefined. */
export function textParam(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : undefined;
}

/** All texts of a raw value that are among `allowed` (or all of them when it is not given), each once. */
export function listParam<T extends string>(value: unknown, allowed?: readonly T[]): T[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter((one): one is T => typeof one === 'string' && one !== '');
  const kept = [...new Set(all)].filter((one) => allowed === undefined || allowed.includes(one));
  return kept.length === 0 ? undefined : kept;
}
