import { useMutation, useQuery } from '@apollo/client/react';
import {
  CreateMonitorDocument,
  type MonitorRowFragment,
  type MonitorScheduleInput,
  SchedulePreviewDocument,
  UpdateMonitorDocument,
} from '@errata/schema';
import { Modal, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { onto, useAction } from '../../lib/action.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { resultOf } from '../../lib/refusal.ts';
import { useDisplay } from '../../ui/display.tsx';
import { DialogButtons, Form, FormPair, FormProblem } from '../../ui/form.tsx';
import { formatDateTime, toMs } from '../../ui/format.ts';
import { Banner } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './monitors.module.css';

/** What {@link MonitorDialog} takes; `subject` null keeps it closed. */
export interface MonitorDialogProps {
  subject: MonitorRowFragment | 'new' | null;
  onClose: () => void;
  /** Called with a monitor that was just made. */
  onMade?: (id: string) => void;
}

/** Makes a monitor by hand, or changes one. */
export function MonitorDialog({ subject, onClose, onMade }: MonitorDialogProps) {
  return (
    <Modal
      opened={subject !== null}
      onClose={onClose}
      title={subject === 'new' ? 'New monitor' : 'Change the monitor'}
      size="lg"
      closeOnClickOutside={false}
    >
      {subject !== null && <MonitorForm subject={subject} onClose={onClose} {...(onMade === undefined ? {} : { onMade })} />}
    </Modal>
  );
}

interface Values {
  projectId: string;
  name: string;
  slug: string;
  type: 'CRONTAB' | 'INTERVAL';
  crontab: string;
  every: number | '';
  unit: NonNullable<MonitorScheduleInput['unit']>;
  timezone: string;
  marginMinutes: number | '';
  maxRuntimeMinutes: number | '';
  failureThreshold: number | '';
  recoveryThreshold: number | '';
}

const UNITS = (['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const).map((value) => ({
  value,
  label: `${value.toLowerCase()}s`,
}));
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function valuesOf(subject: MonitorRowFragment | 'new', projectId: string): Values {
  if (subject === 'new')
    return {
      projectId,
      name: '',
      slug: '',
      type: 'CRONTAB',
      crontab: '0 4 * * *',
      every: 1,
      unit: 'HOUR',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
      marginMinutes: 5,
      maxRuntimeMinutes: 30,
      failureThreshold: 1,
      recoveryThreshold: 1,
    };
  const { schedule } = subject;
  return {
    projectId: String(subject.projectId),
    name: subject.name,
    slug: subject.slug,
    type: schedule.type,
    crontab: schedule.type === 'CRONTAB' ? schedule.value : '0 4 * * *',
    every: schedule.type === 'INTERVAL' ? Number(schedule.value) : 1,
    unit: schedule.unit ?? 'HOUR',
    timezone: schedule.timezone,
    marginMinutes: subject.marginMinutes,
    maxRuntimeMinutes: subject.maxRuntimeMinutes,
    failureThreshold: subject.failureThreshold,
    recoveryThreshold: subject.recoveryThreshold,
  };
}

function scheduleOf(values: Values): MonitorScheduleInput {
  return values.type === 'CRONTAB'
    ? { type: 'CRONTAB', value: values.crontab, timezone: values.timezone }
    : { type: 'INTERVAL', value: String(values.every), unit: values.unit };
}

