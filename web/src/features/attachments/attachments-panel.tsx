import { useMutation } from '@apollo/client/react';
import { type Attachment_RowFragment, DeleteAttachmentDocument } from '@errata/schema';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCpu, IconDownload, IconFile, IconFileText, IconHierarchy, IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { ownUrl } from '../../lib/base.ts';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { ConfirmDelete } from '../../ui/confirm-button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { FailedState } from '../../ui/states.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import { toast } from '../../ui/toast.tsx';
import { AttachmentPreview } from './attachment-preview.tsx';
import classes from './attachments.module.css';
import { kindWord } from './kinds.ts';

/** What {@link AttachmentsPanel} takes. */
export interface AttachmentsPanelProps {
  /** Undefined while they load: the panel is then not there, because most events have none. */
  files: readonly Attachment_RowFragment[] | undefined;
  /** Why they could not be loaded. */
  failed: string | null;
  onRetry: () => void;
  mayDelete: boolean;
}

/** The files that came with an event. */
export function AttachmentsPanel({ files, failed, onRetry, mayDelete }: AttachmentsPanelProps) {
  if (failed !== null && files === undefined)
    return (
      <Panel title="Attachments">
        <FailedState title="The attachments could not be loaded" message={failed} onRetry={onRetry} />
      </Panel>
    );
  if (files === undefined || files.length === 0) return null;
  return (
    <Panel title="Attachments" note={`as the client sent them, not scrubbed`} padded={false}>
      <AttachmentList files={files} mayDelete={mayDelete} />
    </Panel>
  );
}

/** Files with their previews; also under feedback. */
export function AttachmentList({ files, mayDelete }: { files: readonly Attachment_RowFragment[]; mayDelete: boolean }) {
  const [shown, setShown] = useState<Attachment_RowFragment | null>(null);
  const [remove] = useMutation(DeleteAttachmentDocument, {
    update: (cache, { data }) => {
      const gone = data?.deleteAttachment;
      if (gone?.__typename !== 'AttachmentDeleted') return;
      cache.evict({ id: cache.identify({ __typename: 'Attachment', id: gone.id }) ?? '' });
      cache.gc();
    },
  });
  const drop = async (file: Attachment_RowFragment) => {
    try {
      resultOf((await remove({ variables: { id: file.id } })).data?.deleteAttachment);
      toast({ message: `“${file.filename}” was deleted.` });
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  };
  return (
    <>
      <ul className={classes.list}>
        {files.map((file) => (
          <Row key={file.id} file={file} onShow={() => setShown(file)} onDelete={mayDelete ? () => drop(file) : undefined} />
        ))}
      </ul>
      <AttachmentPreview file={shown} onClose={() => setShown(null)} />
    </>
  );
}

function Row({
  file,
  onShow,
  onDelete,
}: {
  file: Attachment_RowFragment;
  onShow: () => void;
  onDelete: (() => Promise<void>) | undefined;
}) {
  const kind = kindWord(file.type);
  const name = <bdi className={classes.name}>{file.filename}</bdi>;
  return (
    <li className={classes.row}>
      <Thumb file={file} onShow={onShow} />
      <span className={classes.what}>
        {file.preview === 'NONE' ? (
          name
        ) : (
          <TextButton onClick={onShow} title={`Show ${file.filename}`}>
            {name}
          </TextButton>
        )}
        <span className={classes.meta}>
          {kind === undefined ? null : <>{kind} · </>}
          {formatBytes(file.sizeBytes)}
          <span className={classes.type}> · {file.contentType}</span>
        </span>
      </span>
      <Tooltip label="Download">
        <ActionIcon component="a" href={ownUrl(file.path.slice(1))} download aria-label={`Download ${file.filename}`}>
          <IconDownload size={16} />
        </ActionIcon>
      </Tooltip>
      {onDelete === undefined ? null : (
        <ConfirmDelete
          label={`Delete ${file.filename}`}
          question={`“${file.filename}” is removed for good. The event stays.`}
          onConfirm={onDelete}
        />
      )}
    </li>
  );
}

const ICONS = { IMAGE: IconPhoto, TEXT: IconFileText, JSON: IconFileText, VIEW_HIERARCHY: IconHierarchy, NONE: IconFile };

/** A small picture where there is one; nothing of a file is run to show it. */
function Thumb({ file, onShow }: { file: Attachment_RowFragment; onShow: () => void }) {
  const [failed, setFailed] = useState(false);
  const Shape = file.type === 'event.minidump' ? IconCpu : ICONS[file.preview];
  if (file.preview !== 'IMAGE' || failed)
    return (
      <span className={classes.icon} aria-hidden>
        <Shape size={18} stroke={1.6} />
      </span>
    );
  return (
    <button type="button" className={classes.thumb} onClick={onShow} tabIndex={-1} aria-hidden>
      <img src={`${ownUrl(file.path.slice(1))}?inline=1`} alt="" loading="lazy" onError={() => setFailed(true)} />
    </button>
  );
}
