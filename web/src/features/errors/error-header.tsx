import type { AssigneePicker_UserFragment, ErrorHeader_ErrorFragment } from '@errata/schema';
import { IconTrash } from '@tabler/icons-react';
import { LevelBadge, StatusBadge, ToneBadge } from '../../ui/badges.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ArchiveButton, AssignButton, ReopenButton, ResolveButton } from './act-buttons.tsx';
import type { ErrorAct } from './error-acts.ts';
import classes from './error-header.module.css';
import type { RowPerson } from './error-row.ts';
import { splitTitle } from './error-title.tsx';
import { HostileText } from './hostile-text.tsx';
import { listSearch } from './open-list.ts';
import { isUnresolved } from './words.ts';

/** What {@link ErrorHeader} takes. */
export interface ErrorHeaderProps {
  error: ErrorHeader_ErrorFragment;
  people: readonly AssigneePicker_UserFragment[];
  me: RowPerson | null;
  mayWrite: boolean;
  mayDelete: boolean;
  onAct: (act: ErrorAct) => void;
  /** The shown event as Markdown. */
  markdown: () => Promise<string>;
}

/** What the error is, how it stands, and what can be done about it. */
export function ErrorHeader({ error, people, me, mayWrite, mayDelete, onAct, markdown }: ErrorHeaderProps) {
  const split = splitTitle(error.title);
  const type = error.type ?? split.type;
  const value = error.value ?? (error.type === null ? split.rest : null);
  const releases = [...new Set([error.lastRelease, error.firstRelease])].filter((release) => release !== null);
  return (
    <header className={classes.header}>
      <title>{`${error.shortId} ${error.title.slice(0, 80)} · Errata`}</title>
      <nav aria-label="Breadcrumb" className={classes.crumbs}>
        <TextLink to="/errors" search={listSearch()} size="xs">
          Errors
        </TextLink>
        <span aria-hidden>/</span>
        <TextLink to="/errors" search={{ project: error.project.slug }} size="xs">
          {error.project.name}
        </TextLink>
        <span aria-hidden>/</span>
        <span className={classes.reference}>
          {error.shortId}
          <CopyButton value={error.shortId} what="Copy the reference" />
        </span>
      </nav>
      <div className={classes.main}>
        <div className={classes.words}>
          <h1 className={classes.type}>
            <HostileText text={type ?? value ?? error.title} />
          </h1>
          {type === null || value === null || value === '' ? null : (
            <p className={classes.value}>
              <HostileText text={value} />
            </p>
          )}
          <p className={classes.badges}>
            <LevelBadge level={error.level} />
            <StatusBadge status={error.status} />
            {error.handled === false ? (
              <ToneBadge tone="red" title="Nobody caught it">
                unhandled
              </ToneBadge>
            ) : null}
            {error.culprit === null ? null : <HostileText text={error.culprit} className={classes.culprit} />}
          </p>
        </div>
        <div className={classes.acts}>
          {mayWrite ? (
            <>
              {isUnresolved(error.status) ? (
                <>
                  <ResolveButton onAct={onAct} releases={releases} filled />
                  <ArchiveButton onAct={onAct} />
                </>
              ) : (
                <ReopenButton onAct={onAct} />
              )}
              <AssignButton onAct={onAct} people={people} me={me} assignee={error.assignee} />
            </>
          ) : null}
          <CopyButton value={markdown} label="Copy as Markdown" />
          {mayDelete ? (
            <ConfirmButton
              question={`Delete ${error.shortId} with all its events? This can be undone for ten minutes.`}
              confirm="Delete"
              onConfirm={() => onAct({ kind: 'delete' })}
              aria-label="Delete"
              px="xs"
            >
              <IconTrash size={15} aria-hidden />
            </ConfirmButton>
          ) : null}
        </div>
      </div>
      <Settled error={error} />
    </header>
  );
}

function Settled({
  error: { status, resolvedAt, resolvedBy, resolvedInRelease, archivedUntil },
}: {
  error: ErrorHeader_ErrorFragment;
}) {
  if (status === 'RESOLVED') {
    return (
      <p className={classes.settled} data-status={status}>
        Resolved{resolvedInRelease === null ? '' : ` in ${resolvedInRelease}`}
        {resolvedBy === null ? '' : ` by ${resolvedBy.name}`} <RelativeTime at={resolvedAt} suffix />. A new event
        {resolvedInRelease === null ? '' : ' of a later release'} will make it regressed.
      </p>
    );
  }
  if (status !== 'ARCHIVED') return null;
  return (
    <p className={classes.settled} data-status={status}>
      {archivedUntil === null ? (
        'Archived until somebody reopens it. New events are counted, but it does not ask for attention.'
      ) : (
        <>
          Archived; comes back <RelativeTime at={archivedUntil} />.
        </>
      )}
    </p>
  );
}
