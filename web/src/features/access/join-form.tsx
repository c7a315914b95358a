import { useApolloClient, useMutation } from '@apollo/client/react';
import { AcceptInvitationDocument, MeDocument } from '@errata/schema';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { sessionBegan } from '../../lib/session.ts';
import { Form, FormProblem } from '../../ui/form.tsx';
import { passwordFault } from './password.ts';

/** Name, address and password of somebody who was invited. */
export function JoinForm({ token, email, onJoined }: { token: string; email: string | null; onJoined: () => void }) {
  const client = useApolloClient();
  const [accept] = useMutation(AcceptInvitationDocument);
  const form = useForm({
    initialValues: { name: '', email: email ?? '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'How should the others call you?' : null),
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'Your e-mail address, please'),
      password: passwordFault,
    },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit((values) =>
    action.run(async () => {
      const { data } = await accept({ variables: { input: { token, ...values } } });
      const viewer = resultOf(data?.acceptInvitation);
      await client.clearStore();
      client.writeQuery({ query: MeDocument, data: { me: viewer } });
      sessionBegan();
      onJoined();
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput label="Name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        readOnly={email !== null}
        {...(email === null ? {} : { description: 'The invitation is for this address.' })}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        description="At least 10 characters."
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <Button type="submit" size="sm" fullWidth loading={action.busy}>
        Join
      </Button>
    </Form>
  );
}
