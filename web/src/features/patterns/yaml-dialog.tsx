import { useLazyQuery, useMutation, useQuery } from '@apollo/client/react';
import { ImportPatternsDocument, type ImportPatternsMutation, ProjectPatternsYamlDocument } from '@errata/schema';
import { Button, FileButton, Group, Modal, SegmentedControl, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useAction } from '../../lib/action.ts';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { FormButtons, FormProblem } from '../../ui/form.tsx';
import { FailedState, LoadingBlock } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import shared from './patterns.module.css';
import classes from './yaml-dialog.module.css';

type Answer = ImportPatternsMutation['importPatterns'];
type Plan = Extract<Answer, { __typename: 'PatternImport' }>;
type Mode = 'MERGE' | 'REPLACE';

/** Shows a project's patterns as YAML, to be copied or kept. */
export function ExportDialog({ slug, opened, onClose }: { slug: string; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Patterns as YAML" size="xl">
      {opened && <Export slug={slug} />}
    </Modal>
  );
}

function Export({ slug }: { slug: string }) {
  const { data, error, refetch } = useQuery(ProjectPatternsYamlDocument, { variables: { slug }, fetchPolicy: 'network-only' });
  const yaml = data?.project?.patternsYaml;
  if (yaml === undefined) {
    return error === undefined ? (
      <LoadingBlock height="16rem" />
    ) : (
      <FailedState message={messageOf(error)} onRetry={() => void refetch()} />
    );
  }
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' }));
    link.download = `${slug}-patterns.yaml`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <CodeBlock code={yaml} maxHeight="60vh" copyWhat="Copy the YAML" />
      <FormButtons>
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={save} mt="sm">
          Download
        </Button>
      </FormButtons>
    </>
  );
}

/** Takes over patterns from YAML; says what would change before anything does. */
export function ImportDialog(props: { slug: string; projectId: string; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Import patterns" size="lg" closeOnClickOutside={false}>
      {props.opened && <Import {...props} />}
    </Modal>
  );
}

function Import({ slug, projectId, onClose }: { slug: string; projectId: string; onClose: () => void }) {
  const [yaml, setYaml] = useState('');
  const [mode, setMode] = useState<Mode>('MERGE');
  const [tried, setTried] = useState<{ yaml: string; mode: Mode; answer: Answer } | null>(null);
  const [settled] = useDebouncedValue(yaml, 350);
  const [fetchYaml] = useLazyQuery(ProjectPatternsYamlDocument, { fetchPolicy: 'network-only' });
  const [send] = useMutation(ImportPatternsDocument);
  const [apply] = useMutation(ImportPatternsDocument, { refetchQueries: ['ProjectPatterns'], awaitRefetchQueries: true });
  const preview = useAction();
  const action = useAction();
  const { run } = preview;
  useEffect(() => {
    let current = true;
    if (settled.trim() === '') setTried(null);
    else {
      void run(async () => {
        const { data } = await send({ variables: { projectId, yaml: settled, mode, dryRun: true } });
        if (current && data != null) setTried({ yaml: settled, mode, answer: data.importPatterns });
      });
    }
    return () => {
      current = false;
    };
  }, [settled, mode, projectId, send, run]);
  const fresh = tried !== null && tried.yaml === yaml && tried.mode === mode ? tried.answer : null;
  const plan = fresh?.__typename === 'PatternImport' ? fresh : null;
  const changes = plan?.changes.filter(({ action: kind }) => kind !== 'KEEP') ?? [];
  const nothing = plan !== null && changes.length === 0 && !plan.reordered;
  const submit = () =>
    action.run(async () => {
      const before = (await fetchYaml({ variables: { slug } })).data?.project?.patternsYaml;
      resultOf((await apply({ variables: { projectId, yaml, mode } })).data?.importPatterns);
      const undo = async () => {
        resultOf((await apply({ variables: { projectId, yaml: before ?? '', mode: 'REPLACE' } })).data?.importPatterns);
      };
      toast({ message: 'The patterns were imported.', ...(before === undefined ? {} : { undo }) });
      onClose();
    });
  return (
    <div className={classes.import}>
      <Group gap="sm" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="What to do with patterns that are there"
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data={[
            { value: 'MERGE', label: 'Add and change' },
            { value: 'REPLACE', label: 'Replace all' },
          ]}
        />
        <FileButton
          accept=".yaml,.yml,text/yaml,application/yaml,text/plain"
          onChange={(file) => void file?.text().then(setYaml)}
        >
          {(file) => (
            <Button variant="default" leftSection={<IconUpload size={15} />} {...file}>
              Open a file
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        label="YAML"
        description="As “Export” writes it. Patterns are told by their names."
        autosize
        minRows={8}
        maxRows={18}
        spellCheck={false}
        classNames={{ input: shared.mono ?? '' }}
        value={yaml}
        onChange={(event) => setYaml(event.currentTarget.value)}
        data-autofocus
      />
      <FormProblem>{preview.problem ?? action.problem}</FormProblem>
      {fresh !== null && fresh.__typename !== 'PatternImport' && <Faults answer={fresh} />}
      {plan !== null && <Changes plan={plan} nothing={nothing} />}
      <FormButtons>
        <Button variant="subtle" color="gray" onClick={onClose}>
          Cancel
        </Button>
        <Button
          onClick={submit}
          loading={action.busy}
          disabled={plan === null || nothing}
          color={mode === 'REPLACE' ? 'red' : 'ink'}
        >
          {mode === 'REPLACE' ? 'Replace all' : 'Import'}
        </Button>
      </FormButtons>
    </div>
  );
}

function Faults({ answer }: { answer: Exclude<Answer, Plan> }) {
  if (!('faults' in answer)) return <FormProblem>{answer.message}</FormProblem>;
  return (
    <ul className={classes.faults} aria-label="What is wrong">
      {answer.faults.map(({ line, column, message }) => (
        <li key={`${line}.${column}.${message}`}>
          <span className={classes.faultLine}>Line {line}</span> {message}
        </li>
      ))}
    </ul>
  );
}

const ACTIONS = {
  ADD: { tone: 'green', word: 'new' },
  CHANGE: { tone: 'amber', word: 'changed' },
  REMOVE: { tone: 'red', word: 'removed' },
  KEEP: { tone: 'grey', word: 'unchanged' },
} as const;

function Changes({ plan, nothing }: { plan: Plan; nothing: boolean }) {
  return (
    <section aria-label="What would change">
      <p className={shared.hint}>
        {nothing ? 'Nothing would change.' : plan.reordered ? 'This would change; the order, too:' : 'This would change:'}
      </p>
      <ul className={classes.changes}>
        {plan.changes.map(({ action, name, parts }) => (
          <li key={name}>
            <ToneBadge tone={ACTIONS[action].tone}>{ACTIONS[action].word}</ToneBadge> {name}
            {parts.length > 0 && <span className={shared.hint}>{parts.join(', ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
