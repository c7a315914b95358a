import { SegmentedControl, Select, useMantineColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { type Preferences, usePreferences, useSavePreferences } from '../../lib/preferences.ts';
import { messageOf } from '../../lib/refusal.ts';
import { formatDateTime } from '../../ui/format.ts';
import { useNow } from '../../ui/ticker.ts';
import { toast } from '../../ui/toast.tsx';
import classes from './preferences-form.module.css';

function zones(): { value: string; label: string }[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const named = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC');
  return [
    { value: 'browser', label: `This browser’s (${own})` },
    { value: 'UTC', label: 'UTC' },
    ...named.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
  ];
}

/** How the dashboard looks to me; each choice is stored at once. */
export function PreferencesForm() {
  const preferences = usePreferences();
  const save = useSavePreferences();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const choices = useMemo(zones, []);
  const example = useNow((now) => formatDateTime(now, preferences.timeZone));
  const change = (part: Partial<Preferences>) => {
    if (part.theme !== undefined) setColorScheme(part.theme);
    save(part).catch((error: unknown) => toast({ message: `Not stored: ${messageOf(error)}`, kind: 'failed' }));
  };
  return (
    <div className={classes.list}>
      <span id="pref-theme">Theme</span>
      <SegmentedControl
        size="xs"
        aria-labelledby="pref-theme"
        value={preferences.theme}
        onChange={(theme) => change({ theme: theme as Preferences['theme'] })}
        data={[
          { value: 'auto', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <span id="pref-density">Rows</span>
      <SegmentedControl
        size="xs"
        aria-labelledby="pref-density"
        value={preferences.density}
        onChange={(density) => change({ density: density as Preferences['density'] })}
        data={[
          { value: 'compact', label: 'Compact' },
          { value: 'comfortable', label: 'Comfortable' },
        ]}
      />
      <span id="pref-zone">Time zone</span>
      <div>
        <Select
          aria-labelledby="pref-zone"
          data={choices}
          value={preferences.timeZone}
          onChange={(timeZone) => timeZone !== null && change({ timeZone })}
          searchable
          allowDeselect={false}
          maw={320}
          limit={60}
        />
        <div className={classes.note}>It is {example}.</div>
      </div>
    </div>
  );
}
