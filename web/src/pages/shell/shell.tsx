import { useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useMatches, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { usePreferences } from '../../lib/preferences.ts';
import { listenForShortcuts, useShortcuts } from '../../lib/shortcuts.ts';
import { useViewer } from '../../lib/viewer.ts';
import { DisplayProvider } from '../../ui/display.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { ConnectionBanner, ConnectionDot } from './connection.tsx';
import { HelpSheet, openHelp } from './help.tsx';
import { BottomNav, SideNav, useNavItems } from './nav.tsx';
import { openPalette, Palette } from './palette.tsx';
import { ProjectFilter } from './project-filter.tsx';
import classes from './shell.module.css';

function GlobalShortcuts() {
  const navigate = useNavigate();
  const items = useNavItems();
  useEffect(listenForShortcuts, []);
  useShortcuts('Everywhere', [
    { keys: 'mod+k', label: 'Command palette', run: openPalette },
    { keys: '?', label: 'This list', run: openHelp },
    ...items.map(({ to, label, key }) => ({ keys: `g ${key}`, label: `Go to ${label}`, run: () => void navigate({ to }) })),
  ]);
  return null;
}

function TopBar() {
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brandSmall} aria-label="Errata: overview">
        <Logo size={24} />
      </Link>
      <ProjectFilter />
      <span className={classes.spacer} />
      <ConnectionDot />
      <button type="button" className={classes.search} onClick={openPalette} aria-label="Search and commands">
        <IconSearch size={15} stroke={1.8} />
        <span>Search or go to…</span>
        <KeyHint keys="mod+K" />
      </button>
    </header>
  );
}

/** What a page needs and its reader lacks is said in place of the page. */
function Guarded() {
  const { can } = useViewer();
  const needed = useMatches({
    select: (matches) => matches.findLast((match) => match.staticData.permission)?.staticData.permission,
  });
  if (needed === undefined || can(needed)) return <Outlet />;
  return (
    <Page>
      <Panel>
        <EmptyState icon={IconLock} title="Your role does not include this page">
          It needs the permission {needed}. An administrator can change your role.
        </EmptyState>
      </Panel>
    </Page>
  );
}

/** Navigation, project filter, connection state, palette and help around every page. */
export function Shell() {
  const preferences = usePreferences();
  // Otherwise Mantine writes a <style> for the moment of the change, which the content policy refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  useEffect(() => setColorScheme(preferences.theme), [preferences.theme, setColorScheme]);
  useEffect(() => {
    document.documentElement.dataset['density'] = preferences.density;
  }, [preferences.density]);
  return (
    <DisplayProvider value={preferences}>
      <GlobalShortcuts />
      <div className={classes.shell}>
        {/* A button, not a #main link: with <base href> such a link would leave the page. */}
        <button type="button" className={classes.skip} onClick={() => document.getElementById('main')?.focus()}>
          Skip to content
        </button>
        <SideNav />
        <TopBar />
        <main id="main" className={classes.main} tabIndex={-1}>
          <ConnectionBanner />
          <div className={classes.content}>
            <Guarded />
          </div>
        </main>
        <BottomNav />
      </div>
      <Palette />
      <HelpSheet />
      <Notifications position="bottom-right" limit={4} containerWidth={380} />
    </DisplayProvider>
  );
}
