import { useMutation } from '@apollo/client/react';
import { CreateApiTokenDocument } from '@errata/schema';
import { Button, Checkbox, Modal, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { onto, useAction } from '../../lib/action.ts';
import { ownUrl } from '../../lib/base.ts';
import { resultOf } from '../../lib/refusal.ts';
import { type Permission, useViewer } from '../../lib/viewer.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DialogButtons, Form, FormButtons, FormProblem, OneTimeSecret } from '../../ui/form.tsx';
import classes from './access.module.css';
import { ProjectPicker } from './project-picker.tsx';
import { SCOPES } from './roles.ts';

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Never expires' },
];

/** Creates a token; its secret is shown this once, in the same dialog. */
export function TokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    onClose();
    setSecret(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={secret === null ? 'Create an API token' : 'Copy the token now'}
      closeOnClickOutside={secret === null}
      closeOnEscape={secret === null}
      withCloseButton={secret === null}
    >
      {secret === null ? <TokenForm onCreated={setSecret} onCancel={close} /> : <Secret secret={secret} onDone={close} />}
    </Modal>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const example = [
    `curl ${ownUrl('graphql')} \\`,
    "  -H 'content-type: application/json' \\",
    `  -H 'authorization: Bearer ${secret}' \\`,
    `  -d '{"query":"{ projects { slug openErrorCount } }"}'`,
  ].join('\n');
  return (
    <>
      <Text size="sm" mb="sm">
        It is shown only now and stored nowhere in readable form. Whoever has it can do what the token may do.
      </Text>
      <OneTimeSecret value={secret} what="Copy token" />
      <Text size="sm" mt="md" mb="xs">
        To try it:
      </Text>
      <CodeBlock code={example} copyWhat="Copy example" />
      <FormButtons>
        <Button mt="sm" onClick={onDone}>
          I have stored it
        </Button>
      </FormButtons>
    </>
  );
}

function TokenForm({ onCreated, onCancel }: { onCreated: (secret: string) => void; onCancel: () => void }) {
  const { can } = useViewer();
  const [create] = useMutation(CreateApiTokenDocument, { refetchQueries: ['ApiTokens'] });
  const form = useForm({
    initialValues: { name: '', scopes: ['errors:read', 'projects:read'], projectIds: [] as string[], days: '90' },
    validate: {
      name: (value) => (value.trim() === '' ? 'What is it for?' : null),
      scopes: (value) => (value.length === 0 ? 'Choose at least one' : null),
    },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ name, scopes, projectIds, days }) =>
    action.run(async () => {
      const { data } = await create({
        variables: {
          input: {
            name: name.trim(),
            scopes,
            ...(projectIds.length === 0 ? {} : { projectIds }),
            ...(days === 'never' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
          },
        },
      });
      onCreated(resultOf(data?.createApiToken).secret);
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput label="Name" placeholder="Nightly export" data-autofocus {...form.getInputProps('name')} />
      <Checkbox.Group label="May" description="A token never may more than you." {...form.getInputProps('scopes')}>
        <div className={classes.scopes} style={{ marginTop: 8 }}>
          {SCOPES.filter(({ scope }) => scope === 'events:write' || can(scope as Permission)).map(({ scope, words }) => (
            <Checkbox key={scope} value={scope} label={words} description={<code>{scope}</code>} />
          ))}
        </div>
      </Checkbox.Group>
      <ProjectPicker
        label="Projects"
        description="Leave it empty for all that you may see, now and later."
        value={form.values.projectIds}
        onChange={(ids) => form.setFieldValue('projectIds', ids)}
      />
      <Select label="Expires" data={LIFETIMES} allowDeselect={false} w={200} {...form.getInputProps('days')} />
      <DialogButtons submit="Create token" busy={action.busy} onCancel={onCancel} />
    </Form>
  );
}
