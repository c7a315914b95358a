import { useMutation } from '@apollo/client/react';
import { InviteUserDocument, type Role } from '@errata/schema';
import { Button, Modal, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { DialogButtons, Form, FormButtons, FormProblem, OneTimeSecret } from '../../ui/form.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ProjectPicker } from './project-picker.tsx';
import { RoleField } from './role-field.tsx';
import { roleWords } from './roles.ts';

/** Invites somebody: role and projects first, then the link, which is shown this once. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [link, setLink] = useState<{ url: string; expiresAt: string } | null>(null);
  const close = () => {
    onClose();
    setLink(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={link === null ? 'Invite somebody' : 'Send them this link'}
      closeOnClickOutside={link === null}
    >
      {link === null ? (
        <InviteForm onInvited={(url, expiresAt) => setLink({ url, expiresAt })} onCancel={close} />
      ) : (
        <>
          <Text size="sm" mb="sm">
            Whoever opens it can join. It is shown only now, works once, and lapses <RelativeTime at={link.expiresAt} />.
          </Text>
          <OneTimeSecret value={link.url} what="Copy link" />
          <FormButtons>
            <Button variant="default" mt="sm" onClick={close}>
              Done
            </Button>
          </FormButtons>
        </>
      )}
    </Modal>
  );
}

function InviteForm({ onInvited, onCancel }: { onInvited: (url: string, expiresAt: string) => void; onCancel: () => void }) {
  const [invite] = useMutation(InviteUserDocument, { refetchQueries: ['Invitations'] });
  const form = useForm({
    initialValues: { email: '', role: 'OPERATOR' as Role, projectIds: [] as string[] },
    validate: {
      email: (value) => (value.trim() === '' || /^\S+@\S+$/.test(value.trim()) ? null : 'This is not an e-mail address'),
    },
  });
  const action = useAction(onto(form));
  const seesAll = roleWords(form.values.role).seesAll;
  const submit = form.onSubmit(({ email, role, projectIds }) =>
    action.run(async () => {
      const { data } = await invite({
        variables: {
          input: { role, projectIds: seesAll ? [] : projectIds, ...(email.trim() === '' ? {} : { email: email.trim() }) },
        },
      });
      const made = resultOf(data?.inviteUser);
      onInvited(made.url, made.invitation.expiresAt);
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput
        label="E-mail"
        description="Leave it empty for a link that anybody you give it to can use."
        type="email"
        data-autofocus
        {...form.getInputProps('email')}
      />
      <RoleField
        value={form.values.role}
        onChange={(role) => form.setFieldValue('role', role)}
        error={form.errors['role'] as string | undefined}
      />
      {!seesAll && (
        <ProjectPicker
          label="Projects"
          description="They see these and no others."
          value={form.values.projectIds}
          onChange={(ids) => form.setFieldValue('projectIds', ids)}
        />
      )}
      <DialogButtons submit="Make the link" busy={action.busy} onCancel={onCancel} />
    </Form>
  );
}
