import type { LogLevel } from './levels.ts';

/** A line as it is known after everything around it was taken off. */
export interface LogLine {
  /** Bytes in the stream: first, and behind the end. For a joined line of a container those of all its parts. */
  start: number;
  end: number;
  /** 1-based. */
  number: number;
  /** Without what carried it (docker, CRI, syslog, journald, compose) and without colours; the logger's own prefix is still there. */
  text: string;
  /** Without the logger's prefix too; of a JSON or logfmt line its message. */
  message: string;
  /** Who wrote it as far as the carrier says: container stream, syslog tag and pid, compose service; '' when it says nothing. */
  writer: string;
  /** Whether it begins a record of a logger: it has a time or level of its own, or is JSON. */
  header: boolean;
  /** The header is a time and nothing else: the logger's, or of a command that puts one before every line, traces included. */
  stamp?: boolean;
  level?: LogLevel;
  /** What the carrier says. Only its loud ones count: systemd and others pass on whatever is printed as `info`. */
  carrierLevel?: LogLevel;
  /** Milliseconds since 1970. */
  time?: number;
  /** The same, as the carrier says; comparable between all lines of one carrier. */
  carriedAt?: number;
  logger?: string;
  thread?: string;
  pid?: string;
  host?: string;
  /** Name of the program: syslog tag, compose service. */
  process?: string;
  /** stdout or stderr. */
  stream?: string;
  /** The carrier cut it: the text goes on in the same writer's next line. */
  partial?: boolean;
  /** Nothing in its bytes looks like an event: it may go on one, and begins none. */
  unmarked?: boolean;
  /** Nothing in its bytes is what a pattern of the project demands. */
  unasked?: boolean;
  /** What a JSON or logfmt line, structured data or journald said beyond that. */
  fields?: Record<string, unknown>;
  /** A trace that came in a field of its own. */
  stack?: string;
  /** Type and value of an exception in fields of their own. */
  exception?: { type?: string; value?: string };
  /** The carrier's own words for the layers found, outermost first: docker, cri, syslog, json, … */
  layers: string[];
}
