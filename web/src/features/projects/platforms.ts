import { SNIPPETS } from './snippets.ts';

/** Platforms offered when a project is made; the value is what the server stores. */
export const PLATFORMS: readonly { value: string; label: string }[] = SNIPPETS.map((one) => ({
  value: one.platforms[0] ?? one.id,
  label: one.name,
}));

/** A platform in words. */
export const platformName = (platform: string | null): string | null =>
  platform === null ? null : (SNIPPETS.find((one) => one.platforms.includes(platform) || one.id === platform)?.name ?? platform);
