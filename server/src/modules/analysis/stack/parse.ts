import { parseApple } from './apple.ts';
import { parseCsharp } from './csharp.ts';
import { parseDart } from './dart.ts';
import { likelyLanguages } from './detect.ts';
import { parseElixir } from './elixir.ts';
import { parseErlang } from './erlang.ts';
import { parseGo } from './go.ts';
import { parseJava } from './java.ts';
import { parseJavascript } from './javascript.ts';
import { parseNative } from './native.ts';
import { parseHaskell, parseOcaml } from './ocaml-haskell.ts';
import { parsePhp } from './php.ts';
import { parsePython } from './python.ts';
import { parseJulia, parseR } from './r-julia.ts';
import { parseRuby } from './ruby.ts';
import { parseRust } from './rust.ts';
import { parseLua, parsePerl, parsePowershell } from './scripts.ts';
import { capFrames, linesOf } from './text.ts';
import {
  type ExceptionNode,
  LANGUAGES,
  type Language,
  type ParsedException,
  type ParsedTrace,
  type TraceDraft,
  type TraceParser,
} from './types.ts';

const PARSERS: Record<Language, TraceParser> = {
  javascript: parseJavascript,
  python: parsePython,
  java: parseJava,
  go: parseGo,
  ruby: parseRuby,
  php: parsePhp,
  csharp: parseCsharp,
  rust: parseRust,
  elixir: parseElixir,
  erlang: parseErlang,
  apple: parseApple,
  dart: parseDart,
  native: parseNative,
  powershell: parsePowershell,
  perl: parsePerl,
  lua: parseLua,
  ocaml: parseOcaml,
  haskell: parseHaskell,
  r: parseR,
  julia: parseJulia,
};

/** Sentry's name of each language's platform; JavaScript's depends on the files. */
const PLATFORMS: Record<Language, string> = {
  javascript: 'javascript',
  python: 'python',
  java: 'java',
  go: 'go',
  ruby: 'ruby',
  php: 'php',
  csharp: 'csharp',
  rust: 'rust',
  elixir: 'elixir',
  erlang: 'erlang',
  apple: 'cocoa',
  dart: 'dart',
  native: 'native',
  powershell: 'powershell',
  perl: 'perl',
  lua: 'lua',
  ocaml: 'other',
  haskell: 'other',
  r: 'other',
  julia: 'other',
};

/** Other names: Sentry's platforms, OpenTelemetry's `telemetry.sdk.language`, what people say. */
const NAMES: Record<string, Language> = {
  node: 'javascript',
  nodejs: 'javascript',
  webjs: 'javascript',
  typescript: 'javascript',
  js: 'javascript',
  ts: 'javascript',
  deno: 'javascript',
  bun: 'javascript',
  'react-native': 'javascript',
  py: 'python',
  kotlin: 'java',
  scala: 'java',
  groovy: 'java',
  clojure: 'java',
  android: 'java',
  jvm: 'java',
  golang: 'go',
  rb: 'ruby',
  dotnet: 'csharp',
  '.net': 'csharp',
  'c#': 'csharp',
  fsharp: 'csharp',
  vb: 'csharp',
  rs: 'rust',
  swift: 'apple',
  objc: 'apple',
  'objective-c': 'apple',
  cocoa: 'apple',
  ios: 'apple',
  macos: 'apple',
  flutter: 'dart',
  c: 'native',
  cpp: 'native',
  'c++': 'native',
  gdb: 'native',
  pwsh: 'powershell',
  hs: 'haskell',
  ml: 'ocaml',
};

/** Most exceptions that are kept of a chain or group. */
const MAX_EXCEPTIONS = 50;

/** The language that a hint means; undefined for a name that is not known. */
export function languageOf(name: string): Language | undefined {
  const lower = name.toLowerCase();
  return LANGUAGES.find((language) => language === lower) ?? (Object.hasOwn(NAMES, lower) ? NAMES[lower] : undefined);
}

/**
 * Reads a stack trace. Tolerates lines above the trace (the log line it came with) and below it. Never throws; time is
 * linear in the length of the text, of which at most a million characters are read.
 * @param hint a language, a Sentry platform or OpenTelemetry's name of one; what the text says wins if it does not fit
 * @returns undefined if the text is no trace
 */
export function parseTrace(text: string, hint?: string): ParsedTrace | undefined {
  const lines = linesOf(text);
  const likely = likelyLanguages(lines);
  const hinted = hint === undefined ? undefined : languageOf(hint);
  // One line may belong to several languages (`at f (a.js:1)`): a hint decides between them.
  if (hinted !== undefined && (likely.length === 0 || likely.includes(hinted))) likely.unshift(hinted);
  const tried = new Set<Language>();
  for (const language of likely) {
    if (tried.has(language)) continue;
    tried.add(language);
    const draft = PARSERS[language](lines);
    if (draft !== undefined && says(draft)) return finish(language, draft);
  }
  return undefined;
}

/** A trace has a place, or several exceptions that are linked. */
function says(draft: TraceDraft): boolean {
  const pending = [draft.thrown];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.frames.length > 0) return true;
    if (node !== draft.thrown && node.type !== undefined) return true;
    for (const child of node.children) pending.push(child.node);
  }
  return false;
}

/** The tree as a list in Sentry's order: ids count from what was thrown, the list ends with it. */
function finish(language: Language, draft: TraceDraft): ParsedTrace {
  const exceptions: ParsedException[] = [];
  const add = (node: ExceptionNode, link: Pick<ParsedException, 'parentId' | 'relation'>): void => {
    if (exceptions.length >= MAX_EXCEPTIONS) return;
    const id = exceptions.length;
    const { children, ...own } = node;
    const cut = capFrames(own.frames);
    exceptions.push({ ...own, id, ...link, ...(cut > 0 ? { omitted: (own.omitted ?? 0) + cut } : {}) });
    for (const child of children) add(child.node, { parentId: id, relation: child.relation });
  };
  add(draft.thrown, {});
  // No platform of Sentry's says whose code these are: what their parser does not know as a library's is the program's own.
  if (PLATFORMS[language] === 'other') for (const { frames } of exceptions) for (const frame of frames) frame.inApp ??= true;
  const threads = draft.threads?.slice(0, 200);
  for (const thread of threads ?? []) capFrames(thread.frames);
  return {
    language,
    platform: draft.platform ?? PLATFORMS[language],
    exceptions: exceptions.reverse(),
    ...(threads === undefined || threads.length === 0 ? {} : { threads }),
    ...(draft.unhandled === true ? { unhandled: true } : {}),
  };
}
