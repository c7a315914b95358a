import { useApolloClient, useMutation } from '@apollo/client/react';
import { MeDocument, UpdateProfileDocument } from '@errata/schema';
import { useCallback, useMemo } from 'react';
import { resultOf } from './refusal.ts';
import { useViewer } from './viewer.ts';

/** What a person chose for the dashboard; stored with the user (`me.preferences`). */
export interface Preferences {
  theme: 'light' | 'dark' | 'auto';
  density: 'compact' | 'comfortable';
  /** `browser`, `UTC` or an IANA name. */
  timeZone: string;
}

/** True for `browser` and for every zone this browser knows. */
export function isTimeZone(name: unknown): name is string {
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

/**
 * Changes some preferences: at once here, then on the server. What other rooms stored beside them is kept. Rejects (and
 * takes the change back) when the server did not take it.
 */
export function useSavePreferences(): (change: Partial<Preferences>) => Promise<void> {
  const client = useApolloClient();
  const [update] = useMutation(UpdateProfileDocument);
  return useCallback(
    async (change) => {
      const before = client.readQuery({ query: MeDocument })?.me?.preferences;
      const held = typeof before === 'object' && before !== null ? before : {};
      const preferences = { ...held, ...change };
      const show = (value: unknown) =>
        client.cache.updateQuery({ query: MeDocument }, (data) =>
          data?.me === null || data?.me === undefined ? undefined : { ...data, me: { ...data.me, preferences: value } },
        );
      show(preferences);
      try {
        const { data } = await update({ variables: { input: { preferences } } });
        resultOf(data?.updateProfile);
      } catch (error) {
        show(before ?? {});
        throw error;
      }
    },
    [client, update],
  );
}
