import { parseTrace } from '../../analysis/stack/parse.ts';
import { sentryExceptions } from '../../analysis/stack/sentry.ts';

/** What a stack trace in text comes to, in the words of a Sentry event. */
export type StackException = ReturnType<typeof sentryExceptions> & { level?: 'fatal' };

/**
 * A stack trace as its language prints it → parts of an event; undefined when the text is none.
 * @param hint language or platform, as whoever sent it calls it
 * @param thrown what the sender says of the exception, which wins over what the text says
 */
export function exceptionOfText(
  text: string,
  hint?: string,
  thrown?: { type?: string; value?: string },
): StackException | undefined {
  const trace = parseTrace(text, hint === '' ? undefined : hint);
  return trace === undefined || trace.exceptions.length === 0 ? undefined : sentryExceptions(trace, thrown);
}
