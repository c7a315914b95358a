import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Law {
  [base: string]: Record<string, string[]>;
}
interface Door {
  what: string;
  pattern: string;
  only: string[];
  in: string;
}

export function readLaw(): { law: Law; doors: Door[] } {
  const { doors, ...law } = JSON.parse(readFileSync(join(root, 'docs/rooms.json'), 'utf8')) as Law & { doors: Door[] };
  return { law: law as Law, doors };
}

/** Source files below a folder: no tests, no generated code. */
export function sources(base: string): string[] {
  return readdirSync(join(root, base), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$|\.config\.ts$|\.setup\.ts$/.test(entry.name),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/node_modules|\/dist\/|\/generated\/|\/migrations\//.test(file));
}

const CODE = /\.(?:[cm]?[jt]sx?|css|graphql|py|lua|sh)$/;
/** Built, fetched, or recorded by a program. */
const MADE = /(?:^|\/)(?:node_modules|dist|generated|migrations|test-results|\.turbo)$|^schema\/(?:schema|released)\.graphql$/;

/** Every file below a folder that somebody writes and reads: tests, styles, operations and scripts, too. */
export function handWritten(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (MADE.test(path)) return [];
    if (entry.isDirectory()) return handWritten(path);
    return entry.isFile() && CODE.test(entry.name) ? [path] : [];
  });
}

/** The room of a file: its folder below `src` (below `modules` on the server), `features/x`, or `(root)`. */
export function roomOf(base: string, file: string): string {
  const parts = file.slice(base.length + 1).split('/');
  if (parts[0] === 'modules') return parts[1]!;
  if (parts.length === 1 || (base === 'server/src' && parts[0] === 'cli')) return '(root)';
  return parts[0] === 'features' ? `features/${parts[1]}` : base === 'e2e' || base === 'schema' ? '(root)' : parts[0]!;
}

interface Import {
  target: string;
  typeOnly: boolean;
}

/** Every import of a file's text, relative ones resolved from the repository root. */
export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  for (const m of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?from\s+)?'([^']+)'|import\('([^']+)'\)/gm)) {
    const specifier = (m[2] ?? m[3])!;
    const target = specifier.startsWith('.')
      ? relative(root, join(root, dirname(file), specifier))
          .split(sep)
          .join('/')
      : specifier;
    found.push({ target, typeOnly: m[1] !== undefined });
  }
  return found;
}

/** Breaches of the law in one file, in words; a room that the law does not list may import nothing. */
export function breaches(law: Law, base: string, file: string, text: string): string[] {
  const room = roomOf(base, file);
  const allowed = law[base]?.[room] ?? (room.startsWith('features/') ? law[base]?.['features/*'] : undefined) ?? [];
  const out: string[] = [];
  for (const { target, typeOnly } of importsOf(file, text)) {
    const inside = target.startsWith(`${base}/`);
    if (!inside && !target.startsWith('@errata/') && !/^(server|web|schema|e2e)\//.test(target)) continue; // a package
    if (inside && roomOf(base, target) === room) continue;
    if (allowed.includes('*')) continue;
    const name = inside ? roomOf(base, target) : target;
    const path = inside
      ? target
          .slice(base.length + 1)
          .replace(/^modules\//, '')
          .replace(/\.tsx?$/, '')
      : target;
    const permitted = allowed.some((rule) => {
      const [what, only] = rule.split(':');
      if (only === 'types' && !typeOnly) return false;
      if (what === 'features/*') return name.startsWith('features/');
      return what === name || what === path || (what!.endsWith('/*') && path.startsWith(what!.slice(0, -1)));
    });
    if (!permitted) out.push(`${file}: "${room}" may not import ${path}${typeOnly ? ' (types)' : ''}`);
    else if (inside && base === 'server/src' && name !== 'platform' && /\.resolver$/.test(path))
      out.push(`${file}: a resolver is private to its room (${path})`);
  }
  return out;
}
