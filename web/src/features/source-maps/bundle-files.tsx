import { useQuery } from '@apollo/client/react';
import { SourceMapFilesDocument, type SourceMapFilesQuery, type SourceMapsTable_BundleFragment } from '@errata/schema';
import { Drawer } from '@mantine/core';
import { messageOf } from '../../lib/refusal.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import classes from './source-maps.module.css';

type File = NonNullable<NonNullable<SourceMapFilesQuery['project']>['artifactBundle']>['files'][number];

const KINDS: Record<File['type'], string> = { MINIFIED_SOURCE: 'script', SOURCE_MAP: 'map', SOURCE: 'source' };

/** The files of one upload, in a drawer; what is wrong with the upload on top. */
export function BundleFiles({
  slug,
  bundle,
  onClose,
}: {
  slug: string;
  bundle: SourceMapsTable_BundleFragment | null;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={bundle !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={bundle === null ? '' : `Files of ${bundle.release ?? 'an upload by debug id'}`}
    >
      {bundle === null ? null : (
        <>
          {bundle.problems.length > 0 && (
            <ul className={classes.problems}>
              {bundle.problems.map((problem) => (
                <li key={problem} className={classes.problem}>
                  {problem}
                </li>
              ))}
            </ul>
          )}
          <Files slug={slug} id={String(bundle.id)} />
        </>
      )}
    </Drawer>
  );
}

function Files({ slug, id }: { slug: string; id: string }) {
  const { data, error, refetch } = useQuery(SourceMapFilesDocument, { variables: { slug, id } });
  const upload = data?.project?.artifactBundle;
  const files = upload?.files;
  if (files === undefined) {
    if (error !== undefined) return <FailedState message={messageOf(error)} onRetry={() => void refetch()} />;
    return data === undefined ? <LoadingRows rows={6} lines={2} head /> : <EmptyState title="This upload is no longer there" />;
  }
  const columns: Column<File>[] = [
    {
      key: 'url',
      head: 'File',
      cell: (file) => (
        <span className={classes.file}>
          <span>{file.url}</span>
          {file.debugId === null ? null : <span className={classes.id}>debug id {file.debugId}</span>}
          {file.problem === null ? null : <span className={classes.problem}>{file.problem}</span>}
        </span>
      ),
    },
    { key: 'type', head: 'Kind', width: '5rem', hide: 'phone', cell: (file) => KINDS[file.type] },
    {
      key: 'size',
      head: 'Size',
      align: 'end',
      width: '6rem',
      cell: (file) => <span className={classes.size}>{formatBytes(file.sizeBytes)}</span>,
    },
  ];
  const left = (upload?.fileCount ?? 0) - files.length;
  return (
    <>
      <DataTable caption="Files" columns={columns} rows={files} rowKey={(file) => String(file.id)} lines={2} />
      {left > 0 && <p className={classes.dim}>and {formatWhole(left)} more without problems</p>}
    </>
  );
}
