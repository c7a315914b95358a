import { takeCarriers, type Wrapper } from './carriers.ts';
import { readHeader } from './header.ts';
import { readJson } from './json-record.ts';
import type { LogLine } from './log-line.ts';
import { readLogfmt } from './logfmt.ts';
import { traceLineOf } from './shapes.ts';
import type { TimeContext } from './timestamps.ts';

const blank = (text: string): LogLine => ({
  start: 0,
  end: 0,
  number: 0,
  text,
  message: text,
  writer: '',
  header: false,
  layers: [],
});

/** A line of text → what carried it taken off. The record in it is still to be read: the carrier may say that it goes on. */
export function carried(text: string, context: TimeContext, wrapper: Wrapper): LogLine {
  const line = blank(text);
  takeCarriers(line, context, wrapper);
  return line;
}

/** Reads what the logger put around the message: JSON, logfmt, or a prefix. */
export function readRecord(line: LogLine, context: TimeContext): LogLine {
  const first = line.text.charCodeAt(0);
  line.message = line.text;
  if ((first === 123 || first === 64) && readJson(line, context)) return line;
  if (line.text.includes('=') && readLogfmt(line, context)) return line;
  readHeader(line, context);
  // a logger's prefix around a JSON message: the message's own fields count
  if (line.header && line.message.startsWith('{"')) {
    const inner: LogLine = { ...line, text: line.message };
    if (readJson(inner, context)) Object.assign(line, inner, { text: line.text });
  } else if (line.stamp === true && line.message.includes('=')) {
    const inner: LogLine = { ...line, text: line.message };
    if (readLogfmt(inner, context)) Object.assign(line, inner, { text: line.text });
  }
  if (line.layers.includes('json') || line.layers.includes('logfmt')) delete line.stamp;
  // an entry of the journal may hold a whole trace
  if (
    line.stack === undefined &&
    line.message.includes('\n') &&
    line.message.split('\n', 60).some((text) => traceLineOf(text) !== undefined)
  )
    line.stack = line.message;
  return line;
}
