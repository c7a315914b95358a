import { ByFirstCharacter } from './first-character.ts';

/** Languages by how their traces are laid out: `at` is what JavaScript, the JVM and .NET share. */
export type Family =
  | 'at'
  | 'python'
  | 'go'
  | 'ruby'
  | 'php'
  | 'rust'
  | 'elixir'
  | 'numbered'
  | 'powershell'
  | 'browser'
  | 'perl'
  | 'lua'
  | 'tcl'
  | 'haskell'
  | 'ocaml';

/** How a line of text begins an event. */
export interface Head {
  /**
   * `crash`: the program's end, said by its runtime. `exception`: a type with its message. `bare`: a type alone, which needs a
   * trace behind it. `label`: announces what the next line says ("Unhandled exception:"). `traceback`: Python's, whose type comes last.
   */
  kind: 'crash' | 'exception' | 'bare' | 'label' | 'traceback';
  family?: Family;
  fatal?: true;
}

const TYPE = String.raw`(?:[A-Za-z_$][\w$]*(?:\.|::|\\|/))*(?:[A-Z_$][\w$]*(?:Error|Exception|ExceptionInfo|Failure|Fault|Throwable|Interrupt|Exit|Rejection|Iteration|Abort|Warning)[\w$]{0,3}|Error|Exception|Throwable)`;
/** A type with a message: `java.io.IOException: gone`, `TypeError [CODE]: …`, `UnauthorizedException [Error]: …`, `NoMethodError (undefined …):`. */
const EXCEPTION = new RegExp(
  String.raw`^\s{0,2}${TYPE}(?:\s?\[[\w.]{1,60}\]|\s\((?:0x[0-9A-Fa-f]{8}|\d{1,6})\))?\s?(?::\s|:$|\s?\(\S.{0,2000}\)\s?:?\s*$)`,
);
const BARE = new RegExp(String.raw`^${TYPE}\s*$`);
const PLAIN = /^(?:Error|Exception|error \[[A-Z_]+\])(?:: |$)/;

