import type { NormalizedFrame } from '../normalized-event.ts';
import { type Budget, boundedObject, isEmpty } from './bounded.ts';
import { type InAppRules, inApp } from './in-app.ts';
import { CAPS, isObject, middleCut, type Reading } from './reading.ts';
import { cutMachinery } from './rust-frames.ts';

const MAX_CONTEXT_LINES = 10;
const NATIVE = new Set(['native', 'cocoa', 'objc', 'c', 'swift']);

/** What the frames of one event have in common. */
export interface FrameSetting {
  platform: string;
  rules: InAppRules;
  /** Debug id of a source file, from `debug_meta`. */
  debugIds: ReadonlyMap<string, string> | undefined;
}

/** Frames of `{frames: [...]}`; more than 50 are cut from the middle, as the protocol says. Outermost call first. */
export function readStacktrace(value: unknown, field: string, setting: FrameSetting, reading: Reading): NormalizedFrame[] {
  if (value === undefined || value === null) return [];
  const raw = isObject(value) ? value['frames'] : value;
  if (raw === undefined || raw === null) return [];
  const list = reading.list(raw, `${field}.frames`);
  const [head, tail] = middleCut(list.length, CAPS.frames);
  if (head + tail < list.length) reading.note(`${field}.frames`, `cut: ${list.length} frames, ${CAPS.frames} kept`);
  const frames: NormalizedFrame[] = [];
  for (let i = 0; i < list.length; i++) {
    if (i === head) i = list.length - tail;
    if (i >= list.length) break;
    const frame = readFrame(list[i], `${field}.frames.${i}`, setting, reading);
    if (frame) frames.push(frame);
  }
  return setting.platform === 'rust' ? cutMachinery(frames) : frames;
}

function readFrame(value: unknown, field: string, setting: FrameSetting, reading: Reading): NormalizedFrame | undefined {
  if (!isObject(value)) {
    if (value !== null) reading.note(field, 'dropped: object expected');
    return undefined;
  }
  const frame: NormalizedFrame = {};
  readPlace(value, frame, field, reading);
  readSource(value, frame, field, reading);
  readAddresses(value, frame, setting, reading);
  const platform = typeof value['platform'] === 'string' ? value['platform'] : setting.platform;
  const own = inApp(reading.boolean(value['in_app'], field), frame, platform, setting.rules);
  if (own !== undefined) frame.inApp = own;
  if (NATIVE.has(platform)) frame.native = true;
  for (const _ in frame) return frame;
  return undefined;
}

function readPlace(value: Record<string, unknown>, frame: NormalizedFrame, field: string, reading: Reading): void {
  const fn = reading.name(value['function'] ?? value['raw_function'], CAPS.path, field);
  if (fn !== undefined) frame.function = fn;
  const module = reading.name(value['module'], CAPS.path, field);
  if (module !== undefined) frame.module = module;
  const pack = reading.name(value['package'], CAPS.path, field);
  if (pack !== undefined) frame.package = pack;
  const filename = reading.name(value['filename'], CAPS.path, field);
  if (filename !== undefined) frame.filename = filename;
  const absPath = reading.name(value['abs_path'], CAPS.url, field);
  if (absPath !== undefined) frame.absPath = absPath;
  const line = reading.whole(value['lineno'], field);
  if (line !== undefined) frame.line = line;
  const column = reading.whole(value['colno'], field);
  if (column !== undefined) frame.column = column;
}

function readSource(value: Record<string, unknown>, frame: NormalizedFrame, field: string, reading: Reading): void {
  const context = sourceLine(value['context_line'], field, reading);
  if (context !== undefined) frame.context = context;
  const pre = sourceLines(value['pre_context'], -MAX_CONTEXT_LINES, field, reading);
  if (pre) frame.pre = pre;
  const post = sourceLines(value['post_context'], MAX_CONTEXT_LINES, field, reading);
  if (post) frame.post = post;
  if (value['vars'] !== undefined && value['vars'] !== null) {
    const budget: Budget = { left: CAPS.frameVars };
    const vars = boundedObject(
      Array.isArray(value['vars']) ? { ...value['vars'] } : value['vars'],
      budget,
      `${field}.vars`,
      reading,
    );
    if (vars && !isEmpty(vars)) frame.vars = vars;
  }
}

/** An empty line is a line. Long ones (minified code) are cut without a note: it is the rule there. */
function sourceLine(value: unknown, field: string, reading: Reading): string | undefined {
  if (value === '') return '';
  if (typeof value === 'string' && value.length > CAPS.sourceLine)
    return reading.text(value.slice(0, CAPS.sourceLine), CAPS.sourceLine, field);
  return reading.text(value, CAPS.sourceLine, field);
}

function sourceLines(value: unknown, keep: number, field: string, reading: Reading): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const near = keep < 0 ? value.slice(keep) : value.slice(0, keep);
  for (let i = 0; i < near.length; i++) near[i] = sourceLine(near[i], field, reading) ?? '';
  return near;
}

function readAddresses(value: Record<string, unknown>, frame: NormalizedFrame, setting: FrameSetting, reading: Reading): void {
  if (value['instruction_addr'] !== undefined) {
    const address = reading.text(value['instruction_addr'], 40, 'instruction_addr');
    if (address !== undefined) frame.instructionAddr = address;
    const symbol = reading.text(value['symbol_addr'], 40, 'symbol_addr');
    if (symbol !== undefined) frame.symbolAddr = symbol;
  }
  // As SDKs name the file of an image: by the frame's absolute path, else by its file (browsers send no other).
  const file = frame.absPath ?? frame.filename;
  const debugId = setting.debugIds && file !== undefined ? setting.debugIds.get(file) : undefined;
  if (debugId !== undefined) frame.debugId = debugId;
}
