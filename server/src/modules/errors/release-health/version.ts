/** A release as people read it. */
export interface Version {
  /** Before the `@`: the program, when several share a project. */
  package: string | null;
  /** The short form: a version number without package and build, or the first digits of a commit. */
  short: string;
  /** After the `+`. */
  build: string | null;
}

/**
 * Takes a release apart: `package@version+build`, as Sentry's SDKs make it. Anything else is its own short form; the long
 * hash of a commit is cut to twelve digits.
 */
export function parseVersion(release: string): Version {
  const match = /^([^@\s]{1,100})@(.+)$/.exec(release);
  const rest = match?.[2] ?? release;
  const name = match?.[1] ?? null;
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(rest)) return { package: name, short: rest.slice(0, 12), build: null };
  const plus = /^v?\d+(?:\.\d+)*/.test(rest) ? rest.indexOf('+') : -1;
  if (plus < 0) return { package: name, short: rest, build: null };
  return { package: name, short: rest.slice(0, plus), build: rest.slice(plus + 1) || null };
}
