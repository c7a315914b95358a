import {
  IconActivityHeartbeat,
  IconBug,
  IconClockCheck,
  IconFolders,
  IconKey,
  IconLayoutDashboard,
  IconMessageCircle,
  IconRocket,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Permission } from '../../lib/viewer.ts';

/** One entry of the navigation. */
export interface NavItem {
  to: '/' | '/errors' | '/releases' | '/monitors' | '/feedback' | '/projects' | '/people' | '/tokens' | '/system';
  label: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  permission: Permission;
  /** Second key after `g`. */
  key: string;
  /** More words the palette finds it by. */
  keywords: string;
  section: 'work' | 'manage';
}

/** The navigation, in order. */
export const NAV: readonly NavItem[] = [
  {
    to: '/',
    label: 'Overview',
    icon: IconLayoutDashboard,
    permission: 'errors:read',
    key: 'o',
    keywords: 'home dashboard rate',
    section: 'work',
  },
  {
    to: '/errors',
    label: 'Errors',
    icon: IconBug,
    permission: 'errors:read',
    key: 'e',
    keywords: 'issues triage list',
    section: 'work',
  },
  {
    to: '/feedback',
    label: 'Feedback',
    icon: IconMessageCircle,
    permission: 'errors:read',
    key: 'f',
    keywords: 'users reports voices messages',
    section: 'work',
  },
  {
    to: '/releases',
    label: 'Releases',
    icon: IconRocket,
    permission: 'errors:read',
    key: 'r',
    keywords: 'versions health crash-free sessions adoption deploys',
    section: 'work',
  },
  {
    to: '/monitors',
    label: 'Monitors',
    icon: IconClockCheck,
    permission: 'errors:read',
    key: 'm',
    keywords: 'cron jobs schedule check-ins missed heartbeat',
    section: 'work',
  },
  {
    to: '/projects',
    label: 'Projects',
    icon: IconFolders,
    permission: 'projects:read',
    key: 'p',
    keywords: 'dsn keys set-up',
    section: 'work',
  },
  {
    to: '/people',
    label: 'People',
    icon: IconUsers,
    permission: 'users:read',
    key: 'u',
    keywords: 'users roles invitations members',
    section: 'manage',
  },
  {
    to: '/tokens',
    label: 'API tokens',
    icon: IconKey,
    permission: 'tokens:write',
    key: 't',
    keywords: 'graphql scripts bearer',
    section: 'manage',
  },
  {
    to: '/system',
    label: 'System',
    icon: IconActivityHeartbeat,
    permission: 'system:read',
    key: 's',
    keywords: 'health memory disk lag',
    section: 'manage',
  },
];
