import type { StackPanel_EventFragment } from '@errata/schema';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { ToneBadge } from '../../ui/badges.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { asSent, type FrameOrder, isMapped, type StackFrame, stackText } from './frames.ts';
import { HostileText } from './hostile-text.tsx';
import { StackFrames } from './stack-frames.tsx';
import classes from './stack-panel.module.css';

type ExceptionValue = StackPanel_EventFragment['exceptions'][number];

/** The exceptions of an event with their stacks, or the stacks of its threads. */
export function StackPanel({ event: found }: { event: StackPanel_EventFragment }) {
  const [order, setOrder] = useLocalStorage<FrameOrder>({
    key: 'errata.frame-order',
    defaultValue: 'recent',
    getInitialValueInEffect: false,
  });
  const [raw, setRaw] = useState(false);
  const [all, setAll] = useState(false);
  const [sent, setSent] = useState(false);
  const mapped = [...found.exceptions, ...found.threads].some(({ frames }) => isMapped(frames));
  const event = useMemo(() => (sent ? unmapped(found) : found), [found, sent]);
  const { exceptions, threads } = event;
  const parts = order === 'recent' ? exceptions.toReversed() : exceptions;
  const text = () => parts.map((one, i) => (i > 0 ? `${linkOf(parts, i, order)}:\n` : '') + stackText(one, order)).join('\n\n');
  const stacks: readonly { frames: readonly StackFrame[] }[] = exceptions.length > 0 ? exceptions : threads;
  const folds = stacks.some(({ frames }) => frames.some((frame) => frame.inApp) && frames.some((frame) => !frame.inApp));
  if (exceptions.length === 0 && threads.length === 0) return <MessageOnly message={event.message} />;
  const controls = (
    <span className={classes.controls}>
      {folds && !raw ? (
        <Button variant="subtle" color="gray" size="compact-xs" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? 'Hide system frames' : 'Show system frames'}
        </Button>
      ) : null}
      {mapped ? (
        <SegmentedControl
          size="xs"
          aria-label="Frames by source map or as they were sent"
          value={sent ? 'minified' : 'original'}
          onChange={(value) => setSent(value === 'minified')}
          data={[
            { value: 'original', label: 'Original' },
            { value: 'minified', label: 'Minified' },
          ]}
        />
      ) : null}
      <SegmentedControl
        size="xs"
        aria-label="Order of the frames"
        value={order}
        onChange={(value) => setOrder(value as FrameOrder)}
        data={[
          { value: 'recent', label: 'Most recent first' },
          { value: 'oldest', label: 'Oldest first' },
        ]}
      />
      <Button variant="default" size="compact-xs" aria-pressed={raw} onClick={() => setRaw(!raw)}>
        {raw ? 'Formatted' : 'Raw'}
      </Button>
      {exceptions.length > 0 ? <CopyButton value={text} what="Copy the stack" /> : null}
    </span>
  );
  if (exceptions.length === 0) return <ThreadsPanel threads={threads} order={order} raw={raw} all={all} controls={controls} />;
  return (
    <>
      <Panel title="Stack" note={exceptions.length > 1 ? noteOf(exceptions) : undefined} actions={controls} padded={false}>
        <MapNotes notes={event.notes} />
        {parts.map((exception, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: exceptions of one event have no other name
          <section key={index} className={classes.exception} aria-label={exception.type ?? 'Exception'}>
            {index > 0 ? <p className={classes.chain}>{linkOf(parts, index, order)}</p> : null}
            <ExceptionHead exception={exception} />
            <Stack
              frames={exception.frames}
              text={stackText(exception, order)}
              order={order}
              raw={raw}
              all={all}
              platform={event.platform}
            />
          </section>
        ))}
      </Panel>
      {threads.length > 0 ? <ThreadsPanel threads={threads} order={order} raw={raw} all={all} /> : null}
    </>
  );
}

function noteOf(exceptions: readonly ExceptionValue[]): string {
  const members = exceptions.filter(({ relation }) => relation === 'MEMBER').length;
  return members === 0 ? `${exceptions.length} exceptions in a chain` : `${members} failures collected into one`;
}

/** Words between an exception and the one shown before it. */
function linkOf(parts: readonly ExceptionValue[], index: number, order: FrameOrder): string {
  const [before, here] = [parts[index - 1]?.relation, parts[index]?.relation];
  if (order === 'recent') return LINKS[here ?? 'CAUSE'];
  if (before === 'SUPPRESSED') return 'was put aside; meanwhile';
  if (before === 'MEMBER') return here === 'THROWN' ? 'were collected into' : 'and';
  return 'which led to';
}

