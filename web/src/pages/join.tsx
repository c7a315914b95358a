import { useQuery } from '@apollo/client/react';
import { InvitationPreviewDocument } from '@errata/schema';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { AuthCard } from '../features/access/auth-card.tsx';
import { JoinForm } from '../features/access/join-form.tsx';
import { roleWords } from '../features/access/roles.ts';
import { messageOf } from '../lib/refusal.ts';
import { ButtonLink } from '../ui/link.tsx';
import { FailedState, LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/join');

/** Where an invitation's link leads: who invited one, as what, and the form to join. */
export function JoinPage() {
  const { token = '' } = route.useSearch();
  const navigate = useNavigate();
  const { data, error, loading, refetch } = useQuery(InvitationPreviewDocument, { variables: { token }, skip: token === '' });
  if (error !== undefined) {
    return (
      <AuthCard title="Join">
        <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
      </AuthCard>
    );
  }
  if (data === undefined && token !== '') {
    return (
      <AuthCard title="Join" text="Looking at your invitation…">
        <LoadingRows rows={3} />
      </AuthCard>
    );
  }
  const invitation = data?.invitation ?? null;
  if (invitation === null) {
    return (
      <AuthCard
        title="This link no longer works"
        text="Invitations work once and for a few days. Ask whoever invited you for a new one; if you have joined already, sign in."
      >
        <ButtonLink to="/sign-in" search={{}} size="sm" fullWidth>
          Sign in
        </ButtonLink>
      </AuthCard>
    );
  }
  const role = roleWords(invitation.role);
  return (
    <AuthCard
      title="Join Errata"
      text={`${invitation.invitedBy ?? 'An administrator'} invited you as ${role.name.toLowerCase()}. ${role.can}`}
    >
      <JoinForm token={token} email={invitation.email} onJoined={() => void navigate({ to: '/' })} />
    </AuthCard>
  );
}
