import { useMemo } from 'react';
import { useViewer } from './viewer.ts';

/** What a person chose for the dashboard; stored with the user (`me.preferences`). */
export interface Preferences {
  theme: 'light' | 'dark' | 'auto';
  density: 'compact' | 'comfortable';
  /** `browser`, `UTC` or an IANA name. */
  timeZone: string;
}

/** What everybody starts with. */
export const DEFAULT_PREFERENCES: Preferences = { theme: 'auto', density: 'compact', timeZone: 'browser' };

function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  if (name === 'browser') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Reads stored preferences, whatever they hold; what is unknown or broken becomes the default. */
export function readPreferences(stored: unknown): Preferences {
  const raw = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  return {
    theme: raw['theme'] === 'light' || raw['theme'] === 'dark' ? raw['theme'] : 'auto',
    density: raw['density'] === 'comfortable' ? 'comfortable' : 'compact',
    timeZone: isTimeZone(raw['timeZone']) ? raw['timeZone'] : 'browser',
  };
}

/** The preferences of whoever is signed in. */
export function usePreferences(): Preferences {
  const { viewer } = useViewer();
  const stored = viewer?.preferences;
  return useMemo(() => readPreferences(stored), [stored]);
}
