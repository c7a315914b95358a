/**
 * The one shape of an error event inside Errata (step 4 of the path). Times are milliseconds UTC; text is valid Unicode
 * without NUL, already cut to the caps of the Sentry protocol. Absent values are absent keys, never null.
 */
export interface NormalizedEvent {
  /** 32 lower-case hex digits. */
  eventId: string;
  /** As the client said it, uncorrected; 0 if it said nothing. Part of the duplicate key, so that a replay is recognised. */
  occurredAt: number;
  /** When it happened, best knowledge: clock drift corrected by `sent_at`, never in the future, `receivedAt` if unknown. */
  timestamp: number;
  receivedAt: number;
  platform: string;
  level: Level;
  /** How it came in: sentry-envelope, sentry-store, otlp, log-line, graphql. */
  source: string;
  logger?: string;
  transaction?: string;
  serverName?: string;
  release?: string;
  dist?: string;
  environment?: string;
  /** Message of an event without exception (formatted), and its unformatted template if the SDK sent one. */
  message?: string;
  messageTemplate?: string;
  /** Outermost last, as Sentry orders them: the last one is what was thrown. */
  exceptions: NormalizedException[];
  /** Stack of an event without exception (attachStacktrace), or of the crashed thread. */
  stacktrace?: NormalizedFrame[];
  threads?: { id?: string; name?: string; crashed?: boolean; current?: boolean; frames: NormalizedFrame[] }[];
  breadcrumbs: Breadcrumb[];
  request?: {
    url?: string;
    method?: string;
    queryString?: string;
    headers?: [string, string][];
    data?: unknown;
    env?: Record<string, unknown>;
  };
  user?: { id?: string; email?: string; username?: string; ipAddress?: string; name?: string; data?: Record<string, unknown> };
  /** At most 100; keys ≤ 200, values ≤ 200 characters. Holds the derived ones too: level, environment, release, server_name, browser, os, runtime… */
  tags: [string, string][];
  contexts: Record<string, Record<string, unknown>>;
  extra: Record<string, unknown>;
  modules?: Record<string, string>;
  fingerprint?: string[];
  sdk?: { name?: string; version?: string };
  traceId?: string;
  spanId?: string;
  debugMeta?: { images: Record<string, unknown>[] };
  /** What was cut, dropped or repaired on the way in, for the event page: `{field, reason}`. */
  errors: { field: string; reason: string }[];
}

/** Severities, weakest first: Sentry's words. */
export const LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/** One exception of a chain. */
export interface NormalizedException {
  type?: string;
  value?: string;
  module?: string;
  /** false: nobody caught it. */
  handled?: boolean;
  mechanism?: string;
  synthetic?: boolean;
  isGroup?: boolean;
  exceptionId?: number;
  parentId?: number;
  /** Outermost call first, the crashing frame last, as Sentry orders them. */
  frames: NormalizedFrame[];
}

/** One call of a stack. */
export interface NormalizedFrame {
  function?: string;
  module?: string;
  package?: string;
  filename?: string;
  absPath?: string;
  /** 1-based. */
  line?: number;
  column?: number;
  inApp?: boolean;
  context?: string;
  pre?: string[];
  post?: string[];
  vars?: Record<string, unknown>;
  native?: boolean;
  instructionAddr?: string;
  symbolAddr?: string;
  /** Of the script, as its SDK found it: names the source map. */
  debugId?: string;
  /** The frame as it was sent, when a source map was applied: the fields above then tell of the original source. */
  minified?: MinifiedFrame;
}

/** What a frame said before a source map was applied to it. */
export type MinifiedFrame = Pick<
  NormalizedFrame,
  'function' | 'module' | 'filename' | 'absPath' | 'line' | 'column' | 'inApp' | 'context' | 'pre' | 'post'
>;

/** Something that happened before the error. Times are ms UTC. */
export interface Breadcrumb {
  timestamp?: number;
  type?: string;
  category?: string;
  level?: Level;
  message?: string;
  data?: Record<string, unknown>;
}

declare const scrubbed: unique symbol;
/** A {@link NormalizedEvent} that went through `scrub`. Queue, log and storage accept nothing else (law b). */
export type ScrubbedEvent = NormalizedEvent & { readonly [scrubbed]: true };
