import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { isDisconnected, retryNow, useConnection } from '../../lib/connection.ts';
import { useDisplay } from '../../ui/display.tsx';
import { formatTick } from '../../ui/format.ts';
import { LiveDot } from '../../ui/live-dot.tsx';
import { Banner } from '../../ui/states.tsx';
import { useNow } from '../../ui/ticker.ts';

/** A cut shorter than this shows only in the dot, in milliseconds. */
const PATIENCE_MS = 2_000;

/** The dot in the top bar. */
export function ConnectionDot() {
  const { state } = useConnection();
  return state === 'idle' ? null : <LiveDot state={state} />;
}

/** Says that what one sees is no longer live, since when, and that the page tries to mend it. */
export function ConnectionBanner() {
  const { state, since } = useConnection();
  const { timeZone } = useDisplay();
  const waited = useNow((now) => now - since > PATIENCE_MS);
  if (!isDisconnected(state) || !waited) return null;
  return (
    <Banner
      tone={state === 'offline' ? 'red' : 'orange'}
      icon={IconPlugConnectedX}
      action={
        <Button variant="subtle" color="orange" size="compact-xs" onClick={retryNow}>
          Try now
        </Button>
      }
    >
      {state === 'offline' ? 'You are offline.' : 'The live connection is cut; reconnecting by itself.'} What you see is as of{' '}
      {formatTick(since, 0, timeZone)}.
    </Banner>
  );
}
