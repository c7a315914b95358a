import type { Conversation_CommentFragment, Conversation_ErrorFragment } from '@errata/schema';
import { Button, Textarea } from '@mantine/core';
import { IconPointFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type Ref, useState } from 'react';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { CommentText } from './comment-text.tsx';
import classes from './conversation.module.css';
import type { RowPerson } from './error-row.ts';
import { courseOf, historyText, sameAs } from './history.ts';
import { PersonMark } from './person-mark.tsx';
import { type CommentActs, useComments } from './use-comments.ts';

/** What people said of an error and what happened to it, in one course, with a field to say more. */
export function Conversation({
  error,
  me,
  mayWrite,
  fieldRef,
}: {
  error: Conversation_ErrorFragment;
  me: RowPerson | null;
  mayWrite: boolean;
  fieldRef?: Ref<HTMLTextAreaElement>;
}) {
  const acts = useComments(error.id, me);
  return (
    <Panel title="Comments and history">
      <ol className={classes.course}>
        {courseOf(error).map((entry) =>
          'comment' in entry ? (
            <CommentEntry
              key={`comment ${entry.comment.id}`}
              comment={entry.comment}
              acts={acts}
              mayChange={mayWrite && entry.comment.author?.id === me?.id}
            />
          ) : (
            <li key={`line ${entry.line.id}`} className={classes.line}>
              <IconPointFilled size={10} className={classes.dot} aria-hidden />
              <span>
                <b>{entry.line.actor === 'system' ? 'Errata' : entry.line.actor}</b> {historyText(entry.line)}{' '}
                <SameError line={entry.line} />
                <span className="er-dim">
                  <RelativeTime at={entry.at} suffix />
                </span>
              </span>
            </li>
          ),
        )}
      </ol>
      {mayWrite ? (
        <CommentField
          label="Add a comment"
          button="Comment"
          onSend={acts.add}
          {...(fieldRef === undefined ? {} : { fieldRef })}
        />
      ) : null}
    </Panel>
  );
}

function CommentEntry({
  comment,
  acts,
  mayChange,
}: {
  comment: Conversation_CommentFragment;
  acts: CommentActs;
  mayChange: boolean;
}) {
  const [editing, setEditing] = useState(false);
  const sending = comment.id.startsWith('provisional-');
  return (
    <li className={classes.comment} data-sending={sending || undefined}>
      <div className={classes.head}>
        <PersonMark name={comment.author?.name ?? null} />
        <b>{comment.author?.name ?? 'Somebody who has left'}</b>
        <span className="er-dim">
          <RelativeTime at={comment.createdAt} suffix />
          {comment.editedAt === null ? '' : ' (edited)'}
        </span>
        {mayChange && !editing && !sending ? (
          <span className={classes.acts}>
            <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setEditing(true)}>
              Edit
            </Button>
            <ConfirmButton
              variant="subtle"
              color="gray"
              size="compact-xs"
              question="Delete this comment? It cannot be brought back."
              confirm="Delete"
              onConfirm={() => acts.remove(comment.id)}
            >
              Delete
            </ConfirmButton>
          </span>
        ) : null}
      </div>
      {editing ? (
        <CommentField
          label="Edit the comment"
          button="Save"
          initial={comment.body}
          onCancel={() => setEditing(false)}
          onSend={async (body) => {
            setEditing(false);
            return acts.edit(comment, body);
          }}
        />
      ) : (
        <CommentText body={comment.body} />
      )}
    </li>
  );
}

/** One who presses "Edit" wants to go on writing. */
function focusAtEnd(field: HTMLTextAreaElement | null): void {
  if (field === null || field === document.activeElement) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function CommentField({
  label,
  button,
  initial = '',
  onSend,
  onCancel,
  fieldRef,
}: {
  label: string;
  button: string;
  initial?: string;
  onSend: (body: string) => Promise<boolean>;
  onCancel?: () => void;
  fieldRef?: Ref<HTMLTextAreaElement>;
}) {
  const [body, setBody] = useState(initial);
  const text = body.trim();
  const send = async () => {
    if (text === '') return;
    setBody('');
    // A refused comment is not lost: it stands in the field again.
    if (!(await onSend(text))) setBody(body);
  };
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        ref={fieldRef ?? (onCancel === undefined ? null : focusAtEnd)}
        aria-label={label}
        placeholder="What is known, what was tried… `code` and links work."
        rows={2}
        classNames={{ input: classes.input }}
        maxLength={10_000}
        value={body}
        onChange={(change) => setBody(change.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          else if (event.key === 'Escape') {
            if (onCancel === undefined) event.currentTarget.blur();
            else onCancel();
          }
        }}
      />
      <div className={classes.send}>
        <span className="er-dim">
          <KeyHint keys="mod+Enter" />
        </span>
        {onCancel === undefined ? null : (
          <Button variant="subtle" color="gray" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button
          type="submit"
          variant={onCancel === undefined ? 'default' : 'filled'}
          disabled={text === '' || text === initial.trim()}
        >
          {button}
        </Button>
      </div>
    </form>
  );
}

/** A link to the error that a line names. */
function SameError({ line }: { line: Parameters<typeof sameAs>[0] }) {
  const id = sameAs(line);
  if (id === null) return null;
  return (
    <>
      <Link to="/errors/$errorId" params={{ errorId: id }} search={{}}>
        another error
      </Link>{' '}
    </>
  );
}
