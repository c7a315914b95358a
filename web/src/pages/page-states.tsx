import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messageOf } from '../lib/refusal.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { FailedState, LoadingRows } from '../ui/states.tsx';

/** What a route shows when it threw: the message and a way to try again; the rest of the dashboard stays alive. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  // A chunk of an older build is gone after an update of the server: only a reload helps.
  const outdated = /dynamically imported module|module script failed|unable to preload css/i.test(String(error));
  return (
    <Page>
      <Panel>
        <FailedState
          title={outdated ? 'The dashboard was updated' : 'This page failed'}
          message={outdated ? 'Load it again to get the new version.' : messageOf(error)}
          onRetry={outdated ? () => window.location.reload() : retry}
        />
      </Panel>
    </Page>
  );
}

/** A page of one thing before that thing is there: on its way, or not to be had (`problem`: why). */
export function PageWaiting({
  title,
  crumbs,
  problem,
  retrying,
  onRetry,
}: {
  title: string;
  crumbs: readonly ReactNode[];
  problem: string | null;
  retrying: boolean;
  onRetry: () => void;
}) {
  return (
    <Page>
      <PageHeader title={title} crumbs={crumbs} />
      <Panel padded={false}>
        {problem === null ? <LoadingRows rows={8} /> : <FailedState message={problem} onRetry={onRetry} retrying={retrying} />}
      </Panel>
    </Page>
  );
}

/** What a route shows while its code loads slowly. */
export function PagePending() {
  return (
    <Page>
      <Panel padded={false}>
        <LoadingRows rows={8} />
      </Panel>
    </Page>
  );
}
