/** In characters. */
export const SLUG_MAX_LENGTH = 50;
const SLUG = /^[a-z0-9-]{1,50}$/;

/** Whether the text may name a project in addresses and in error references (SLUG-123). */
export const isSlug = (text: string): boolean => SLUG.test(text);

/** A name made fit for addresses: accents dropped, `others` turned into single hyphens; '' when nothing is left. */
export function plainName(name: string, others = /[^a-z0-9]+/g): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(others, '-')
    .slice(0, SLUG_MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
}

/** A project's slug made of its name. */
export const slugOf = (name: string): string => plainName(name) || 'project';

/** The slug, or the first of slug-2, slug-3 … that is free; still within the length. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : `-${n}`;
    const candidate = `${slug.slice(0, SLUG_MAX_LENGTH - ending.length)}${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}
