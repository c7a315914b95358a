import { useMutation } from '@apollo/client/react';
import { CreateLogSourceDocument, type LogSourceSettingsFragment, UpdateLogSourceDocument } from '@errata/schema';
import { Modal, NumberInput, SegmentedControl, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { DialogButtons, Form, FormPair, FormProblem } from '../../ui/form.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './log-sources.module.css';
import { inputOf, valuesOf } from './source-form-values.ts';
import { SourcePreview } from './source-preview.tsx';

const ENCODINGS = [
  { value: 'auto', label: 'Automatic (UTF-8 unless marked)' },
  { value: 'utf8', label: 'UTF-8' },
  { value: 'utf16le', label: 'UTF-16, little-endian' },
  { value: 'utf16be', label: 'UTF-16, big-endian' },
  { value: 'latin1', label: 'Latin 1' },
];
const WRAPPERS = [
  { value: 'auto', label: 'Automatic (line by line)' },
  { value: 'none', label: 'Nothing' },
  { value: 'docker', label: 'Docker (json-file)' },
  { value: 'cri', label: 'Kubernetes (CRI)' },
  { value: 'journal', label: 'systemd journal (JSON)' },
  { value: 'syslog', label: 'syslog' },
  { value: 'prefix', label: 'Name and bar (compose, pm2, kubectl)' },
  { value: 'kernel', label: 'Kernel (seconds in brackets)' },
];
const LEVELS = ['info', 'warning', 'error', 'fatal'];
const STARTS = [
  { value: 'END', label: 'At the end' },
  { value: 'BEGINNING', label: 'At the beginning' },
  { value: 'LAST_LINES', label: 'Last lines' },
];

/** Makes a log source or changes one: `subject` is the source, `new`, or null for closed. */
export function SourceDialog({
  projectId,
  subject,
  onClose,
}: {
  projectId: string;
  subject: LogSourceSettingsFragment | 'new' | null;
  onClose: () => void;
}) {
  const title = subject === 'new' ? 'Watch log files' : `Settings of “${subject?.name ?? ''}”`;
  return (
    <Modal opened={subject !== null} onClose={onClose} title={title} size="68rem" closeOnClickOutside={false}>
      {subject !== null && <SourceForm projectId={projectId} source={subject === 'new' ? null : subject} onClose={onClose} />}
    </Modal>
  );
}

function SourceForm({
  projectId,
  source,
  onClose,
}: {
  projectId: string;
  source: LogSourceSettingsFragment | null;
  onClose: () => void;
}) {
  const refetch = { refetchQueries: ['ProjectLogSources'], awaitRefetchQueries: true };
  const [create] = useMutation(CreateLogSourceDocument, refetch);
  const [update] = useMutation(UpdateLogSourceDocument, refetch);
  const [showsMore, setShowsMore] = useState(false);
  const form = useForm({
    initialValues: valuesOf(source),
    validate: {
      name: (value) => (value.trim() === '' ? 'A name, please' : null),
      globs: (value) => (value.trim() === '' ? 'Name at least one file or pattern' : null),
      tags: (value) => (value.some((tag) => tag.indexOf('=') < 1) ? 'Write tags as key=value' : null),
    },
  });
  const action = useAction(onto(form));
  const values = form.getValues();
  const submit = form.onSubmit((given) =>
    action.run(async () => {
      const input = inputOf(given);
      if (source === null) {
        resultOf((await create({ variables: { projectId, input } })).data?.createLogSource);
        toast({ message: `“${input.name}” is being watched.` });
      } else {
        resultOf((await update({ variables: { id: source.id, input } })).data?.updateLogSource);
        toast({ message: `“${input.name}” was saved.` });
      }
      onClose();
    }),
  );
  return (
    <div className={classes.editor}>
      <Form onSubmit={submit}>
        <FormProblem>{action.problem}</FormProblem>
        <TextInput label="Name" placeholder="Application log" data-autofocus {...form.getInputProps('name')} />
        <Textarea
          label="Files"
          description="One a line; absolute paths. * and ? within a name, ** for any folders, {a,b} for either."
          placeholder={'/var/log/app/*.log\n/var/log/nginx/error.log'}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('globs')}
        />
        <div>
          <SegmentedControl
            fullWidth
            aria-label="Who reads the files"
            data={[
              { value: 'SERVER', label: 'This server reads them' },
              { value: 'AGENT', label: 'An agent elsewhere' },
            ]}
            {...form.getInputProps('watcher')}
          />
        </div>
        <FormPair>
          <Select
            label="Begin"
            description="In files that are there now; later ones are read whole."
            data={STARTS}
            allowDeselect={false}
            {...form.getInputProps('startAt')}
          />
          {values.startAt === 'LAST_LINES' && (
            <NumberInput
              label="Lines"
              description="Of each file."
              min={0}
              allowDecimal={false}
              {...form.getInputProps('startLines')}
            />
          )}
        </FormPair>
        <FormPair>
          <TextInput label="Environment" placeholder="production" {...form.getInputProps('environment')} />
          <TextInput label="Release" {...form.getInputProps('release')} />
        </FormPair>
        {showsMore ? (
          <>
            <Textarea
              label="Leave out"
              description="One a line; without a slash it goes for the name alone."
              placeholder="*.access.log"
              autosize
              minRows={1}
              maxRows={5}
              spellCheck={false}
              {...form.getInputProps('exclusions')}
            />
            <Switch
              label="Single lines of a high level are errors"
              description="Off: only stack traces and what patterns find."
              {...form.getInputProps('errorLines', { type: 'checkbox' })}
            />
            <Switch label="Use the project's patterns" {...form.getInputProps('patternsEnabled', { type: 'checkbox' })} />
            <FormPair>
              <Select label="Least level of such lines" data={LEVELS} allowDeselect={false} {...form.getInputProps('minLevel')} />
              <TextInput
                label="Time zone"
                description="For times that do not say theirs."
                placeholder="UTC"
                {...form.getInputProps('timeZone')}
              />
            </FormPair>
            <TagsInput label="Tags" description="key=value, put on every event." {...form.getInputProps('tags')} />
            <FormPair>
              <Select
                label="Encoding"
                description="Of the characters."
                data={ENCODINGS}
                allowDeselect={false}
                {...form.getInputProps('encoding')}
              />
              <Select
                label="Around each line"
                description="Taken off before the line is read."
                data={WRAPPERS}
                allowDeselect={false}
                {...form.getInputProps('wrapper')}
              />
            </FormPair>
            <Switch
              label="Poll only"
              description="For network drives, where changes are not announced."
              checked={values.polling === 'ALWAYS'}
              onChange={(event) => form.setFieldValue('polling', event.currentTarget.checked ? 'ALWAYS' : 'AUTO')}
            />
            <FormPair>
              <NumberInput label="Look every (ms)" min={100} allowDecimal={false} {...form.getInputProps('pollIntervalMs')} />
              <NumberInput
                label="An event ends after (ms)"
                description="Silence of the file."
                min={100}
                allowDecimal={false}
                {...form.getInputProps('flushAfterMs')}
              />
            </FormPair>
          </>
        ) : (
          <div>
            <TextButton onClick={() => setShowsMore(true)}>More settings</TextButton>
          </div>
        )}
        <DialogButtons submit={source === null ? 'Watch' : 'Save'} busy={action.busy} onCancel={onClose} />
      </Form>
      <SourcePreview projectId={projectId} input={inputOf(values)} />
    </div>
  );
}
