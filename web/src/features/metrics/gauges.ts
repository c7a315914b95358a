import { formatBytes, formatCompact, formatDuration } from '../../ui/format.ts';
import type { Tone } from '../../ui/theme.ts';
import type { Sample } from './system-history.ts';

/** One thing that is measured: how to read it, when it asks for attention, and what it means. */
export interface Gauge {
  key: string;
  label: string;
  read: (sample: Sample) => number;
  format: (value: number) => string;
  /** Top of the scale at least, in the value's unit, so that noise stays flat. */
  least: number;
  /** Above `warn` amber, above `bad` red; absent when more is not worse. */
  warn?: number;
  bad?: number;
  says: string;
}

const MIB = 1024 * 1024;

/** What the system page shows, in order. */
export const GAUGES: readonly Gauge[] = [
  {
    key: 'events',
    label: 'Events kept per second',
    read: (sample) => sample.eventsPerSecond,
    format: (value) => (value < 10 ? value.toFixed(1) : formatCompact(Math.round(value))),
    least: 5,
    says: 'Errors that were grouped and stored, not everything that was sent.',
  },
  {
    key: 'lag',
    label: 'Behind by',
    read: (sample) => sample.digestLagMs,
    format: formatDuration,
    least: 500,
    warn: 5_000,
    bad: 60_000,
    says: 'How long ago the event was accepted that is being stored now.',
  },
  {
    key: 'backlog',
    label: 'Waiting in the log',
    read: (sample) => sample.ingestBacklogBytes,
    format: formatBytes,
    least: MIB,
    warn: 64 * MIB,
    bad: 512 * MIB,
    says: 'Accepted and safe on disk, not yet stored in the database.',
  },
  {
    key: 'cpu',
    label: 'Processor',
    read: (sample) => sample.cpuPercent,
    format: (value) => `${value.toFixed(value < 10 ? 1 : 0)} %`,
    least: 50,
    warn: 150,
    bad: 400,
    says: 'Of one core; several threads can use more than 100 %.',
  },
  {
    key: 'loop',
    label: 'Event loop delay, p99',
    read: (sample) => sample.eventLoopDelayP99Ms,
    format: (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`,
    least: 30,
    warn: 100,
    bad: 500,
    says: 'How long an answer may have to wait for its turn.',
  },
  {
    key: 'rss',
    label: 'Memory',
    read: (sample) => sample.rssBytes,
    format: formatBytes,
    least: 256 * MIB,
    warn: 512 * MIB,
    bad: 1024 * MIB,
    says: 'All of the process, as the operating system counts it.',
  },
  {
    key: 'heap',
    label: 'Heap in use',
    read: (sample) => sample.heapUsedBytes,
    format: formatBytes,
    least: 128 * MIB,
    says: 'JavaScript objects of the main thread.',
  },
  {
    key: 'subscribers',
    label: 'Live subscriptions',
    read: (sample) => sample.subscribers,
    format: formatCompact,
    least: 5,
    says: 'Dashboards and scripts that listen.',
  },
];

/** Tone of a value: red when bad, amber when it warns. */
export function toneOf(gauge: Pick<Gauge, 'warn' | 'bad'>, value: number): Tone | undefined {
  if (gauge.bad !== undefined && value >= gauge.bad) return 'red';
  return gauge.warn !== undefined && value >= gauge.warn ? 'amber' : undefined;
}
