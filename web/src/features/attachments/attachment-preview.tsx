import type { Attachment_RowFragment } from '@errata/schema';
import { Button, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { ownUrl } from '../../lib/base.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState, FailedState, LoadingBlock } from '../../ui/states.tsx';
import classes from './attachments.module.css';
import { prettyJson } from './kinds.ts';
import { SHOWN_BYTES, useFileText } from './use-text.ts';
import { readViewHierarchy, type ViewNode } from './view-hierarchy.ts';

/** A file in a dialog: a picture, text, or the elements of a screen. Null: closed. */
export function AttachmentPreview({ file, onClose }: { file: Attachment_RowFragment | null; onClose: () => void }) {
  return (
    <Modal
      opened={file !== null}
      onClose={onClose}
      size="min(72rem, 94vw)"
      title={file === null ? '' : <bdi className={classes.dialogTitle}>{file.filename}</bdi>}
    >
      {file === null ? null : <Shown key={file.id} file={file} />}
    </Modal>
  );
}

function Shown({ file }: { file: Attachment_RowFragment }) {
  return (
    <div className={classes.dialog}>
      {file.preview === 'IMAGE' ? <Picture file={file} /> : <Text file={file} />}
      <div className={classes.dialogFoot}>
        <span className="er-dim">
          {formatBytes(file.sizeBytes)} · {file.contentType}
        </span>
        <Button
          component="a"
          href={ownUrl(file.path.slice(1))}
          download
          variant="default"
          leftSection={<IconDownload size={15} />}
        >
          Download
        </Button>
      </div>
    </div>
  );
}

function Picture({ file }: { file: Attachment_RowFragment }) {
  const [failed, setFailed] = useState(false);
  if (failed)
    return (
      <EmptyState compact title="This is no picture that a browser shows">
        It may be damaged, or something else than its name says. Download it to look inside.
      </EmptyState>
    );
  return (
    <img
      className={classes.picture}
      src={`${ownUrl(file.path.slice(1))}?inline=1`}
      alt={`Attached: ${file.filename}`}
      onError={() => setFailed(true)}
    />
  );
}

function Text({ file }: { file: Attachment_RowFragment }) {
  const [attempt, setAttempt] = useState(0);
  const read = useFileText(file.path, attempt);
  if (read.state === 'loading') return <LoadingBlock height="16rem" />;
  if (read.state === 'failed') return <FailedState message={read.message} onRetry={() => setAttempt(attempt + 1)} />;
  if (read.text === '') return <EmptyState compact title="The file is empty" />;
  const views = file.preview === 'VIEW_HIERARCHY' ? readViewHierarchy(read.text) : null;
  if (views !== null)
    return (
      <div className={classes.views}>
        {views.system === null ? null : <p className="er-dim">Drawn by {views.system}</p>}
        <Views nodes={views.windows} open />
        {views.left === 0 ? null : <p className="er-dim">{views.left} more elements are not shown.</p>}
      </div>
    );
  const code = (file.preview === 'JSON' && read.whole ? prettyJson(read.text) : undefined) ?? read.text;
  return (
    <>
      <CodeBlock code={code} maxHeight="min(60vh, 40rem)" copyWhat="Copy the text" />
      {read.whole ? null : <p className="er-dim">The first {formatBytes(SHOWN_BYTES)} are shown.</p>}
    </>
  );
}

function Views({ nodes, open = false }: { nodes: readonly ViewNode[]; open?: boolean }) {
  return (
    <ul className={classes.viewList}>
      {nodes.map((node, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tree never changes
        <li key={place} data-hidden={node.hidden || undefined}>
          {node.children.length === 0 ? (
            <span className={classes.view}>
              <View node={node} />
            </span>
          ) : (
            <details open={open || nodes.length === 1}>
              <summary className={classes.view}>
                <View node={node} /> <span className="er-dim">· {node.children.length} inside</span>
              </summary>
              <Views nodes={node.children} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function View({ node }: { node: ViewNode }) {
  return (
    <>
      <b>{node.type}</b> {node.identifier === null ? null : <bdi>{node.identifier}</bdi>}{' '}
      {node.place === null ? null : <span className="er-dim er-num">{node.place}</span>}
      {node.hidden ? <span className="er-dim"> hidden</span> : null}
    </>
  );
}
