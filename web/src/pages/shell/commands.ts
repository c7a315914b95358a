import { useApolloClient, useMutation } from '@apollo/client/react';
import { SignOutDocument } from '@errata/schema';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSavePreferences } from '../../lib/preferences.ts';
import { messageOf } from '../../lib/refusal.ts';
import { toast } from '../../ui/toast.tsx';

/** Ends this session: the server forgets it, the page forgets everything it knew. */
export function useSignOut(): () => Promise<void> {
  const client = useApolloClient();
  const navigate = useNavigate();
  const [signOut] = useMutation(SignOutDocument);
  return useCallback(async () => {
    try {
      await signOut({ variables: { everywhere: false } });
    } catch (error) {
      toast({ message: `Not signed out: ${messageOf(error)}`, kind: 'failed' });
      return;
    }
    await navigate({ to: '/sign-in', search: {} });
    await client.clearStore();
  }, [client, navigate, signOut]);
}

/** Switches between light and dark and keeps the choice with the user. */
export function useSchemeToggle(): { dark: boolean; toggle: () => void } {
  const dark = useComputedColorScheme('light') === 'dark';
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const save = useSavePreferences();
  const toggle = useCallback(() => {
    const theme = dark ? 'light' : 'dark';
    setColorScheme(theme);
    save({ theme }).catch((error: unknown) =>
      toast({ message: `The theme was not stored: ${messageOf(error)}`, kind: 'failed' }),
    );
  }, [dark, setColorScheme, save]);
  return { dark, toggle };
}
