import { SNIPPETS } from './snippets.ts';

/** Platforms offered when a project is made; the value is what the server stores. */
export const PLATFORMS: readonly { value: string; label: string }[] = SNIPPETS.map((one) => ({
  value: one.platforms[0] ?? one.id,
  label: one.name,
}));

/** A platform in words; one that we have no words for begins with a capital at least. */
export function platformName(platform: string | null): string | null {
  if (platform === null || platform === '') return null;
  const known = SNIPPETS.find((one) => one.platforms.includes(platform) || one.id === platform);
  return known?.name ?? `${platform.charAt(0).toUpperCase()}${platform.slice(1)}`;
}