const HEADS: [RegExp, Head][] = [
  // also behind a sentence: programs log the formatted traceback as part of their message
  [
    /^(?:\s{0,4}[+|]\s)?(?:\s{0,4})?(?:Exception Group )?Traceback \(most recent call last\):|[\s:]Traceback \(most recent call last\):$/,
    { kind: 'traceback', family: 'python' },
  ],
  [
    /^(?:panic: |fatal error: |SIG[A-Z]{2,5}: |unexpected fault address |.{0,60}\bpanic serving |runtime: out of memory|panic recovered:)/,
    { kind: 'crash', family: 'go', fatal: true },
  ],
  [/^goroutine \d+ \[[^\]]{1,80}\]:$/, { kind: 'label', family: 'go' }],
  [/^thread '[^']{0,200}'(?: \(\d+\))? (?:panicked at |has overflowed)/, { kind: 'crash', family: 'rust', fatal: true }],
  [/^\*\* \([\w.]{1,200}\) /, { kind: 'exception', family: 'elixir' }],
  [
    /^\*\* (?:Generic (?:server|event handler)|State machine|Task|gen_\w{1,30}) .{1,300} (?:terminating|crashed|terminated)/i,
    { kind: 'label', family: 'elixir' },
  ],
  [/^=(?:ERROR|CRASH) REPORT={1,4}/, { kind: 'label', family: 'elixir' }],
  [
    /^(?:GenServer|Process|Task|Ranch|gen_event|Child|State machine|:gen_\w+) .{1,200}(?:terminating|raised an exception|terminated|exited)/,
    { kind: 'label', family: 'elixir' },
  ],
  [/^(?:PHP )?(?:Fatal|Parse|Recoverable fatal|Catchable fatal) error:\s/, { kind: 'crash', family: 'php', fatal: true }],
  [/^(?:PHP )?(?:Fatal error:\s{1,4})?Uncaught (?:exception '|\w)/, { kind: 'exception', family: 'php' }],
  [/^(?:Next )?exception '[\w\\]{1,200}' with message '/, { kind: 'exception', family: 'php' }],
  [/^\S{1,300}\.rb>?:\d{1,7}:in [`'].{0,1000}[:'] .{0,2000}\([\w:]{1,200}\)$/, { kind: 'exception', family: 'ruby' }],
  [/^\S{1,300}\.rb>?:\d{1,7}:in [`'].{0,300}': .{1,2000}/, { kind: 'exception', family: 'ruby' }],
  [
    /^(?:Unhandled exception|Unhandled Exception|Uncaught exception|Unhandled error|Unhandled rejection|Unhandled Rejection|An unhandled exception|Uncaught |Possibly unhandled)/,
    { kind: 'label' },
  ],
  [/^[A-Z]\w{0,80}(?:::[A-Z]\w{0,80}){1,8} \(.{1,2000}\):\s{0,4}$/, { kind: 'exception', family: 'ruby' }],
  [/^Exception in thread "/, { kind: 'exception', family: 'at' }],
  [
    /^\(node:\d{1,8}\) (?:UnhandledPromiseRejectionWarning|PromiseRejectionHandledWarning|Uncaught)/,
    { kind: 'exception', family: 'at' },
  ],
  [/^error: Uncaught |^\[UnhandledPromiseRejection: /, { kind: 'exception', family: 'at' }],
  [
    /^==\d{1,8}==\s?(?:ERROR: |WARNING: |Thread \d{1,6}:$|Process terminating|Invalid (?:read|write|free)|Conditional jump|Use of uninitialised|Mismatched free|Syscall param)/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [/^WARNING: (?:Thread|Memory)Sanitizer: /, { kind: 'crash', family: 'numbered' }],
  [/^Stack overflow\.$|^Process is terminated due to StackOverflowException\./, { kind: 'crash', family: 'at', fatal: true }],
  [/^WARNING: DATA RACE$/, { kind: 'crash', family: 'go' }],
  [/^SQLSTATE\[\w{5}\]:? /, { kind: 'exception', family: 'php' }],
  [/^\S{1,300}:\d{1,7}:\d{1,5}: runtime error: /, { kind: 'crash', family: 'numbered' }],
  [
    /^(?:terminate called (?:after throwing|without)|libc\+\+abi: |\*\*\* .{1,120} \*\*\*: (?:terminated|\S{1,200} terminated)|double free or corruption|munmap_chunk\(\): |malloc\(\): |free\(\): |corrupted size vs|Segmentation fault|Illegal instruction|Bus error|Aborted \(core dumped\)|Floating point exception|\S{1,200}: line \d{1,6}:\s{1,4}\d{1,8}\s(?:Segmentation fault|Aborted|Illegal instruction|Bus error|Floating point exception|Killed)\b)/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [
    /^(?:(?:\S{1,200}: )?\S{0,300}:? ?|(?:\S{1,200}: )?\S{1,300}:\d{1,7}: .{1,400}: )Assertion [`'"].{1,500}['"`] failed\.?|^Assertion failed: \S/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [
    /^(?:Thread \d{1,6} "[^"]{0,100}" received signal |Program received signal |Program terminated with signal |Fatal signal \d{1,3} |Caught signal \d|Received signal \d{1,3} |signal \d{1,2} \(SIG|\*\*\* SIG[A-Z]{3,5} |# A fatal error has been detected|Fatal Python error: )/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [
    /^(?:\*\*\* Terminating app due to uncaught exception|Fatal error: |Thread \d{1,5} (?:Crashed|crashed)|Process \d{1,8} \(.{1,100}\) crashed|\S{1,300}:\d{1,7}: Fatal error: |💣 )/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [/^(?:══╡|\[ERROR:flutter\/)/, { kind: 'exception', family: 'numbered' }],
  [
    /^(?:Out of memory: |oom-kill:|Kernel panic - |BUG: |Oops: |kernel BUG at |general protection fault|\S{1,60}\[\d{1,8}\]: segfault at |INFO: task \S{1,60} blocked for more than|Memory cgroup out of memory)/,
    { kind: 'crash', family: 'numbered', fatal: true },
  ],
  [/^=> \[.{0,100}\] Error: |^✖ Error: /, { kind: 'exception', family: 'at' }],
  [
    /^(?:[A-Za-z]\w{0,40}-\w{1,60}|\w{1,60}(?:Exception|Error)): \S.{0,500}\.psm?1:\d{1,7}$/,
    { kind: 'label', family: 'powershell' },
  ],
  // Node prints an error without a stack in brackets, its properties on the lines behind
  [/^\S.{0,200} \[\w{0,60}(?:Error|Exception)(?: \[\w{1,60}\])?: .{1,2000}\] \{$/, { kind: 'exception', family: 'at' }],
  // what perl says when it dies; its warnings have the same form and known words
  [
    /^(?!Use of uninit|Useless use|Odd number|Argument |Subroutine |Deep recursion|Name "|Scalar value|Possible |Wide character|Smartmatch |Exiting )\S.{0,600} at (?:\S{1,300}\.(?:pl|pm|t|cgi|psgi|plx)|\(eval \d{1,6}\)) line \d{1,7}(?:, <\S{1,40}> (?:line|chunk) \d{1,9})?\.$/,
    { kind: 'exception', family: 'perl' },
  ],
  [/^(?:lua(?:jit|5\.\d)?: |(?:.{0,60} )?lua entry thread aborted: )\S/, { kind: 'exception', family: 'lua' }],
  [/^Error in \S.{0,300}\) : ?/, { kind: 'exception' }],
];

const HEADS_BY = new ByFirstCharacter(HEADS);

/** The way this text begins an event, if it does. */
export function headOf(text: string): Head | undefined {
  if (text.length < 5) return undefined;
  const c = text.charCodeAt(0);
  // Types begin with a letter, `$` or `_`, now and then behind a blank or two.
  const shown = text.length > 4000 ? text.slice(0, 4000) : text;
  if ((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36 || c === 32) {
    if (PLAIN.test(shown)) return { kind: shown.includes(':') ? 'exception' : 'bare', family: 'at' };
    if (EXCEPTION.test(shown)) return { kind: 'exception' };
    if (BARE.test(shown)) return { kind: 'bare' };
  }
  for (const [pattern, head] of HEADS_BY.of(shown)) if (pattern.test(shown)) return head;
  return undefined;
}

/** A line that only stands inside a trace. */
export interface TraceLine {
  family?: Family;
  /** A place in code, rather than words between places. */
  frame: boolean;
  /** Prose may look like it too: it goes on a trace, and is no reason to look for the head of one. */
  weak?: true;
  /** The line before it is a head, whatever that says. */
  opens?: true;
}

const AT = /^\s{0,40}at\s+[^\s=:,;]/;
/** A place at the end of an indented `at …`. */
const AT_PLACE =
  /^\s{0,40}(?:eval )?at\s.{0,4000}(?:[)\]>}]|:(?:line )?\d+|\.\w+|<anonymous>|<unknown>|native)(?:\s\{|;|,)?\s*(?:\[[\w.+~:-]{1,200}\])?$/;
/** `at` at the margin is prose unless it names a function with its place or its parameters, or a file with its line. */
const AT_MARGIN =
  /^at\s(?:(?:async |new |eval at )?\S{1,1000} ?(?:\[as \S{1,200}\] )?\([^()]{0,2000}(?::\d+(?::\d+)?|\.(?:java|kt|scala|groovy|clj|cs|vb|fs)|Native Method|Unknown Source|native|<anonymous>)\)|[\w$.<>`|+/@[\]-]{1,1000}\([^()]{0,2000}\)(?: in \S.{0,1000}:line \d+)?|(?:async )?\S{0,1000}[\w)>]:\d+:\d+|<anonymous>)(?:\s\{|,)?(?:\s~?\[[^\]]{1,200}\])?$/;
const LINES: [RegExp, TraceLine][] = [
  [/^\s{0,20}(?:\|\s{1,8})?File "[^"]{1,2000}", line \d+/, { family: 'python', frame: true }],
  [
    /^(?:Current thread|Thread) 0x[0-9a-f]{1,16} .{0,80}\(most recent call first\):|^Extension modules: \S/,
    { family: 'python', frame: false },
  ],
  [/^\s{1,20}\[Previous line repeated \d+ more times\]/, { family: 'python', frame: false }],
  [
    /^\s{0,20}(?:\| )?(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:)/,
    { family: 'python', frame: false },
  ],
  [/^\s{2,20}(?:\+-|\|)/, { family: 'python', frame: false }],
  [/^\s{0,40}(?:Caused by|Suppressed): [\w.$]{1,300}(?:Error|Exception|Throwable|Fault)\b/, { family: 'at', frame: false }],
  [/^\s{0,40}(?:Caused by|Suppressed|Wrapped by):? /, { family: 'at', frame: false, weak: true }],
  [
    /^\s{0,40}\.{3} \d+ (?:more|common frames omitted|frames? (?:truncated|excluded|elided|omitted))/,
    { family: 'at', frame: false },
  ],
  [/^\s{0,40}\[CIRCULAR REFERENCE: ?/, { family: 'at', frame: false }],
  [/^\s{0,20}-{1,3}(?:>\s|\s?End of (?:inner exception )?stack trace)/, { family: 'at', frame: false }],
  [
    /^(?:From previous event:|Thrown at:|Node\.js v\d+\.\d+|\s{0,12}\[cause\]: |\s{0,12}\[errors\]: \[|Emitted '.{1,60}' event(?: on .{1,80})? at:|\s{0,8}nested exception is:)/,
    { family: 'at', frame: false },
  ],
  [/^\s{1,20}\^[\^~]*\s*$|^\s{1,200}[~^]{1,500}\s*$/, { frame: false }],
  [/^goroutine \d+ (?:gp=\S{1,30} m=\S{1,20}(?: mp=\S{1,30})? )?\[[^\]]{1,80}\]:$/, { family: 'go', frame: false }],
  [/^\S{1,1000}\.(?:go|s):\d+ \(0x[0-9a-f]{1,16}\)$/, { family: 'go', frame: true }],
  [/^\s{1,20}\S.{0,2000}\.(?:go|s):\d+(?: \+0x[0-9a-f]+|$| fp=)/, { family: 'go', frame: true }],
  [
    /^(?:created by [\w./*()-]|\[signal SIG|runtime stack:|exit status \d|\[originating from goroutine|\[recovered\]|PC=0x|\t?panic: .{1,500}\[recovered)/,
    { family: 'go', frame: false },
  ],
  [/^\s{0,20}(?:from )?\S.{0,1000}\.(?:rb|rake|erb|ru|slim|haml)>?:\d+(?::in [`'<]|$)/, { family: 'ruby', frame: true }],
  [/^\s{0,20}[\w-]{1,60} \(\d[\w.]{0,30}\) \S{1,500}:\d+:in [`']/, { family: 'ruby', frame: true }],
  [
    /^\s{0,20}(?:\[(?:internal function|previous exception)\]|thrown in \S.{1,1000} on line \d+|Next [\w\\]{1,200}: |\[object\] \()/,
    { family: 'php', frame: false },
  ],
  [/^\s{0,20}#\d{1,4}[:\s]\s{0,12}\S/, { family: 'numbered', frame: true }],
  [/^\s{0,4}\d{1,4}:\s{1,6}(?:0x[0-9a-f]{4,16} - )?[\w<_].{0,2000}$/, { family: 'rust', frame: true }],
  [/^(?:stack backtrace:|note: run with `RUST_BACKTRACE|note: Some details are omitted)/, { family: 'rust', frame: false }],
  [/^\s{1,12}(?:\([\w ]{1,60}\d[\w.+-]{0,40}\) )?\S{1,300}\.(?:exs?|erl):\d+: /, { family: 'elixir', frame: true }],
  [
    /^(?:Last message(?: \(from .{1,100}\))?: |State: |\*\* \{|\*\* (?:Reason for termination|When Server state|Last message in was|Stacktrace)|Args: \[|Function: [&#]|Initial Call: |Ancestors: |Start Call: )/,
    { family: 'elixir', frame: false },
  ],
  [/^(?:At line:\d+ char:\d+|At \S.{1,500}:\d+ char:\d+)$/, { family: 'powershell', frame: true }],
  [/^\s{0,8}\+ (?:CategoryInfo|FullyQualifiedErrorId|PSComputerName|~)/, { family: 'powershell', frame: false }],
  [/^(?:Line |\s{0,6}\d{0,6} )\|/, { family: 'powershell', frame: false }],
  [/^<asynchronous suspension>/, { family: 'numbered', frame: false }],
  [
    /^\s{1,8}(?:\S{1,300}|\(\.{3}tail calls\.{3}\)): in (?:function|main chunk|upvalue|local|field|method)\b/,
    { family: 'lua', frame: true },
  ],
  [/^\s{1,8}\[C\]: (?:in \?|at 0x[0-9a-f])/, { family: 'lua', frame: true }],
  [/^stack traceback:$/, { family: 'lua', frame: false, opens: true }],
  [/^coroutine \d{1,4}:$/, { family: 'lua', frame: false }],
  [
    /^\s{1,8}(?:[\w:]{1,200}\(.{0,1000}\)|eval \{\.\.\.\}|require \S{1,300}) called at \S{1,500} line \d+/,
    { family: 'perl', frame: true },
  ],
  [/^(?:BEGIN failed--compilation aborted|Compilation failed in require) at \S{1,300}/, { family: 'perl', frame: false }],
  [/^\s{4}(?:while executing|invoked from within)$/, { family: 'tcl', frame: false, opens: true }],
  [/^\s{4}\((?:procedure|file) ".{1,300}" line \d+\)$/, { family: 'tcl', frame: true }],
  [/^CallStack \(from HasCallStack\):/, { family: 'haskell', frame: false, opens: true }],
  [/^\s{2,8}\S.{0,200}, called at \S{1,300}:\d+:\d+ in \S/, { family: 'haskell', frame: true }],
  [/^(?:Raised (?:at|by primitive)|Re-raised at|Called from) .{1,300}, lines? \d+/, { family: 'ocaml', frame: true }],
  [/^(?:\[stacktrace\]|Stack trace:)$/, { family: 'php', frame: false, opens: true }],
  [/^(?:Repeat \d{1,9} times:|-{32})$/, { family: 'at', frame: false, weak: true }],
  [/^root cause$/i, { family: 'at', frame: false, weak: true }],
  [
    /^(?:\*\*\* \*\*\* \*\*\*|Build fingerprint: |pid: \d{1,8}, tid: \d|signal \d{1,2} \(SIG|backtrace:$|Abort message: )/,
    { family: 'numbered', frame: false },
  ],
  [/^PHP (?:Stack trace:|\s{1,4}\d{1,4}\. )/, { family: 'php', frame: false }],
  [/^fatal runtime error: /, { family: 'rust', frame: false }],
  [/^(?:Execution halted|Calls: \S.{0,500} -> )/, { frame: false }],
  [/^\s{0,4}\d{1,3}\s{1,4}\S.{0,200}\s0x[0-9a-f]{8,16}\s/, { family: 'numbered', frame: true }],
  [
    /^(?:\s{2}what\(\):\s|SUMMARY: \w+Sanitizer|\w+Sanitizer:\s?DEADLYSIGNAL|==\d{1,8}==|={5}\s?$|\*\*\* First throw call stack|libc\+\+abi|Aborted(?: \(core|$)|Segmentation fault|\(lldb\)|Shadow bytes|0x[0-9a-f]{8,16} is located|freed by thread|previously allocated by thread|allocated by thread|Thread T\d{1,5} created by|={5,20}\s?\d)/,
    { family: 'numbered', frame: false },
  ],
  [/^\S{0,300}\([\w+]{0,200}\+?(?:0x[0-9a-f]{1,16})?\)\s?\[0x[0-9a-f]{4,16}\]$/, { family: 'numbered', frame: true }],
  [
    /^\s{0,8}(?:[\w$.<>/[\]]{0,300}@|@)(?:https?|file|webpack|app|capacitor|chrome-extension|moz-extension|blob):\S{1,2000}:\d+/,
    { family: 'browser', frame: true },
  ],
];

const LINES_BY = new ByFirstCharacter(LINES);

/** What a shell says when a program died: after the program's own words it belongs to them. */
export const isShellNotice = (text: string): boolean =>
  /^(?:\S{1,200}: line \d{1,6}:\s{1,4}\d{1,8}\s)?(?:Aborted|Segmentation fault|Illegal instruction|Bus error|Floating point exception|Killed$)/.test(
    text,
  );

/** A program's last words: nothing of its event comes behind them. */
export const isLastWord = (text: string): boolean =>
  isShellNotice(text) ||
  text.startsWith('libc++abi: terminating') ||
  /^(?:note: run with `RUST_BACKTRACE|note: Some details are omitted|exit status \d|Execution halted$)/.test(text);

/** What the debugger or the runtime says of the signal that ended a program, after the program's own last words. */
export const isSignalReport = (text: string): boolean =>
  /^(?:Program (?:received|terminated with) signal |Thread \d{1,6} "[^"]{0,100}" received signal |Fatal signal \d|Caught signal \d)/.test(
    text,
  );

/** A line of the JVM's thread dump, whose frames are no error's. */
export const isThreadState = (text: string): boolean =>
  /^\s{1,8}java\.lang\.Thread\.State: |^"[^"]{1,300}" (?:#\d{1,9} |daemon |prio=|os_prio=|tid=)/.test(text);

/** What part of a trace the line can only be, if so. */
export function traceLineOf(text: string): TraceLine | undefined {
  if (text.length > 8000) return undefined;
  if (AT.test(text)) {
    if (/^\s/.test(text) ? AT_PLACE.test(text) : AT_MARGIN.test(text)) return { family: 'at', frame: true };
    if (/^\s{2,}at \S+$/.test(text)) return { family: 'at', frame: true, weak: true };
  }
  for (const [pattern, line] of LINES_BY.of(text)) if (pattern.test(text)) return line;
  return undefined;
}

/** A function's line in a goroutine; only inside one, elsewhere it would be anything. */
export function isGoFunction(text: string): boolean {
  return text.length < 4000 && /^[\w./*()\-·{}[\]$%~@,]{1,1000}\(.{0,3000}\)?$/.test(text) && !text.includes(': ');
}
