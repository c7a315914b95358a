import type { SourceMapsTable_BundleFragment } from '@errata/schema';
import { ToneBadge } from '../../ui/badges.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TextButton } from '../../ui/text-button.tsx';
import classes from './source-maps.module.css';

type Bundle = SourceMapsTable_BundleFragment;

/** `3 maps of 5 files`. */
export function countWords({ mapCount, fileCount }: Pick<Bundle, 'mapCount' | 'fileCount'>): string {
  const maps = `${formatWhole(mapCount)} ${mapCount === 1 ? 'map' : 'maps'}`;
  return `${maps} of ${formatWhole(fileCount)} ${fileCount === 1 ? 'file' : 'files'}`;
}

/** Uploads of source maps. `onOpen` shows the files of one; without `onDelete` there is nothing but looking. */
export function SourceMapsTable({
  bundles,
  onOpen,
  onDelete,
}: {
  bundles: readonly Bundle[];
  onOpen: (bundle: Bundle) => void;
  onDelete?: ((bundle: Bundle) => Promise<unknown>) | undefined;
}) {
  const columns: Column<Bundle>[] = [
    {
      key: 'release',
      head: 'Upload',
      cell: (bundle) => (
        <span className={classes.release}>
          <TextButton look="name" onClick={() => onOpen(bundle)}>
            {bundle.release ?? 'by debug id alone'}
            {bundle.dist === null ? '' : ` (${bundle.dist})`}
          </TextButton>
          <span className={classes.dim}>{countWords(bundle)}</span>
        </span>
      ),
    },
    { key: 'state', head: 'State', cell: (bundle) => <State bundle={bundle} /> },
    {
      key: 'size',
      head: 'On disk',
      align: 'end',
      hide: 'phone',
      cell: ({ storedBytes, sizeBytes }) => (
        <span title={`${formatBytes(sizeBytes)} as they are`}>{formatBytes(storedBytes)}</span>
      ),
    },
    {
      key: 'uploaded',
      head: 'Uploaded',
      hide: 'phone',
      cell: ({ uploadedAt, uploadedBy }) => (
        <span className={classes.release}>
          <RelativeTime at={uploadedAt} suffix />
          <span className={classes.dim}>{uploadedBy}</span>
        </span>
      ),
    },
    {
      key: 'used',
      head: 'Last used',
      hide: 'tablet',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="er-dim">never</span> : <RelativeTime at={lastUsedAt} suffix />,
    },
  ];
  if (onDelete !== undefined)
    columns.push({
      key: 'delete',
      head: <span className="er-sr-only">Delete</span>,
      align: 'end',
      width: '6rem',
      cell: (bundle) => (
        <ConfirmButton
          size="compact-xs"
          confirm="Delete"
          question="New events of this build will show minified frames. Events that were mapped stay as they are. This cannot be taken back; the maps can be uploaded again."
          onConfirm={() => onDelete(bundle)}
          aria-label={`Delete the upload of ${bundle.release ?? 'debug ids'}`}
        >
          Delete
        </ConfirmButton>
      ),
    });
  return (
    <DataTable
      caption="Uploads of source maps"
      columns={columns}
      rows={bundles}
      rowKey={(bundle) => String(bundle.id)}
      lines={2}
    />
  );
}

function State({ bundle }: { bundle: Bundle }) {
  if (bundle.problems.length > 0)
    return (
      <ToneBadge tone="amber" title={bundle.problems.join('\n')}>
        {bundle.problems.length === 1 ? '1 problem' : `${bundle.problems.length} problems`}
      </ToneBadge>
    );
  if (bundle.applying)
    return (
      <ToneBadge tone="blue" title="Earlier events are being gone through">
        applying
      </ToneBadge>
    );
  return <ToneBadge tone="green">ready</ToneBadge>;
}
