import { useMutation } from '@apollo/client/react';
import { type ProjectInboundQuery, UpdateProjectDocument } from '@errata/schema';
import { NumberInput, Switch, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { Form, FormPair, FormProblem, ReadOnlyNote, SettingsButtons } from '../../ui/form.tsx';
import { formatWhole } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toast } from '../../ui/toast.tsx';
import { CategoryLimits, type LimitDrafts, limitDrafts, quotasOf } from './category-limits.tsx';
import { droppedBy } from './inbound-counts.ts';
import { fromRule, type RuleDraft, SamplingRules, toRule } from './sampling-rules.tsx';

type InboundProject = NonNullable<ProjectInboundQuery['project']>;

const SWITCHES = [
  {
    name: 'filterBrowserExtensions',
    reason: 'browser_extension',
    label: 'Browser extensions',
    says: 'Errors thrown inside extensions, and of scripts that others put into your pages',
  },
  {
    name: 'filterCrawlers',
    reason: 'crawler',
    label: 'Search engines and robots',
    says: 'By their user agent: crawlers, link previews, uptime monitors',
  },
  {
    name: 'filterLocalhost',
    reason: 'localhost',
    label: 'Developers’ own machines',
    says: 'Errors from localhost, 127.0.0.1 and pages opened as files',
  },
  {
    name: 'filterHealthChecks',
    reason: 'health_check',
    label: 'Health checks',
    says: 'Errors of requests to /health, /ready, /ping and the like, and of probes',
  },
] as const;

const LISTS = [
  { name: 'filterReleases', reason: 'release', label: 'Releases', placeholder: 'shop@1.*' },
  { name: 'filterEnvironments', reason: 'environment', label: 'Environments', placeholder: 'test-*' },
  { name: 'filterMessages', reason: 'message', label: 'Messages', placeholder: 'ChunkLoadError: *' },
  { name: 'filterIpAddresses', reason: 'ip_address', label: 'Client addresses', placeholder: '10.0.0.0/8' },
] as const;

/** What a project lets in: filters, limits, spike protection and sampling, each with what it left out lately. */
export function InboundForm({ project, readOnly }: { project: InboundProject; readOnly: boolean }) {
  const [update] = useMutation(UpdateProjectDocument, { refetchQueries: ['ProjectInbound'] });
  const { inbound } = project.settings;
  const dropped = droppedBy(project.outcomes);
  const form = useForm({
    initialValues: {
      ...Object.fromEntries(SWITCHES.map(({ name }) => [name, inbound[name]])),
      ...Object.fromEntries(LISTS.map(({ name }) => [name, [...inbound[name]]])),
      spikeProtection: inbound.spikeProtection,
      eventsPerMinute: (project.settings.eventsPerMinute ?? '') as number | '',
      quotas: limitDrafts(inbound.quotas),
      sampling: inbound.sampling.map(fromRule) as RuleDraft[],
    } as FormValues,
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ eventsPerMinute, quotas, sampling, ...rest }) =>
    action.run(async () => {
      const { data } = await update({
        variables: {
          id: project.id,
          input: {
            settings: {
              eventsPerMinute: eventsPerMinute === '' ? null : eventsPerMinute,
              inbound: {
                ...rest,
                quotas: quotasOf(quotas),
                sampling: sampling.map(toRule),
              },
            },
          },
        },
      });
      resultOf(data?.updateProject);
      form.setInitialValues(form.getValues());
      form.resetDirty();
      toast({ message: 'Saved. It holds for what comes in from now on.' });
    }),
  );
  return (
    <Form onSubmit={submit}>
      {readOnly && <ReadOnlyNote />}
      <FormProblem>{action.problem}</FormProblem>
      <fieldset disabled={readOnly} style={{ border: 0, margin: 0, padding: 0, display: 'contents' }}>
        <Panel title="Noise that is not yours" note="the numbers: left out in the last 7 days">
          <FormPair>
            {SWITCHES.map(({ name, reason, label, says }) => (
              <Switch
                key={name}
                label={<Counted label={label} count={dropped(reason)} />}
                description={says}
                {...form.getInputProps(name, { type: 'checkbox' })}
              />
            ))}
          </FormPair>
        </Panel>
        <Panel title="Leave out" note="* stands for any text">
          <FormPair>
            {LISTS.map(({ name, reason, label, placeholder }) => (
              <TagsInput
                key={name}
                label={<Counted label={label} count={dropped(reason)} />}
                placeholder={form.values[name].length === 0 ? placeholder : ''}
                splitChars={name === 'filterMessages' ? ['\n'] : [',', '\n']}
                {...form.getInputProps(name)}
              />
            ))}
          </FormPair>
        </Panel>
        <Panel title="Limits" note="per minute, for all keys together; empty: none">
          <Switch
            mb="sm"
            label={<Counted label="Spike protection" count={dropped('spike')} />}
            description={
              <>
                Holds back repetitions while the project sends five times more than in its busiest usual hour. New kinds of errors
                still come through. <SpikeNow spike={project.spike} />
              </>
            }
            {...form.getInputProps('spikeProtection', { type: 'checkbox' })}
          />
          <FormPair>
            <NumberInput
              label={<Counted label="Events" count={dropped('project_quota')} />}
              placeholder="no limit"
              min={1}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps('eventsPerMinute')}
            />
            <CategoryLimits inputProps={(path) => form.getInputProps(path)} />
          </FormPair>
        </Panel>
        <SamplingRules
          rules={form.values.sampling}
          onChange={(rules) => form.setFieldValue('sampling', rules)}
          dropped={dropped}
          environments={project.environments}
          readOnly={readOnly}
        />
      </fieldset>
      {!readOnly && <SettingsButtons dirty={form.isDirty()} busy={action.busy} onDiscard={form.reset} />}
    </Form>
  );
}

type FormValues = Record<(typeof SWITCHES)[number]['name'], boolean> &
  Record<(typeof LISTS)[number]['name'], string[]> & {
    spikeProtection: boolean;
    eventsPerMinute: number | '';
    quotas: LimitDrafts;
    sampling: RuleDraft[];
  };

/** A label with how much its rule left out, when it did. */
function Counted({ label, count }: { label: string; count: number }) {
  return (
    <>
      {label}
      {count > 0 && (
        <>
          {' '}
          <ToneBadge tone="violet" title="Left out in the last 7 days">
            {formatWhole(count)}
          </ToneBadge>
        </>
      )}
    </>
  );
}

function SpikeNow({ spike }: { spike: InboundProject['spike'] }) {
  return (
    <>
      {spike.limitPerHour === null
        ? 'It begins once there is a day of history to compare with.'
        : `It begins at ${formatWhole(spike.limitPerHour)} events per hour.`}{' '}
      {spike.spikingSince !== null && (
        <ToneBadge tone="amber">
          holding back since <RelativeTime at={spike.spikingSince} />
        </ToneBadge>
      )}
    </>
  );
}
