import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';

/** What the kernel shows of itself and of processes, the environment with our secrets among it: no logs, whatever the roots are. */
const NEVER = ['/proc', '/sys', '/dev'];

/**
 * Which files of this machine the server may read as logs. Whoever may change a project could otherwise read any file of
 * the host through a log source. Every check is made on the path with all links resolved, before a glob is kept and again
 * for each file before it is opened; the data directory itself, `/proc`, `/sys` and `/dev` are never read.
 */
export class LogPaths {
  readonly roots: readonly string[];
  readonly #dataDir: string;

  constructor(config: { readonly logRoots: readonly string[]; readonly dataDir: string }) {
    this.roots = config.logRoots;
    this.#dataDir = config.dataDir;
  }

  /** Why a glob may not be watched; undefined when it may. */
  whyNot(glob: string): string | undefined {
    if (!isAbsolute(glob)) return `“${glob}” is not an absolute path.`;
    const base = staticFolder(glob);
    if (this.isAllowed(base)) return undefined;
    // A root below the glob's own folder would be watched only in part; better to say so than to watch something else.
    if (this.#isOwn(resolved(base))) return `“${glob}” is in the data directory of this server, which is never read as a log.`;
    if (isSystem(resolved(base))) return `“${glob}” is no log: it shows what the system knows of itself.`;
    return `“${glob}” is outside the folders that this server may read logs from (${this.rootsText()}). The administrator sets them with ERRATA_LOG_ROOTS.`;
  }

  /** Whether a path, links resolved, is under one of the roots and not in the data directory. */
  isAllowed(path: string): boolean {
    return this.allowsResolved(resolved(path));
  }

  /** {@link isAllowed} for a path whose links are resolved already. */
  allowsResolved(real: string): boolean {
    return !this.#isOwn(real) && !isSystem(real) && this.roots.some((root) => isInside(real, resolved(root)));
  }

  rootsText(): string {
    return this.roots.length === 0 ? 'none is set' : this.roots.join(', ');
  }

  #isOwn(real: string): boolean {
    return isInside(real, resolved(this.#dataDir));
  }
}

/** The longest leading part of a glob that holds no wildcard: a folder, or the file itself when there is none at all. */
export function staticFolder(glob: string): string {
  const parts = normalize(glob).split(sep);
  const wild = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  return wild < 0 ? normalize(glob) : parts.slice(0, wild).join(sep) || sep;
}

/** The path with links resolved as far as it exists; what does not exist is added as it is. */
export function resolved(path: string): string {
  const clean = normalize(path);
  for (let head = clean, rest = ''; ; ) {
    if (existsSync(head)) {
      try {
        return join(realpathSync(head), rest);
      } catch {
        return clean;
      }
    }
    const up = dirname(head);
    if (up === head) return clean;
    rest = join(head.slice(up.length), rest);
    head = up;
  }
}

const isSystem = (real: string): boolean => NEVER.some((folder) => isInside(real, folder));

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
