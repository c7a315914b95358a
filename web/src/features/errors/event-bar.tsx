import type { EventBar_EventFragment } from '@errata/schema';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronLeftPipe, IconChevronRight, IconChevronRightPipe } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { LevelBadge } from '../../ui/badges.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useDisplay } from '../../ui/display.tsx';
import { formatDateTime } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './event-bar.module.css';
import { HostileText } from './hostile-text.tsx';

/** What {@link EventBar} takes. */
export interface EventBarProps {
  event: EventBar_EventFragment;
  oldestId: string | null;
  latestId: string | null;
  /** An event came after the one shown as the latest. */
  newer: boolean;
  /** Goes to an event; null: to the latest, whichever that is. */
  onGo: (eventId: string | null) => void;
}

/** Which event of the error is shown, its main facts, and the way to its neighbours. */
export function EventBar({ event, oldestId, latestId, newer, onGo }: EventBarProps) {
  const { timeZone } = useDisplay();
  const { previous, next } = event;
  return (
    <section className={classes.bar} aria-label="Event">
      <div className={classes.first}>
        <LevelBadge level={event.level} />
        <span className={classes.time} title={`Received ${formatDateTime(Date.parse(event.receivedAt), timeZone)}`}>
          {formatDateTime(Date.parse(event.timestamp), timeZone)}
        </span>
        <span className="er-dim">
          <RelativeTime at={event.timestamp} suffix />
        </span>
        <span className={classes.space} />
        {newer ? (
          <Button variant="light" size="compact-sm" onClick={() => onGo(null)}>
            A newer event came – show
          </Button>
        ) : null}
        <span className={classes.nav}>
          <Step label="Oldest event" disabled={oldestId === null || event.id === oldestId} onClick={() => onGo(oldestId)}>
            <IconChevronLeftPipe size={16} />
          </Step>
          <Step label="Previous event" keys="[" disabled={previous === null} onClick={() => onGo(previous?.id ?? null)}>
            <IconChevronLeft size={16} />
          </Step>
          <Step label="Next event" keys="]" disabled={next === null} onClick={() => onGo(next?.id ?? null)}>
            <IconChevronRight size={16} />
          </Step>
          <Step label="Latest event" disabled={event.id === latestId} onClick={() => onGo(null)}>
            <IconChevronRightPipe size={16} />
          </Step>
        </span>
      </div>
      <dl className={classes.facts}>
        <Fact name="Environment" value={event.environment} />
        <Fact name="Release" value={event.release} />
        <Fact name="Transaction" value={event.transaction} />
        <Fact name="Server" value={event.serverName} />
        <Fact name="Logger" value={event.logger} />
        <Fact name="Platform" value={event.platform} />
        <Fact name="Came in by" value={event.source} />
        <div className={classes.fact}>
          <dt>Event id</dt>
          <dd className={classes.id}>
            <span title={event.eventId}>{event.eventId.slice(0, 8)}</span>
            <CopyButton value={event.eventId} what="Copy the event id" />
          </dd>
        </div>
        {event.traceId === null ? null : (
          <div className={classes.fact}>
            <dt>Trace</dt>
            <dd className={classes.id}>
              <span title={event.traceId}>{event.traceId.slice(0, 8)}</span>
              <CopyButton value={event.traceId} what="Copy the trace id" />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Step({
  label,
  keys,
  disabled,
  onClick,
  children,
}: {
  label: string;
  keys?: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip
      label={
        keys === undefined ? (
          label
        ) : (
          <>
            {label} <KeyHint keys={keys} />
          </>
        )
      }
    >
      <ActionIcon variant="default" size="md" aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Fact({ name, value }: { name: string; value: string | null }) {
  if (value === null || value === '') return null;
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd title={value}>
        <HostileText text={value} />
      </dd>
    </div>
  );
}
