import { useMutation } from '@apollo/client/react';
import { CreateDsnKeyDocument, type DsnKeyFieldsFragment, UpdateDsnKeyDocument } from '@errata/schema';
import { Button, Modal, NumberInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { DialogButtons, Form, FormButtons, FormPair, FormProblem, OneTimeSecret } from '../../ui/form.tsx';
import { toast } from '../../ui/toast.tsx';
import { CategoryLimits, type LimitDrafts, limitDrafts, quotasOf } from './category-limits.tsx';
import { useRotateKey } from './keys-table.tsx';

/** Creates a key of a project, or changes one: `subject` is the key, `new`, or null for closed. */
export function KeyDialog({
  projectId,
  subject,
  onClose,
}: {
  projectId: string;
  subject: DsnKeyFieldsFragment | 'new' | null;
  onClose: () => void;
}) {
  return (
    <Modal opened={subject !== null} onClose={onClose} title={subject === 'new' ? 'Create a key' : 'Label and limit'}>
      {subject !== null && <KeyForm projectId={projectId} subject={subject} onClose={onClose} />}
    </Modal>
  );
}

function KeyForm({
  projectId,
  subject,
  onClose,
}: {
  projectId: string;
  subject: DsnKeyFieldsFragment | 'new';
  onClose: () => void;
}) {
  const [create] = useMutation(CreateDsnKeyDocument, { refetchQueries: ['Project'] });
  const [update] = useMutation(UpdateDsnKeyDocument);
  const known = subject === 'new' ? null : subject;
  const form = useForm<{ label: string; eventsPerMinute: number | ''; quotas: LimitDrafts }>({
    initialValues: {
      label: known?.label ?? '',
      eventsPerMinute: known?.eventsPerMinute ?? '',
      quotas: limitDrafts(known?.quotas ?? []),
    },
    validate: { label: (value) => (value.trim() === '' ? 'What is it for?' : null) },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ label, eventsPerMinute, quotas }) =>
    action.run(async () => {
      const limit = eventsPerMinute === '' ? null : eventsPerMinute;
      const input = { label: label.trim(), eventsPerMinute: limit, quotas: quotasOf(quotas) };
      if (known === null) {
        resultOf((await create({ variables: { input: { projectId, ...input } } })).data?.createDsnKey);
        toast({ message: `“${input.label}” can be used now.` });
      } else {
        resultOf((await update({ variables: { id: known.id, input } })).data?.updateDsnKey);
      }
      onClose();
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      <TextInput label="Label" placeholder="Mobile app" data-autofocus {...form.getInputProps('label')} />
      <NumberInput
        label="Events per minute"
        description="What is sent beyond it is refused and counted. Empty: no limit of its own."
        placeholder="no limit"
        min={1}
        allowDecimal={false}
        thousandSeparator=","
        {...form.getInputProps('eventsPerMinute')}
      />
      <details open={known !== null && known.quotas.length > 0}>
        <summary>Limits of other items, per minute</summary>
        <FormPair>
          <CategoryLimits inputProps={(path) => form.getInputProps(path)} />
        </FormPair>
      </details>
      <DialogButtons submit={known === null ? 'Create key' : 'Save'} busy={action.busy} onCancel={onClose} />
    </Form>
  );
}

/** Asks before a key is rotated, and shows the new DSN after. */
export function RotateDialog({ subject, onClose }: { subject: DsnKeyFieldsFragment | null; onClose: () => void }) {
  const [made, setMade] = useState<DsnKeyFieldsFragment | null>(null);
  const rotate = useRotateKey();
  const action = useAction();
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={subject !== null} onClose={close} title={made === null ? `Rotate “${subject?.label ?? ''}”` : 'The new DSN'}>
      {made === null ? (
        <>
          <FormProblem>{action.problem}</FormProblem>
          <Text size="sm">
            A new key with the same label and limit takes its place, and this one is disabled at once: programs that still use it
            are refused until they get the new DSN. To change over without a gap, create a second key first.
          </Text>
          <FormButtons>
            <Button variant="subtle" color="gray" onClick={close}>
              Cancel
            </Button>
            <Button
              color="red"
              loading={action.busy}
              onClick={() => action.run(async () => subject !== null && setMade(await rotate(subject)))}
            >
              Rotate
            </Button>
          </FormButtons>
        </>
      ) : (
        <>
          <OneTimeSecret value={made.dsn} what="Copy DSN" />
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
