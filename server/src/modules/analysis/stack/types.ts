/** The languages whose traces are read. `apple`: crash reports of Apple systems; `native`: C, C++ and debuggers. */
export const LANGUAGES = [
  'javascript',
  'python',
  'java',
  'go',
  'ruby',
  'php',
  'csharp',
  'rust',
  'elixir',
  'erlang',
  'apple',
  'dart',
  'native',
  'powershell',
  'perl',
  'lua',
  'ocaml',
  'haskell',
  'r',
  'julia',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** One call. Names are in the form in which the Sentry SDK of the platform would send them. */
export interface ParsedFrame {
  function?: string;
  /** Class (Java, C#), package path (Go), module (Elixir). */
  module?: string;
  /** Binary, jar or image that holds the code. */
  package?: string;
  filename?: string;
  /** The path as the text has it, where `filename` is a shorter form of it. */
  absPath?: string;
  /** 1-based. */
  line?: number;
  column?: number;
  /** The source line, where the text shows it. */
  context?: string;
  native?: boolean;
  /** Only where the text itself says so: `node:internal`, `<frozen importlib>`, `[internal function]`. */
  inApp?: boolean;
  /** `0x…` */
  instructionAddr?: string;
}

/** How an exception came to be part of another: `cause` explicitly, `context` while the other was handled, `member` of a group. */
export type Relation = 'cause' | 'context' | 'suppressed' | 'member';

export interface ParsedException {
  /** As printed, with package or namespace: `java.io.IOException`, `AssertionError [ERR_ASSERTION]`. */
  type?: string;
  value?: string;
  /** Outermost call first, the throwing one last. */
  frames: ParsedFrame[];
  /** 0 is what was thrown; ids of what it was caused by are larger. */
  id: number;
  parentId?: number;
  relation?: Relation;
  /** It only collects others (AggregateError, ExceptionGroup). */
  isGroup?: boolean;
  /** Frames that the text leaves out and that cannot be told from the rest of it. */
  omitted?: number;
}

/** Another goroutine or thread of a dump. */
export interface ParsedThread {
  id?: string;
  name?: string;
  state?: string;
  crashed?: boolean;
  frames: ParsedFrame[];
}

/** A trace, read from text. */
export interface ParsedTrace {
  language: Language;
  /** Sentry's name of the platform: `node` or `javascript`, `csharp`, `cocoa`, … */
  platform: string;
  /** Sentry's order: the innermost cause first, what was thrown last. Never empty. */
  exceptions: ParsedException[];
  threads?: ParsedThread[];
  /** The text says that nobody caught it. */
  unhandled?: true;
}

/** What a parser of one language finds, before the chain is put into order. */
export interface TraceDraft {
  platform?: string;
  thrown: ExceptionNode;
  threads?: ParsedThread[];
  unhandled?: boolean;
}

/** An exception with those that belong to it. `frames` are outermost first. */
export interface ExceptionNode {
  type?: string;
  value?: string;
  frames: ParsedFrame[];
  isGroup?: boolean;
  omitted?: number;
  children: { relation: Relation; node: ExceptionNode }[];
}

/** Reads the lines of a text in one language; undefined if they are no trace of it. */
export type TraceParser = (lines: readonly string[]) => TraceDraft | undefined;
