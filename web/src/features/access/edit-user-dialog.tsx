import { useMutation } from '@apollo/client/react';
import { UpdateUserDocument, type UserRowFragment } from '@errata/schema';
import { Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { DialogButtons, Form, FormProblem } from '../../ui/form.tsx';
import { toast } from '../../ui/toast.tsx';
import { ProjectPicker } from './project-picker.tsx';
import { RoleField } from './role-field.tsx';
import { roleWords } from './roles.ts';

/** Changes somebody's name, role and projects. */
export function EditUserDialog({ user, onClose }: { user: UserRowFragment | null; onClose: () => void }) {
  return (
    <Modal opened={user !== null} onClose={onClose} title={user === null ? '' : `Change ${user.name}`}>
      {user !== null && <EditUserForm key={user.id} user={user} onClose={onClose} />}
    </Modal>
  );
}

function EditUserForm({ user, onClose }: { user: UserRowFragment; onClose: () => void }) {
  const [update] = useMutation(UpdateUserDocument);
  const form = useForm({
    initialValues: { name: user.name, role: user.role, projectIds: user.projects.map((project) => String(project.id)) },
    validate: { name: (value) => (value.trim() === '' ? 'A name, please' : null) },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ name, role, projectIds }) =>
    action.run(async () => {
      const { data } = await update({
        variables: {
          id: user.id,
          input: { name: name.trim(), role, ...(roleWords(role).seesAll ? {} : { projectIds }) },
        },
      });
      resultOf(data?.updateUser);
      toast({ message: `${name.trim()} was changed.` });
      onClose();
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <RoleField
        value={form.values.role}
        onChange={(role) => form.setFieldValue('role', role)}
        error={form.errors['role'] as string | undefined}
      />
      {!roleWords(form.values.role).seesAll && (
        <ProjectPicker
          label="Projects"
          description="They see these and no others."
          value={form.values.projectIds}
          onChange={(ids) => form.setFieldValue('projectIds', ids)}
        />
      )}
      <DialogButtons submit="Save" busy={action.busy} disabled={!form.isDirty()} onCancel={onClose} />
    </Form>
  );
}
