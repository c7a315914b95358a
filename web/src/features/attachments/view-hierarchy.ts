/** One element of a screen, as an SDK describes it. */
export interface ViewNode {
  type: string;
  identifier: string | null;
  /** `320 × 48 at 0, 12`; null when unknown. */
  place: string | null;
  hidden: boolean;
  children: readonly ViewNode[];
}

/** A screen: what drew it, and its windows. */
export interface ViewHierarchy {
  system: string | null;
  windows: readonly ViewNode[];
  /** Elements left out because there are too many. */
  left: number;
}

const MAX_NODES = 2_000;
const MAX_DEPTH = 60;

/** Reads Sentry's view hierarchy (`{rendering_system, windows: [{type, identifier, x, y, width, height, visible, children}]}`); null when it is none. */
export function readViewHierarchy(text: string): ViewHierarchy | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !Array.isArray(value['windows'])) return null;
  const budget = { nodes: MAX_NODES, left: 0 };
  const windows = value['windows'].flatMap((window) => readNode(window, budget, 0));
  return { system: textOf(value['rendering_system']), windows, left: budget.left };
}

function readNode(value: unknown, budget: { nodes: number; left: number }, depth: number): ViewNode[] {
  if (!isObject(value)) return [];
  if (budget.nodes <= 0 || depth > MAX_DEPTH) {
    budget.left += 1;
    return [];
  }
  budget.nodes -= 1;
  const { children, visible, alpha } = value;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberOf(value[name]));
  const size = width == null || height == null ? null : `${width} × ${height}`;
  return [
    {
      type: textOf(value['type']) ?? 'element',
      identifier: textOf(value['identifier']) ?? textOf(value['tag']) ?? textOf(value['name']),
      place: size === null ? null : x == null || y == null ? size : `${size} at ${x}, ${y}`,
      hidden: visible === false || visible === 'gone' || visible === 'invisible' || alpha === 0,
      children: Array.isArray(children) ? children.flatMap((child) => readNode(child, budget, depth + 1)) : [],
    },
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : null);
const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? Math.round(value * 10) / 10 : null);
