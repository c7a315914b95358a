import { useQuery } from '@apollo/client/react';
import { MetricsSampledDocument, SystemStatusDocument, type SystemStatusFieldsFragment } from '@errata/schema';
import { useState } from 'react';
import { useLive } from '../../lib/live.ts';
import { messageOf } from '../../lib/refusal.ts';

/** One sample of the system, with the time it was taken (ms). */
export type Sample = SystemStatusFieldsFragment & { at: number };

/** Samples kept on the page, newest last. */
export const PLACES = 90;

/** The newest `places` samples after one more. A sample of a server that was restarted begins anew. */
export function withSample(samples: readonly Sample[], next: Sample, places = PLACES): readonly Sample[] {
  const same = samples.at(-1)?.startedAt === next.startedAt ? samples : [];
  return [...same, next].slice(-places);
}

/** The state of the system now and as long as this page has watched. */
export function useSystemHistory(): { samples: readonly Sample[]; failure: string | null; retry: () => void } {
  const { data, error, refetch } = useQuery(SystemStatusDocument, { fetchPolicy: 'network-only' });
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [first, setFirst] = useState<object | null>(null);
  const known = data?.systemStatus;
  // The query's answer is the first sample; later ones come through the subscription.
  if (known !== undefined && known !== first) {
    setFirst(known);
    setSamples((before) => (before.length === 0 ? withSample(before, { ...known, at: Date.now() }) : before));
  }
  useLive(MetricsSampledDocument, {
    variables: {},
    onData: ({ metricsSampled }) => setSamples((before) => withSample(before, { ...metricsSampled, at: Date.now() })),
  });
  return {
    samples,
    failure: samples.length === 0 && error !== undefined ? messageOf(error) : null,
    retry: () => void refetch(),
  };
}
