import type { NormalizedEvent, NormalizedFrame } from '../../detection/normalized-event.ts';

const SCRIPTS = new Set(['javascript', 'node', 'react-native', 'deno', 'bun', 'electron', 'capacitor', 'cordova', 'ionic']);
/** Places without a file. */
const NO_FILE = /^(?:node:|internal\/|native\b|\[native code\]|<|ext:|bun:|wasm:|chrome-extension:|moz-extension:|safari-)/;

/** What a script is known by: its debug id, or the addresses under which a release may hold it. */
export interface ScriptKey {
  /** 32 lower-case hex digits. */
  debugId: string | undefined;
  /** Most exact first, as release files are named: whole addresses, then `~/path`. */
  urls: readonly string[];
}

/** Every list of frames of an event, each once. */
export function stacksOf(event: NormalizedEvent): NormalizedFrame[][] {
  const stacks: NormalizedFrame[][] = [];
  const add = (frames: NormalizedFrame[] | undefined) => {
    if (Array.isArray(frames) && frames.length > 0) stacks.push(frames);
  };
  for (const exception of event.exceptions) add(exception.frames);
  add(event.stacktrace);
  for (const thread of event.threads ?? []) add(thread.frames);
  return stacks;
}

/** Whether a frame is one of a script and not yet mapped. */
export function isCandidate(frame: NormalizedFrame): boolean {
  if (frame.line === undefined || frame.minified !== undefined) return false;
  if (frame.debugId !== undefined) return true;
  const place = frame.absPath ?? frame.filename;
  return place !== undefined && frame.column !== undefined && !NO_FILE.test(place);
}

/** Whether source maps could say more about an event. Cheap: asked of every event. */
export function wantsMaps(event: NormalizedEvent): boolean {
  if (!SCRIPTS.has(event.platform) && event.debugMeta === undefined) return false;
  for (const exception of event.exceptions) if (exception.frames.some(isCandidate)) return true;
  if (event.stacktrace?.some(isCandidate)) return true;
  return event.threads?.some((thread) => thread.frames.some(isCandidate)) ?? false;
}

/** Debug ids of the frames that are not mapped. */
export function debugIdsOf(event: NormalizedEvent): Set<string> {
  const ids = new Set<string>();
  for (const frames of stacksOf(event))
    for (const frame of frames) {
      const id = frame.minified === undefined ? plainDebugId(frame.debugId) : undefined;
      if (id !== undefined) ids.add(id);
    }
  return ids;
}

/** What a frame's script is known by. */
export function scriptKey(frame: NormalizedFrame): ScriptKey {
  const urls: string[] = [];
  for (const place of [frame.absPath, frame.filename]) {
    if (place === undefined) continue;
    for (const url of urlNames(place)) if (!urls.includes(url)) urls.push(url);
  }
  return { debugId: plainDebugId(frame.debugId), urls };
}

/** Names under which a release may hold the file at an address: as it stands, without query and fragment, with `~` for the host. */
export function urlNames(place: string): string[] {
  if (place.length > 2_048 || NO_FILE.test(place)) return [];
  const plain = place.replace(/[?#].*$/, '');
  const names = plain === place ? [place] : [place, plain];
  const path = /^[a-z][\w+.-]*:\/\/[^/]*(\/.*)$/i.exec(plain)?.[1] ?? (plain.startsWith('/') ? plain : undefined);
  if (plain.startsWith('~/')) return names;
  names.push(`~${path ?? `/${plain.replace(/^(?:\.{1,2}\/)+/, '')}`}`);
  return names;
}

/** A debug id as 32 lower-case hex digits, from any form of a UUID (Breakpad's trailing age is cut); undefined for anything else. */
export function plainDebugId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length < 32 || value.length > 60) return undefined;
  const plain = value.replaceAll('-', '').toLowerCase().slice(0, 32);
  return /^[0-9a-f]{32}$/.test(plain) && !/^0{32}$/.test(plain) ? plain : undefined;
}

/** A debug id as people and tools write it: a UUID with dashes. */
export function debugIdText(plain: string): string {
  return `${plain.slice(0, 8)}-${plain.slice(8, 12)}-${plain.slice(12, 16)}-${plain.slice(16, 20)}-${plain.slice(20)}`;
}