function MonitorForm({ subject, onClose, onMade }: MonitorDialogProps & { subject: MonitorRowFragment | 'new' }) {
  const { projects, selected } = useProjectScope();
  const form = useForm<Values>({
    initialValues: valuesOf(subject, String((selected[0] ?? projects[0])?.id ?? '')),
    validate: { name: (value) => (value.trim() === '' ? 'What runs?' : null) },
  });
  const action = useAction(onto(form));
  const [create] = useMutation(CreateMonitorDocument, { refetchQueries: ['Monitors'] });
  const [update] = useMutation(UpdateMonitorDocument);
  const submit = form.onSubmit((values) =>
    action.run(async () => {
      const numbers = {
        marginMinutes: numberOf(values.marginMinutes),
        maxRuntimeMinutes: numberOf(values.maxRuntimeMinutes),
        failureThreshold: numberOf(values.failureThreshold),
        recoveryThreshold: numberOf(values.recoveryThreshold),
      };
      const name = values.name.trim();
      if (subject === 'new') {
        const input = {
          projectId: values.projectId,
          name,
          slug: values.slug.trim() || null,
          schedule: scheduleOf(values),
          ...numbers,
        };
        const made = resultOf((await create({ variables: { input } })).data?.createMonitor);
        toast({ message: `“${made.name}” waits for its first check-in.` });
        onMade?.(String(made.id));
      } else {
        const input = { name, schedule: scheduleOf(values), ...numbers };
        resultOf((await update({ variables: { id: String(subject.id), input } })).data?.updateMonitor);
      }
      onClose();
    }),
  );
  return (
    <Form onSubmit={submit}>
      <FormProblem>{action.problem}</FormProblem>
      {subject !== 'new' && subject.origin === 'CODE' && (
        <Banner tone="amber">This monitor is described by its own code: its next check-in puts the schedule back.</Banner>
      )}
      <FormPair>
        <TextInput label="Name" placeholder="Nightly backup" data-autofocus {...form.getInputProps('name')} />
        {subject === 'new' ? (
          <Select
            label="Project"
            allowDeselect={false}
            searchable
            data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
            {...form.getInputProps('projectId')}
          />
        ) : (
          <TextInput label="Slug" value={subject.slug} readOnly disabled />
        )}
      </FormPair>
      {subject === 'new' && (
        <TextInput
          label="Slug"
          description="By which check-ins name it. Made of the name unless you choose one; it stays."
          placeholder="nightly-backup"
          {...form.getInputProps('slug')}
        />
      )}
      <SegmentedControl
        aria-label="Kind of schedule"
        data={[
          { value: 'CRONTAB', label: 'Crontab' },
          { value: 'INTERVAL', label: 'Interval' },
        ]}
        {...form.getInputProps('type')}
      />
      {form.values.type === 'CRONTAB' ? (
        <FormPair>
          <TextInput label="Crontab" classNames={{ input: 'er-mono' }} {...form.getInputProps('crontab')} />
          <Select
            label="Time zone"
            searchable
            allowDeselect={false}
            data={ZONES}
            limit={50}
            {...form.getInputProps('timezone')}
          />
        </FormPair>
      ) : (
        <FormPair>
          <NumberInput label="Every" min={1} allowDecimal={false} {...form.getInputProps('every')} />
          <Select label="Unit" allowDeselect={false} data={UNITS} {...form.getInputProps('unit')} />
        </FormPair>
      )}
      <Preview schedule={scheduleOf(form.values)} />
      <FormPair>
        <NumberInput
          label="Margin, minutes"
          description="How late a run may report before it is missed."
          min={1}
          allowDecimal={false}
          {...form.getInputProps('marginMinutes')}
        />
        <NumberInput
          label="Longest run, minutes"
          description="A run that has not ended by then has timed out."
          min={1}
          allowDecimal={false}
          {...form.getInputProps('maxRuntimeMinutes')}
        />
      </FormPair>
      <FormPair>
        <NumberInput
          label="Failures that make an error"
          description="Bad runs in a row."
          min={1}
          allowDecimal={false}
          {...form.getInputProps('failureThreshold')}
        />
        <NumberInput
          label="Good runs that end it"
          description="In a row; the error is then resolved."
          min={1}
          allowDecimal={false}
          {...form.getInputProps('recoveryThreshold')}
        />
      </FormPair>
      <DialogButtons submit={subject === 'new' ? 'Create monitor' : 'Save'} busy={action.busy} onCancel={onClose} />
    </Form>
  );
}

const numberOf = (value: number | ''): number | null => (value === '' ? null : value);

/** When the schedule comes round, as the server reads it. */
function Preview({ schedule }: { schedule: MonitorScheduleInput }) {
  const { timeZone } = useDisplay();
  const [asked] = useDebouncedValue(JSON.stringify(schedule), 250);
  const { data, previousData } = useQuery(SchedulePreviewDocument, {
    variables: { schedule: JSON.parse(asked) as MonitorScheduleInput },
    fetchPolicy: 'network-only',
  });
  const preview = (data ?? previousData)?.schedulePreview;
  return (
    <div role="status" aria-live="polite">
      {preview === undefined ? (
        <span className="er-dim">…</span>
      ) : preview.problem === null ? (
        <ul className={classes.runs} aria-label="Next runs">
          {preview.runs.slice(0, 3).map((at, i) => (
            <li key={at}>
              {i === 0 ? 'Next: ' : 'then '}
              {formatDateTime(toMs(at), timeZone)}
            </li>
          ))}
        </ul>
      ) : (
        <span style={{ color: 'var(--er-red-fg)' }}>{preview.problem}</span>
      )}
    </div>
  );
}
