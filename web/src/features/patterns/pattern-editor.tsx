import { useMutation } from '@apollo/client/react';
import { CreatePatternDocument, type PatternFieldsFragment, UpdatePatternDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useAction } from '../../lib/action.ts';
import { RefusedError, resultOf } from '../../lib/refusal.ts';
import { FormButtons, FormProblem, ReadOnlyNote } from '../../ui/form.tsx';
import { Panel } from '../../ui/page.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Draft, draftOf, EMPTY_DRAFT, type Fault, inputOf } from './draft.ts';
import classes from './pattern-editor.module.css';
import { PatternForm } from './pattern-form.tsx';
import { LinesPanel, ResultPanel } from './try-panel.tsx';
import { useTest } from './use-test.ts';

/** Edits a pattern, or makes one (`subject` null), with what it finds beside it. */
export function PatternEditor({
  slug,
  projectId,
  subject,
  readOnly,
  onClose,
}: {
  slug: string;
  projectId: string;
  subject: PatternFieldsFragment | null;
  readOnly: boolean;
  onClose: () => void;
}) {
  const [before] = useState<Draft>(() => (subject === null ? EMPTY_DRAFT : draftOf(subject.content)));
  const [basedOn] = useState(subject?.updatedAt ?? null);
  const [draft, setDraft] = useState(before);
  const [sourceId, setSourceId] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const state = useTest(projectId, subject === null ? null : String(subject.id), draft, draft.sample, sourceId);
  const [create] = useMutation(CreatePatternDocument, { refetchQueries: ['ProjectPatterns'], awaitRefetchQueries: true });
  const [update] = useMutation(UpdatePatternDocument);
  const action = useAction();
  const dirty = !saved && JSON.stringify(draft) !== JSON.stringify(before);
  useBlocker({
    shouldBlockFn: () => dirty && !window.confirm('Leave without saving the pattern?'),
    enableBeforeUnload: () => dirty,
  });
  const captures = state.test?.captures ?? subject?.content.captures ?? [];
  const own = new Set(draft.fields.map(({ name }) => name));
  const usual = new Map(
    (state.test?.pasted?.hits ?? []).flatMap(({ fields }) =>
      fields.filter(({ name }) => !own.has(name)).map(({ name, target }) => [name, target] as const),
    ),
  );
  const refused = action.error instanceof RefusedError ? action.error.refusal : null;
  const savedFaults: readonly Fault[] = refused !== null && 'faults' in refused ? (refused as { faults: Fault[] }).faults : [];
  // The try says at once what is wrong now; of what was wrong at the last save only the rest is still true.
  const faults = [...state.faults, ...savedFaults.filter(({ field }) => field === 'name' || field.startsWith('tags.'))];
  const changedSince = refused?.code === 'CHANGED_SINCE';

  const change = (part: Partial<Draft>) => setDraft((current) => ({ ...current, ...part }));
  const save = (overwrite = false) =>
    action.run(async () => {
      const input = inputOf(draft, state.test === null ? null : captures);
      if (subject === null) resultOf((await create({ variables: { projectId, input } })).data?.createPattern);
      else {
        const variables = { id: subject.id, input, basedOn: overwrite ? null : basedOn };
        resultOf((await update({ variables })).data?.updatePattern);
      }
      toast({ message: `“${draft.name.trim()}” was saved: watchers of logs use it from now on.` });
      setSaved(true);
    });
  const saveAndClose = async (overwrite = false) => {
    if (await save(overwrite)) onClose();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || readOnly) return;
    event.preventDefault();
    void saveAndClose();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the whole form, besides its buttons
    <div className={classes.editor} onKeyDown={press}>
      <Panel title={subject === null ? 'New pattern' : subject.content.name}>
        {readOnly && <ReadOnlyNote />}
        <PatternForm draft={draft} captures={captures} usual={usual} faults={faults} readOnly={readOnly} onChange={change} />
        <FormProblem>{action.problem}</FormProblem>
        <FormButtons>
          <Button variant="subtle" color="gray" onClick={onClose}>
            {readOnly ? 'Back' : 'Cancel'}
          </Button>
          {changedSince && (
            <Button color="red" variant="default" loading={action.busy} onClick={() => void saveAndClose(true)}>
              Save over it
            </Button>
          )}
          {!readOnly && (
            <Button loading={action.busy} disabled={!dirty} onClick={() => void saveAndClose()} title="Ctrl or Command and Enter">
              Save
            </Button>
          )}
        </FormButtons>
      </Panel>
      <div className={classes.tryColumn}>
        <LinesPanel
          slug={slug}
          projectId={projectId}
          sample={draft.sample}
          sourceId={sourceId}
          mayRead={!readOnly}
          readOnly={readOnly}
          onSample={(sample) => change({ sample })}
          onSource={setSourceId}
        />
        <ResultPanel state={state} expression={draft.expression} />
      </div>
    </div>
  );
}
