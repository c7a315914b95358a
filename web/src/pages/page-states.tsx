import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { messageOf } from '../lib/refusal.ts';
import { Page, Panel } from '../ui/page.tsx';
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