const LINKS: Record<ExceptionValue['relation'], string> = {
  THROWN: 'Thrown',
  CAUSE: 'Caused by',
  SUPPRESSED: 'Suppressed meanwhile',
  MEMBER: 'One of its failures',
};

/** The event with every frame as it was sent. */
function unmapped(event: StackPanel_EventFragment): StackPanel_EventFragment {
  const plain = <T extends { frames: StackFrame[] }>(stack: T): T => ({ ...stack, frames: stack.frames.map(asSent) });
  return { ...event, exceptions: event.exceptions.map(plain), threads: event.threads.map(plain) };
}

/** Why frames of a script are not shown as their original source. */
function MapNotes({ notes }: { notes: StackPanel_EventFragment['notes'] }) {
  const about = notes.filter(({ field }) => field === 'source map');
  if (about.length === 0) return null;
  return (
    <ul className={classes.mapNotes} aria-label="Source maps">
      {about.map(({ reason }) => (
        <li key={reason}>
          <HostileText text={reason} />
        </li>
      ))}
    </ul>
  );
}

function MessageOnly({ message }: { message: string | null }) {
  return (
    <Panel title="Message">
      {message === null ? (
        <EmptyState title="This event has neither a stack nor a message" />
      ) : (
        <pre className={classes.message}>
          <HostileText text={message} />
        </pre>
      )}
    </Panel>
  );
}

function ExceptionHead({ exception: { type, value, module, handled, mechanism } }: { exception: ExceptionValue }) {
  return (
    <header className={classes.head}>
      <h3 className={classes.type}>
        <HostileText text={type ?? 'Exception'} />
        {handled === false ? (
          <ToneBadge tone="red" title="Nobody caught it">
            unhandled
          </ToneBadge>
        ) : null}
        {mechanism === null || mechanism === 'generic' ? null : (
          <ToneBadge tone="grey" title="How the SDK came by it">
            {mechanism}
          </ToneBadge>
        )}
        {module === null ? null : <HostileText text={module} className={classes.module} />}
      </h3>
      {value === null || value === '' ? null : (
        <p className={classes.value}>
          <HostileText text={value} />
        </p>
      )}
    </header>
  );
}

function Stack({
  frames,
  text,
  order,
  raw,
  all,
  platform,
  none = 'No frames were reported for this exception.',
}: {
  frames: readonly StackFrame[];
  /** What to say when there are no frames. */
  none?: string;
  text: string;
  order: FrameOrder;
  raw: boolean;
  all: boolean;
  platform?: string;
}) {
  if (frames.length === 0) return <p className={classes.none}>{none}</p>;
  if (raw) {
    return (
      <pre className={classes.raw} data-platform={platform}>
        <HostileText text={text} />
      </pre>
    );
  }
  return <StackFrames frames={frames} order={order} all={all} />;
}

function ThreadsPanel({
  threads,
  order,
  raw,
  all,
  controls,
}: {
  threads: StackPanel_EventFragment['threads'];
  order: FrameOrder;
  raw: boolean;
  all: boolean;
  controls?: React.ReactNode;
}) {
  const first = Math.max(
    0,
    threads.findIndex((thread) => thread.crashed || thread.current),
  );
  const [chosen, setChosen] = useState(String(first));
  const thread = threads[Number(chosen)] ?? threads[0];
  if (thread === undefined) return null;
  const name = (index: number): string => {
    const each = threads[index]!;
    return `${each.name ?? `Thread ${each.id ?? index}`}${each.crashed ? ' (crashed)' : ''}`;
  };
  return (
    <Panel
      title={threads.length === 1 ? 'Stack' : 'Threads'}
      note={threads.length === 1 ? undefined : `${threads.length} threads`}
      padded={false}
      actions={
        <span className={classes.controls}>
          {threads.length > 1 ? (
            <Select
              size="xs"
              aria-label="Thread"
              searchable={threads.length > 8}
              allowDeselect={false}
              data={threads.map((_, index) => ({ value: String(index), label: name(index) }))}
              value={chosen}
              onChange={(value) => setChosen(value ?? '0')}
            />
          ) : null}
          {controls}
        </span>
      }
    >
      <Stack
        frames={thread.frames}
        text={stackText({ type: name(Number(chosen)), value: null, frames: thread.frames }, order)}
        order={order}
        raw={raw}
        all={all}
        none={
          thread.crashed
            ? 'The stack of this thread stands above, with the exception.'
            : 'No frames were reported for this thread.'
        }
      />
    </Panel>
  );
}
