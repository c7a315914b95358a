import type { DsnKeyFieldsFragment } from '@errata/schema';
import { Select } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import classes from './projects.module.css';
import { SNIPPETS, snippetFor } from './snippets.ts';

/** The DSN, and what to paste for each platform, with the DSN in it. */
export function SetupGuide({ keys, platform }: { keys: readonly DsnKeyFieldsFragment[]; platform: string | null }) {
  const active = keys.filter((key) => key.status === 'ACTIVE');
  const [keyId, setKeyId] = useState<string | null>(null);
  const [chosen, setChosen] = useState(() => snippetFor(platform).id);
  const key = active.find((one) => String(one.id) === keyId) ?? active[0];
  const snippet = SNIPPETS.find((one) => one.id === chosen) ?? snippetFor(platform);
  if (key === undefined) {
    return (
      <Panel>
        <EmptyState title="This project has no active key">
          Without one nothing can report to it. Enable or create a key on the Keys tab.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <>
      <Panel title="DSN" note="the address programs report to">
        <div className={classes.dsnRow}>
          {active.length > 1 && (
            <Select
              aria-label="Key"
              data={active.map((one) => ({ value: String(one.id), label: one.label }))}
              value={String(key.id)}
              onChange={setKeyId}
              allowDeselect={false}
              w={180}
              size="xs"
            />
          )}
          <code className={classes.dsn}>{key.dsn}</code>
          <CopyButton value={key.dsn} label="Copy DSN" variant="filled" />
        </div>
      </Panel>
      <Panel title="Set-up" note="any official Sentry SDK works, and what else can reach us; only the address is ours">
        <div className={classes.setup}>
          <div className={classes.platforms}>
            {SNIPPETS.map((one) => (
              <button
                key={one.id}
                type="button"
                className={classes.platform}
                aria-pressed={one.id === snippet.id}
                onClick={() => setChosen(one.id)}
              >
                {one.name}
              </button>
            ))}
          </div>
          <Select
            className={classes.platformSelect}
            aria-label="Platform"
            data={SNIPPETS.map((one) => ({ value: one.id, label: one.name }))}
            value={snippet.id}
            onChange={(id) => id !== null && setChosen(id)}
            allowDeselect={false}
          />
          <ol className={classes.steps}>
            {snippet.steps(key.dsn).map((step) => (
              <li key={`${snippet.id} ${step.title}`}>
                <h3 className={classes.stepTitle}>{step.title}</h3>
                <CodeBlock code={step.code} title={step.file} copyWhat={`Copy for ${step.file}`} />
              </li>
            ))}
          </ol>
        </div>
      </Panel>
    </>
  );
}
