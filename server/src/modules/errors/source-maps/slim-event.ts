import type { NormalizedEvent, NormalizedFrame } from '../../detection/normalized-event.ts';

/** What mapping needs of an event, and what it changes: small enough to be passed between threads. */
export interface SlimEvent {
  platform: string;
  release?: string;
  dist?: string;
  hasDebugMeta: boolean;
  exceptions: NormalizedFrame[][];
  stacktrace: NormalizedFrame[] | undefined;
  threads: NormalizedFrame[][];
  errors: NormalizedEvent['errors'];
}

/** Takes what mapping needs. */
export function slim(event: NormalizedEvent): SlimEvent {
  return {
    platform: event.platform,
    ...(event.release === undefined ? {} : { release: event.release }),
    ...(event.dist === undefined ? {} : { dist: event.dist }),
    hasDebugMeta: event.debugMeta !== undefined,
    exceptions: event.exceptions.map((one) => one.frames),
    stacktrace: event.stacktrace,
    threads: (event.threads ?? []).map((one) => one.frames),
    errors: event.errors,
  };
}

/** An event to be mapped, made of it again. */
export function widened(slimmed: SlimEvent): NormalizedEvent {
  const { platform, release, dist, hasDebugMeta, exceptions, stacktrace, threads, errors } = slimmed;
  return {
    eventId: '',
    occurredAt: 0,
    timestamp: 0,
    receivedAt: 0,
    platform,
    level: 'error',
    source: '',
    ...(release === undefined ? {} : { release }),
    ...(dist === undefined ? {} : { dist }),
    ...(hasDebugMeta ? { debugMeta: { images: [] } } : {}),
    exceptions: exceptions.map((frames) => ({ frames })),
    ...(stacktrace === undefined ? {} : { stacktrace }),
    threads: threads.map((frames) => ({ frames })),
    breadcrumbs: [],
    tags: [],
    contexts: {},
    extra: {},
    errors,
  };
}

/** Puts what mapping changed back, in place. */
export function merge(event: NormalizedEvent, mapped: SlimEvent): void {
  for (const [i, exception] of event.exceptions.entries()) exception.frames = mapped.exceptions[i] ?? exception.frames;
  if (mapped.stacktrace !== undefined) event.stacktrace = mapped.stacktrace;
  for (const [i, thread] of (event.threads ?? []).entries()) thread.frames = mapped.threads[i] ?? thread.frames;
  event.errors = mapped.errors;
}
