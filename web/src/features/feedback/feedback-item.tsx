import type { Feedback_ItemFragment } from '@errata/schema';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconBan, IconMail, IconMailOpened } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ToneBadge } from '../../ui/badges.tsx';
import { ConfirmDelete } from '../../ui/confirm-button.tsx';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import classes from './feedback.module.css';
import { webAddress } from './feedback-search.ts';
import type { FeedbackStatus } from './use-feedback-acts.ts';

/** Longer messages are folded. */
const FOLDED = 400;

/** What {@link FeedbackItem} takes. */
export interface FeedbackItemProps {
  item: Feedback_ItemFragment;
  active?: boolean;
  /** On the page of the error itself: does not say which error it is about. */
  ofError?: boolean;
  mayWrite: boolean;
  onSet: (status: FeedbackStatus, quiet?: boolean) => void;
  /** Absent: one may not. Offered for what is archived or spam only. */
  onDelete?: (() => Promise<void>) | undefined;
  /** The files sent with it. */
  files: ReactNode;
}

/** One feedback: who, what, where, and what it is about. */
export function FeedbackItem({ item, active = false, ofError = false, mayWrite, onSet, onDelete, files }: FeedbackItemProps) {
  const [open, setOpen] = useState(false);
  const { status, message, name, email, url, environment, release, project, error } = item;
  const folded = !open && message.length > FOLDED;
  const address = webAddress(url);
  return (
    <li className={classes.item} data-status={status} data-active={active || undefined} data-feedback={item.id}>
      <div className={classes.head}>
        {status === 'UNREAD' ? <span className={classes.dot} title="Unread" role="img" aria-label="Unread" /> : null}
        <b className={classes.who}>{name === null && email === null ? 'Somebody' : <bdi>{name ?? email}</bdi>}</b>
        {email === null || name === null ? null : <bdi className={classes.email}>{email}</bdi>}
        {status === 'ARCHIVED' ? <ToneBadge tone="grey">archived</ToneBadge> : null}
        {status === 'SPAM' ? <ToneBadge tone="amber">spam</ToneBadge> : null}
        <span className={classes.when}>
          <RelativeTime at={item.timestamp} suffix />
        </span>
        {mayWrite ? <Acts status={status} onSet={onSet} onDelete={onDelete} /> : null}
      </div>
      <p className={classes.message} dir="auto">
        {folded ? `${message.slice(0, FOLDED)}…` : message}{' '}
        {message.length > FOLDED ? (
          <TextButton onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? 'Show less' : 'Show all'}
          </TextButton>
        ) : null}
      </p>
      {item.attachments.length === 0 ? null : <div className={classes.files}>{files}</div>}
      <div className={classes.foot}>
        {ofError ? null : <span>{project.name}</span>}
        {ofError ? null : error === null ? (
          <span>{item.eventId === null ? 'About no error' : 'Its error has not come in'}</span>
        ) : (
          <TextLink
            to="/errors/$errorId"
            params={{ errorId: error.id }}
            className={classes.error ?? ''}
            onClick={() => (status === 'UNREAD' && mayWrite ? onSet('READ', true) : undefined)}
          >
            <span className="er-dim">{error.shortId}</span> <bdi>{error.title}</bdi>
          </TextLink>
        )}
        {address === null ? (
          url === null ? null : (
            <bdi className={classes.url}>{url}</bdi>
          )
        ) : (
          <a className={classes.url} href={address} target="_blank" rel="noreferrer noopener nofollow" title={address}>
            {address.replace(/^https?:\/\//, '')}
          </a>
        )}
        {environment === null ? null : <span>{environment}</span>}
        {release === null ? null : <bdi className={classes.url}>{release}</bdi>}
      </div>
    </li>
  );
}

function Acts({ status, onSet, onDelete }: Pick<FeedbackItemProps, 'onSet' | 'onDelete'> & { status: FeedbackStatus }) {
  const aside = status === 'ARCHIVED' || status === 'SPAM';
  return (
    <span className={classes.acts}>
      {aside ? (
        <>
          <Act label="Back to the inbox" onClick={() => onSet('READ')}>
            <IconArchiveOff size={16} />
          </Act>
          {onDelete === undefined ? null : (
            <ConfirmDelete
              label="Delete"
              question="What was written, and the files sent with it, are removed for good."
              onConfirm={onDelete}
            />
          )}
        </>
      ) : (
        <>
          <Act
            label={status === 'UNREAD' ? 'Mark as read' : 'Mark as unread'}
            onClick={() => onSet(status === 'UNREAD' ? 'READ' : 'UNREAD')}
          >
            {status === 'UNREAD' ? <IconMailOpened size={16} /> : <IconMail size={16} />}
          </Act>
          <Act label="Archive" onClick={() => onSet('ARCHIVED')}>
            <IconArchive size={16} />
          </Act>
          <Act label="Spam" onClick={() => onSet('SPAM')}>
            <IconBan size={16} />
          </Act>
        </>
      )}
    </span>
  );
}

function Act({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
