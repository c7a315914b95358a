import { useApolloClient, useMutation } from '@apollo/client/react';
import { SignOutDocument } from '@errata/schema';
import { useNavigate } from '@tanstack/react-router';
import { SessionsList } from '../features/access/sessions-list.tsx';
import { messageOf } from '../lib/refusal.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { TextLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { toast } from '../ui/toast.tsx';

/** Where one is signed in. */
export function SessionsPage() {
  const client = useApolloClient();
  const navigate = useNavigate();
  const [signOut] = useMutation(SignOutDocument);
  const leaveEverywhere = async () => {
    try {
      await signOut({ variables: { everywhere: true } });
      await navigate({ to: '/sign-in', search: {} });
      await client.clearStore();
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  return (
    <Page reading>
      <PageHeader
        title="Sessions"
        crumbs={[
          <TextLink key="account" to="/account">
            Profile and preferences
          </TextLink>,
        ]}
        description="Every browser and program that is signed in as you. End those you do not know, and change your password."
        actions={
          <ConfirmButton
            color="red"
            question="Ends every session, this one too. You will have to sign in again."
            confirm="Sign out everywhere"
            onConfirm={leaveEverywhere}
          >
            Sign out everywhere
          </ConfirmButton>
        }
      />
      <Panel padded={false}>
        <SessionsList />
      </Panel>
    </Page>
  );
}
