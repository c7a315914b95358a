import { expect, test } from 'vitest';
import { readPreferences } from './preferences.ts';

const DEFAULTS = { theme: 'auto', density: 'compact', timeZone: 'browser' };

test.each([
  [null, DEFAULTS],
  ['text', DEFAULTS],
  [{ theme: 'purple', density: 3, timeZone: 'Mars/Olympus' }, DEFAULTS],
  [
    { theme: 'dark', density: 'comfortable', timeZone: 'Europe/Paris', columns: [1] },
    { theme: 'dark', density: 'comfortable', timeZone: 'Europe/Paris' },
  ],
])('%j is read as %j', (stored, preferences) => expect(readPreferences(stored)).toEqual(preferences));
