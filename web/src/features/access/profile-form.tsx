import { useMutation } from '@apollo/client/react';
import { UpdateProfileDocument } from '@errata/schema';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { Form, FormButtons, FormPair, FormProblem } from '../../ui/form.tsx';
import { toast } from '../../ui/toast.tsx';
import { passwordFault } from './password.ts';

/** One's own name; the address is how one is known and stays. */
export function ProfileForm({ name, email }: { name: string; email: string }) {
  const [update] = useMutation(UpdateProfileDocument);
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() === '' ? 'A name, please' : null) },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit((values) =>
    action.run(async () => {
      resultOf((await update({ variables: { input: { name: values.name.trim() } } })).data?.updateProfile);
      form.setInitialValues(form.getValues());
      form.resetDirty();
      toast({ message: 'Your name was changed.' });
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <FormPair>
        <TextInput label="Name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput label="E-mail" value={email} readOnly />
      </FormPair>
      <FormButtons start>
        <Button type="submit" loading={action.busy} disabled={!form.isDirty()}>
          Save
        </Button>
      </FormButtons>
    </Form>
  );
}

/** A new password; ends every other session. */
export function PasswordForm({ email }: { email: string }) {
  const [update] = useMutation(UpdateProfileDocument, { refetchQueries: ['Sessions'] });
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '', again: '' },
    validate: {
      currentPassword: (value) => (value === '' ? 'Your current password, please' : null),
      newPassword: passwordFault,
      again: (value, values) => (value === values.newPassword ? null : 'This is not the same'),
    },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ currentPassword, newPassword }) =>
    action.run(async () => {
      resultOf((await update({ variables: { input: { currentPassword, newPassword } } })).data?.updateProfile);
      form.reset();
      toast({ message: 'Your password was changed; all other sessions were ended.' });
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      {/* Password managers file a new password under the name they find in the form. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        maw={340}
        {...form.getInputProps('currentPassword')}
      />
      <FormPair>
        <PasswordInput
          label="New password"
          description="At least 10 characters."
          autoComplete="new-password"
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput
          label="New password again"
          description="To be sure."
          autoComplete="new-password"
          {...form.getInputProps('again')}
        />
      </FormPair>
      <FormButtons start>
        <Button type="submit" loading={action.busy}>
          Change password
        </Button>
      </FormButtons>
    </Form>
  );
}
