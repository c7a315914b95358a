import { isObject } from '../../normalize/reading.ts';
import { exceptionOfText } from '../stack-text.ts';

/** What a stack says: exceptions in Sentry's shape, what was thrown last; none when it says nothing. */
export interface StackReading {
  platform: string | undefined;
  level?: string;
  values: object[];
  threads?: object;
  /** Text that no parser knows, to be shown as it is. */
  unread?: string;
}

/**
 * A stack in whatever form a report brings it: text as a language prints it, frames, or an object that holds them.
 * @param said what the reporter says of the thrown exception, which wins over what a text says
 */
export function exceptionOfStack(
  stack: unknown,
  platform: string | undefined,
  said: { type?: string; value?: string },
): StackReading {
  if (Array.isArray(stack) && stack.length > 0)
    return { platform: undefined, values: [{ stacktrace: { frames: stack.map(frameOf) } }] };
  if (typeof stack === 'object' && stack !== null && 'frames' in stack)
    return { platform: undefined, values: [{ stacktrace: stack }] };
  if (typeof stack !== 'string' || stack.trim() === '') return { platform: undefined, values: [] };
  const parsed = exceptionOfText(stack, platform, said);
  if (parsed === undefined) return { platform: undefined, values: [], unread: stack };
  const level = parsed.level === undefined ? {} : { level: parsed.level };
  const threads = parsed.threads === undefined ? {} : { threads: parsed.threads };
  return { platform: parsed.platform, ...level, ...threads, values: parsed.exception.values };
}

/** Our names → Sentry's; whatever has Sentry's already keeps them. */
const NAMES: Readonly<Record<string, string>> = {
  line: 'lineno',
  column: 'colno',
  absPath: 'abs_path',
  inApp: 'in_app',
  context: 'context_line',
  pre: 'pre_context',
  post: 'post_context',
};

function frameOf(frame: unknown): unknown {
  if (!isObject(frame)) return frame;
  return Object.fromEntries(Object.entries(frame).map(([name, value]) => [NAMES[name] ?? name, value]));
}
