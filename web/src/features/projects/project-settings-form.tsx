import { useMutation } from '@apollo/client/react';
import { type ProjectDetailFragment, UpdateProjectDocument } from '@errata/schema';
import { NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { onto, useAction } from '../../lib/action.ts';
import { resultOf } from '../../lib/refusal.ts';
import { Form, FormPair, FormProblem, ReadOnlyNote, SettingsButtons } from '../../ui/form.tsx';
import { Panel } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { slugFault } from './new-project-form.tsx';
import { PLATFORMS } from './platforms.ts';

const SEPARATORS = [',', ' ', '\n'];

/** Name, scrubbing, own code and attachments of a project; limits are on the tab of filters. `onSlug` is called when its address changed. */
export function ProjectSettingsForm({
  project,
  readOnly,
  onSlug,
}: {
  project: ProjectDetailFragment;
  readOnly: boolean;
  onSlug: (slug: string) => void;
}) {
  const [update] = useMutation(UpdateProjectDocument, { refetchQueries: ['ProjectNames'] });
  const { settings } = project;
  const form = useForm({
    initialValues: {
      name: project.name,
      slug: project.slug,
      platform: project.platform,
      scrubDefaults: settings.scrubDefaults,
      scrubEmails: settings.scrubEmails,
      scrubIpAddresses: settings.scrubIpAddresses,
      sensitiveFields: settings.sensitiveFields,
      safeFields: settings.safeFields,
      inAppInclude: settings.inAppInclude,
      inAppExclude: settings.inAppExclude,
      attachmentMaxMegabytes: settings.attachmentMaxMegabytes,
      attachmentQuotaMegabytes: settings.attachmentQuotaMegabytes,
      retentionDays: settings.retentionDays,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'A name, please' : null),
      slug: slugFault,
      attachmentMaxMegabytes: (value) => (Number.isInteger(value) ? null : 'A whole number of megabytes, please'),
      attachmentQuotaMegabytes: (value) => (Number.isInteger(value) ? null : 'A whole number of megabytes, please'),
      retentionDays: (value) => (Number.isInteger(value) ? null : 'A whole number of days, please'),
    },
  });
  const action = useAction(onto(form));
  const submit = form.onSubmit(({ name, slug, platform, ...settings }) =>
    action.run(async () => {
      const { data } = await update({
        variables: {
          id: project.id,
          input: {
            name: name.trim(),
            slug,
            platform,
            settings,
          },
        },
      });
      const saved = resultOf(data?.updateProject);
      form.setInitialValues(form.getValues());
      form.resetDirty();
      toast({ message: 'The settings were saved.' });
      if (saved.slug !== project.slug) onSlug(saved.slug);
    }),
  );
  const tick = (name: 'scrubDefaults' | 'scrubEmails' | 'scrubIpAddresses') => form.getInputProps(name, { type: 'checkbox' });
  return (
    <Form onSubmit={submit}>
      {readOnly && <ReadOnlyNote />}
      <FormProblem>{action.problem}</FormProblem>
      <fieldset disabled={readOnly} style={{ border: 0, margin: 0, padding: 0, display: 'contents' }}>
        <Panel title="Project">
          <FormPair>
            <TextInput label="Name" {...form.getInputProps('name')} />
            <TextInput
              label="Slug"
              description="Changes the address of its pages and the references of its errors."
              {...form.getInputProps('slug')}
            />
            <Select
              label="Runs on"
              data={[...PLATFORMS]}
              searchable
              clearable
              placeholder="not said"
              {...form.getInputProps('platform')}
            />
          </FormPair>
        </Panel>
        <Panel title="Scrubbing" note="happens before anything is written">
          <FormPair>
            <Switch
              label="Secrets and payment data"
              description="Passwords, tokens, keys, cookies, card numbers"
              {...tick('scrubDefaults')}
            />
            <Switch label="E-mail addresses" description="Wherever they stand in an event" {...tick('scrubEmails')} />
            <Switch label="IP addresses" description="Of users and in requests" {...tick('scrubIpAddresses')} />
          </FormPair>
          <div style={{ height: 14 }} />
          <FormPair>
            <TagsInput
              label="Also sensitive"
              description="Fields whose values are always removed, by name."
              placeholder="iban, patientId"
              splitChars={SEPARATORS}
              {...form.getInputProps('sensitiveFields')}
            />
            <TagsInput
              label="Never sensitive"
              description="Fields that the rules would remove but should not."
              placeholder="token_count"
              splitChars={SEPARATORS}
              {...form.getInputProps('safeFields')}
            />
          </FormPair>
        </Panel>
        <Panel title="Own code" note="decides which frames group errors and are shown first">
          <FormPair>
            <TagsInput
              label="Ours"
              description="Prefixes of modules or paths that are your own code."
              placeholder="com.example., src/"
              splitChars={SEPARATORS}
              {...form.getInputProps('inAppInclude')}
            />
            <TagsInput
              label="Not ours"
              description="Prefixes that are other people’s code, even where the SDK says otherwise."
              placeholder="vendor/"
              splitChars={SEPARATORS}
              {...form.getInputProps('inAppExclude')}
            />
          </FormPair>
        </Panel>
        <Panel title="Retention" note="errors stay with their counts and charts, whatever becomes of their events">
          <FormPair>
            <NumberInput
              label="Keep events for, days"
              description="Older events with their files, feedback and session counts are deleted for good, within minutes. 0 keeps everything until its error is deleted."
              min={0}
              max={3_650}
              allowDecimal={false}
              {...form.getInputProps('retentionDays')}
            />
          </FormPair>
        </Panel>
        <Panel title="Attachments" note="files that come with events and feedback; they are not scrubbed">
          <FormPair>
            <NumberInput
              label="Largest file, MB"
              description="Larger ones are left out; 0 keeps none at all."
              min={0}
              max={100}
              allowDecimal={false}
              {...form.getInputProps('attachmentMaxMegabytes')}
            />
            <NumberInput
              label="All together, MB"
              description="Beyond it the oldest files are removed."
              min={0}
              max={1_000_000}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps('attachmentQuotaMegabytes')}
            />
          </FormPair>
        </Panel>
      </fieldset>
      {!readOnly && <SettingsButtons dirty={form.isDirty()} busy={action.busy} onDiscard={form.reset} />}
    </Form>
  );
}
