import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import {
  IconBug,
  IconDeviceLaptop,
  IconFolder,
  IconFolderPlus,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUserPlus,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useProjectScope } from '../../lib/project-scope.ts';
import { useViewer } from '../../lib/viewer.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useSchemeToggle, useSignOut } from './commands.ts';
import { openHelp } from './help.tsx';
import { useNavItems } from './nav.tsx';

/** Opens the palette. */
export const openPalette = (): void => spotlight.open();

/** Every page, project and command by name; `mod+K`. What is typed can also be looked for among the errors. */
export function Palette() {
  const navigate = useNavigate();
  const items = useNavItems();
  const { projects } = useProjectScope();
  const { can } = useViewer();
  const scheme = useSchemeToggle();
  const signOut = useSignOut();
  const [text, setText] = useState('');

  const pages: SpotlightActionData[] = [
    ...items.map(({ to, label, icon: Icon, keywords, key }) => ({
      id: `page:${to}`,
      label,
      keywords,
      leftSection: <Icon size={17} stroke={1.6} />,
      rightSection: <KeyHint keys={`g ${key}`} />,
      onClick: () => void navigate({ to }),
    })),
    {
      id: 'page:account',
      label: 'Profile and preferences',
      keywords: 'password theme density time zone',
      leftSection: <IconSettings size={17} stroke={1.6} />,
      onClick: () => void navigate({ to: '/account' }),
    },
    {
      id: 'page:sessions',
      label: 'Sessions',
      keywords: 'devices sign out everywhere',
      leftSection: <IconDeviceLaptop size={17} stroke={1.6} />,
      onClick: () => void navigate({ to: '/account/sessions' }),
    },
  ];
  const ofProjects: SpotlightActionData[] = projects.flatMap((project) => [
    {
      id: `errors:${project.slug}`,
      label: `Errors of ${project.name}`,
      keywords: project.slug,
      leftSection: <IconBug size={17} stroke={1.6} />,
      onClick: () => void navigate({ to: '/errors', search: { project: project.slug } }),
    },
    {
      id: `project:${project.slug}`,
      label: `${project.name}: set-up and settings`,
      keywords: `${project.slug} dsn keys`,
      leftSection: <IconFolder size={17} stroke={1.6} />,
      onClick: () => void navigate({ to: '/projects/$slug', params: { slug: project.slug } }),
    },
  ]);
  const commands: SpotlightActionData[] = [
    ...(can('projects:write')
      ? [
          {
            id: 'do:project',
            label: 'Create a project',
            keywords: 'new add',
            leftSection: <IconFolderPlus size={17} stroke={1.6} />,
            onClick: () => void navigate({ to: '/projects/new' }),
          },
        ]
      : []),
    ...(can('users:write')
      ? [
          {
            id: 'do:invite',
            label: 'Invite somebody',
            keywords: 'user add member',
            leftSection: <IconUserPlus size={17} stroke={1.6} />,
            onClick: () => void navigate({ to: '/people', search: { invite: true } }),
          },
        ]
      : []),
    {
      id: 'do:scheme',
      label: scheme.dark ? 'Switch to the light theme' : 'Switch to the dark theme',
      keywords: 'dark light mode colour',
      leftSection: scheme.dark ? <IconSun size={17} stroke={1.6} /> : <IconMoon size={17} stroke={1.6} />,
      onClick: scheme.toggle,
    },
    {
      id: 'do:help',
      label: 'Keyboard shortcuts',
      keywords: 'keys help',
      leftSection: <IconKeyboard size={17} stroke={1.6} />,
      rightSection: <KeyHint keys="?" />,
      onClick: openHelp,
    },
    {
      id: 'do:sign-out',
      label: 'Sign out',
      keywords: 'log out leave',
      leftSection: <IconLogout size={17} stroke={1.6} />,
      onClick: () => void signOut(),
    },
  ];
  const typed = text.trim();
  const search: SpotlightActionData[] =
    typed === '' || !can('errors:read')
      ? []
      : [
          {
            id: 'search:errors',
            label: `Look for “${typed}” in errors`,
            leftSection: <IconSearch size={17} stroke={1.6} />,
            onClick: () => void navigate({ to: '/errors', search: { q: typed } }),
          },
        ];
  return (
    <Spotlight
      query={text}
      onQueryChange={setText}
      lockScroll={false}
      shortcut={['mod + K']}
      limit={30}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.45, blur: 0 }}
      transitionProps={{ duration: 100 }}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing is called that"
      searchProps={{ leftSection: <IconSearch size={17} />, placeholder: 'Go to a page, a project, or look for an error…' }}
      actions={[
        { group: 'Pages', actions: pages },
        { group: 'Commands', actions: commands },
        { group: 'Projects', actions: ofProjects },
        { group: 'Search', actions: search },
      ].filter((group) => group.actions.length > 0)}
    />
  );
}
