import { Menu } from '@mantine/core';
import { IconDeviceLaptop, IconKeyboard, IconLogout, IconMoon, IconSelector, IconSettings, IconSun } from '@tabler/icons-react';
import { useViewer } from '../../lib/viewer.ts';
import { MenuLink } from '../../ui/link.tsx';
import { useSchemeToggle, useSignOut } from './commands.ts';
import { openHelp } from './help.tsx';
import classes from './shell.module.css';

/** First letters of the first and last name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : (words[0] ?? '?').slice(0, 2);
  return letters.toUpperCase();
}

/** Who is signed in, and what concerns only them. */
export function UserMenu() {
  const { viewer } = useViewer();
  const signOut = useSignOut();
  const scheme = useSchemeToggle();
  if (viewer === undefined) return null;
  const { user } = viewer;
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className={classes.person} aria-label={`${user.name}: account menu`}>
          <span className={classes.avatar} aria-hidden>
            {initials(user.name)}
          </span>
          <span className={classes.names}>
            <span>{user.name}</span>
            <span>{user.email}</span>
          </span>
          <IconSelector size={14} style={{ marginLeft: 'auto', flex: 'none' }} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuLink to="/account" leftSection={<IconSettings size={15} />}>
          Profile and preferences
        </MenuLink>
        <MenuLink to="/account/sessions" leftSection={<IconDeviceLaptop size={15} />}>
          Sessions
        </MenuLink>
        <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={openHelp}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={scheme.dark ? <IconSun size={15} /> : <IconMoon size={15} />} onClick={scheme.toggle}>
          {scheme.dark ? 'Light theme' : 'Dark theme'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
