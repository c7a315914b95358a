import { useApolloClient, useMutation } from '@apollo/client/react';
import { MeDocument, SignInDocument } from '@errata/schema';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { onto, useAction } from '../../lib/action.ts';
import { RefusedError, resultOf } from '../../lib/refusal.ts';
import { sessionBegan } from '../../lib/session.ts';
import { Form, FormProblem } from '../../ui/form.tsx';

/** Seconds until a throttled sign-in may be tried again; counts down by itself, 0 when it may. */
function useCountdown(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const refusal = error instanceof RefusedError ? error.refusal : undefined;
    if (refusal?.__typename !== 'ThrottledRefusal') return;
    const end = Date.now() + refusal.retryAfterSeconds * 1_000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1_000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

/** Whole minutes from a minute up, so that a long wait does not flicker. */
const waiting = (seconds: number) => (seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`);

/** E-mail and password. The answer goes into the cache as `me`; then `onSignedIn`. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const client = useApolloClient();
  const [signIn] = useMutation(SignInDocument);
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Your e-mail address, please' : null),
      password: (value) => (value === '' ? 'Your password, please' : null),
    },
  });
  const action = useAction(onto(form));
  const wait = useCountdown(action.error);
  const throttled = wait > 0;

  const submit = form.onSubmit(({ email, password }) =>
    action.run(async () => {
      const { data } = await signIn({ variables: { email: email.trim(), password } });
      const viewer = resultOf(data?.signIn);
      // Nothing that another person saw here may remain.
      await client.clearStore();
      client.writeQuery({ query: MeDocument, data: { me: viewer } });
      sessionBegan();
      onSignedIn();
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>
        {throttled ? `Too many attempts. Try again in ${waiting(wait)}.` : throttledBefore(action.error) ? null : action.problem}
      </FormProblem>
      <TextInput label="E-mail" type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
      <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
      <Button type="submit" size="sm" fullWidth loading={action.busy} disabled={throttled}>
        Sign in
      </Button>
    </Form>
  );
}

const throttledBefore = (error: unknown) => error instanceof RefusedError && error.refusal.__typename === 'ThrottledRefusal';
