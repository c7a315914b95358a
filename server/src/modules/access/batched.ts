import DataLoader from 'dataloader';

/**
 * The loader of that name in this request, made on first use: collects the keys that the fields of one list ask for and
 * loads them at once. `load` answers in the order of its keys.
 */
export function batched<K, V>(
  loaders: Map<string, unknown>,
  name: string,
  load: (keys: readonly K[]) => Promise<readonly V[]>,
): DataLoader<K, V> {
  const known = loaders.get(name) as DataLoader<K, V> | undefined;
  if (known) return known;
  const loader = new DataLoader<K, V>(load);
  loaders.set(name, loader);
  return loader;
}
