import { describe, expect, it } from 'vitest';
import { expectA } from '../../../test/access-world.ts';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { DEFAULT_SETTINGS } from './project.entity.ts';
import { changedSettings, fullSettings, type SettingsChanges } from './project-settings.ts';

describe('changing settings', () => {
  it('keeps what is not named, and never changes the stored object', () => {
    const stored = { ...DEFAULT_SETTINGS, scrubEmails: true, sensitiveFields: ['iban'] };
    const changed = changedSettings(stored, { eventsPerMinute: 100, scrubIpAddresses: true, safeFields: null });
    expect(changed).toEqual({ ...stored, eventsPerMinute: 100, scrubIpAddresses: true });
    expect(stored.eventsPerMinute).toBeNull();
  });

  it('takes a limit off with null, and leaves it with nothing', () => {
    const stored = { ...DEFAULT_SETTINGS, eventsPerMinute: 100 };
    expect(changedSettings(stored, {})).toHaveProperty('eventsPerMinute', 100);
    expect(changedSettings(stored, { eventsPerMinute: null })).toHaveProperty('eventsPerMinute', null);
  });

  it('trims lists and names each entry once', () => {
    const changed = changedSettings(DEFAULT_SETTINGS, { sensitiveFields: [' iban ', '', 'iban', 'pin'], inAppInclude: ['src/'] });
    expect(changed).toMatchObject({ sensitiveFields: ['iban', 'pin'], inAppInclude: ['src/'] });
  });

  it.each<[SettingsChanges, string]>([
    [{ eventsPerMinute: 0 }, 'settings.eventsPerMinute'],
    [{ eventsPerMinute: -5 }, 'settings.eventsPerMinute'],
    [{ eventsPerMinute: 1.5 }, 'settings.eventsPerMinute'],
    [{ eventsPerMinute: Number.NaN }, 'settings.eventsPerMinute'],
    [{ sensitiveFields: ['x'.repeat(201)] }, 'settings.sensitiveFields'],
    [{ inAppExclude: Array.from({ length: 201 }, (_, n) => `lib${n}`) }, 'settings.inAppExclude'],
  ])('refuses %j', (changes, field) => {
    expect(expectA(changedSettings(DEFAULT_SETTINGS, changes), ValidationRefusal).field).toBe(field);
  });

  it('fills settings stored by an earlier version with defaults', () => {
    expect(fullSettings({ scrubEmails: true })).toEqual({ ...DEFAULT_SETTINGS, scrubEmails: true });
    expect(fullSettings(null)).toEqual(DEFAULT_SETTINGS);
  });
});
