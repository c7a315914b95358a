import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { AuthCard } from '../features/access/auth-card.tsx';
import { SignInForm } from '../features/access/sign-in-form.tsx';
import { parseSearch } from '../lib/search-params.ts';

const route = getRouteApi('/sign-in');

/** Sign-in; leads back to where one was (`?next=`). */
export function SignInPage() {
  const { next } = route.useSearch();
  const navigate = useNavigate();
  const goOn = () => {
    const target = new URL(next ?? '/', window.location.origin);
    void navigate({ to: target.pathname, search: parseSearch(target.search) as never, replace: true });
  };
  return (
    <AuthCard
      title="Sign in"
      text={next === undefined ? 'To see what breaks, and mend it.' : 'Your session has ended, or you have not signed in yet.'}
    >
      <SignInForm onSignedIn={goOn} />
    </AuthCard>
  );
}
