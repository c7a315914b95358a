/**
 * Order by some fields, numbers by value and text by code units. Every writer takes rows in the same order, so that two
 * transactions never wait for each other in a circle, and pages are touched once.
 */
export function byKeys<K extends string>(...keys: K[]): (a: Record<K, string | number>, b: Record<K, string | number>) => number {
  return (a, b) => {
    for (const key of keys) {
      if (a[key] < b[key]) return -1;
      if (a[key] > b[key]) return 1;
    }
    return 0;
  };
}
