import type { LogFileRowFragment, LogSourceRowFragment } from '@errata/schema';
import { Button } from '@mantine/core';
import { ownUrl } from '../../lib/base.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './log-sources.module.css';
import { agentCommand, FILE_STATES, readPercent } from './source-words.ts';

/** One source: what is in the way, who watches, and how far each of its files is read. */
export function LogFilesPanel({ source, onClose }: { source: LogSourceRowFragment; onClose: () => void }) {
  const { status } = source;
  const note = status.host == null ? 'read by this server' : `read on ${status.host}`;
  return (
    <Panel
      title={source.name}
      note={note}
      padded={false}
      actions={
        <Button variant="subtle" color="gray" size="xs" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p className={classes.summary}>
        {status.summary}{' '}
        {status.heardAt != null && source.watcher === 'AGENT' && (
          <span className="er-dim">
            Heard of <RelativeTime at={status.heardAt} suffix />.
          </span>
        )}
      </p>
      {source.watcher === 'AGENT' && status.state === 'ABSENT' && (
        <div className={classes.agent}>
          <p>Start the agent on the machine that has the files, with an API token that may read projects:</p>
          <CodeBlock code={agentCommand(source.id, ownUrl('').replace(/\/$/, ''))} copyWhat="Copy the command" />
        </div>
      )}
      {status.problems.length > 0 && (
        <ul className={classes.problems}>
          {status.problems.map(({ code, message, path }) => (
            <li key={`${code} ${path}`}>{message}</li>
          ))}
        </ul>
      )}
      {status.files.length > 0 && (
        <DataTable
          caption={`Files of ${source.name}`}
          columns={COLUMNS}
          rows={status.files}
          rowKey={({ path, state }) => `${path} ${state}`}
        />
      )}
      {status.fileCount > status.files.length && (
        <p className={classes.summary}>
          And {status.fileCount - status.files.length} more; those that lag most or cannot be read are shown.
        </p>
      )}
    </Panel>
  );
}

const COLUMNS: Column<LogFileRowFragment>[] = [
  {
    key: 'path',
    head: 'File',
    cell: ({ path, problem }) => (
      <>
        <span className={classes.path}>{path}</span>
        {problem != null && <div className={classes.warn}>{problem}</div>}
      </>
    ),
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => <ToneBadge tone={FILE_STATES[state].tone}>{FILE_STATES[state].word}</ToneBadge>,
  },
  { key: 'size', head: 'Size', align: 'end', hide: 'phone', cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  {
    key: 'read',
    head: 'Read',
    align: 'end',
    cell: ({ sizeBytes, lagBytes }) => (lagBytes === 0 ? 'all' : `${readPercent(sizeBytes, lagBytes)} %`),
  },
  { key: 'events', head: 'Events', align: 'end', cell: ({ events }) => <Count value={events} unit="event" /> },
  {
    key: 'line',
    head: 'Last line',
    hide: 'phone',
    cell: ({ lastLineAt }) =>
      lastLineAt == null ? <span className="er-dim">none yet</span> : <RelativeTime at={lastLineAt} suffix />,
  },
];
