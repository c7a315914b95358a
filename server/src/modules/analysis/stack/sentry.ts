import type { ParsedException, ParsedFrame, ParsedTrace } from './types.ts';

/** What a Sentry event holds of a trace; to be spread into one. */
export interface SentryTrace {
  platform: string;
  exception: { values: Record<string, unknown>[] };
  threads?: { values: Record<string, unknown>[] };
}

/** What the sender said beside the text (OTLP's `exception.type`); it wins for the exception that was thrown. */
export interface Said {
  type?: string | undefined;
  value?: string | undefined;
}

/** A trace in the shape of the event interfaces of Sentry's protocol. */
export function sentryExceptions(trace: ParsedTrace, said: Said = {}): SentryTrace {
  const values = trace.exceptions.map((exception) => exceptionValue(exception, trace, said));
  const threads = trace.threads?.map((thread) => ({
    ...(thread.id === undefined ? {} : { id: thread.id }),
    ...(thread.name === undefined ? {} : { name: thread.name }),
    ...(thread.state === undefined ? {} : { state: thread.state }),
    ...(thread.crashed === undefined ? {} : { crashed: thread.crashed, current: thread.crashed }),
    stacktrace: { frames: thread.frames.map((frame) => frameValue(frame)) },
  }));
  return {
    platform: trace.platform,
    exception: { values },
    ...(threads === undefined || threads.length === 0 ? {} : { threads: { values: threads } }),
  };
}

function exceptionValue(exception: ParsedException, trace: ParsedTrace, said: Said): Record<string, unknown> {
  const thrown = exception.id === 0;
  const type = (thrown ? said.type : undefined) ?? exception.type;
  const value = (thrown ? said.value : undefined) ?? exception.value;
  const alone = trace.exceptions.length === 1;
  return {
    ...typeAndModule(type, trace),
    ...(value === undefined ? {} : { value }),
    mechanism: {
      type: thrown ? 'generic' : exception.relation === 'suppressed' ? 'suppressed' : 'chained',
      ...(thrown && trace.unhandled === true ? { handled: false } : {}),
      ...(alone ? {} : { exception_id: exception.id }),
      ...(exception.parentId === undefined ? {} : { parent_id: exception.parentId }),
      ...(exception.isGroup === true ? { is_exception_group: true } : {}),
      ...(exception.relation === undefined ? {} : { source: SOURCES[exception.relation] }),
    },
    ...(exception.frames.length === 0 ? {} : { stacktrace: { frames: exception.frames.map((frame) => frameValue(frame)) } }),
  };
}

const SOURCES = { cause: 'cause', context: '__context__', suppressed: 'suppressed', member: 'exceptions' } as const;

/** The SDKs of Java and Python send the class's own name and its package apart, Ruby's both, the others the whole name. */
function typeAndModule(type: string | undefined, trace: ParsedTrace): Record<string, unknown> {
  if (type === undefined) return {};
  if (trace.language === 'java' || trace.language === 'python') {
    const dot = type.lastIndexOf('.');
    if (dot > 0) return { type: type.slice(dot + 1), module: type.slice(0, dot) };
  } else if (trace.language === 'ruby') {
    const at = type.lastIndexOf('::');
    if (at > 0) return { type, module: type.slice(0, at) };
  }
  return { type };
}

function frameValue(frame: ParsedFrame): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (frame.function !== undefined) value['function'] = frame.function;
  if (frame.module !== undefined) value['module'] = frame.module;
  if (frame.package !== undefined) value['package'] = frame.package;
  if (frame.filename !== undefined) value['filename'] = frame.filename;
  if (frame.absPath !== undefined) value['abs_path'] = frame.absPath;
  if (frame.line !== undefined) value['lineno'] = frame.line;
  if (frame.column !== undefined) value['colno'] = frame.column;
  if (frame.context !== undefined) value['context_line'] = frame.context;
  if (frame.native === true) value['native'] = true;
  if (frame.inApp !== undefined) value['in_app'] = frame.inApp;
  if (frame.instructionAddr !== undefined) value['instruction_addr'] = frame.instructionAddr;
  return value;
}
