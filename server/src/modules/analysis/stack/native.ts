import { nativeFrame } from './native-frame.ts';
import { messageOf, splitPlace } from './text.ts';
import type { ParsedFrame, ParsedThread, TraceDraft } from './types.ts';

interface Section {
  id: string;
  name?: string;
  inner: ParsedFrame[];
}

/**
 * C and C++: gdb and lldb backtraces with all threads, the sanitizers (address, leak, memory, thread, undefined behaviour),
 * Valgrind, Android's tombstones, glibc's `backtrace_symbols`, boost::stacktrace and std::stacktrace, failed assertions.
 */
export function parseNative(lines: readonly string[]): TraceDraft | undefined {
  const threads: Section[] = [];
  let current: Section | undefined;
  let started = false;
  let crash: Section | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const thread = threadOf(line);
    if (thread !== undefined) {
      current = thread;
      if (threads.length < 200) threads.push(thread);
      continue;
    }
    const frame = nativeFrame(line);
    if (frame === undefined) {
      // Sanitizers tell where memory was freed and allocated, too: the first stack is where it was used.
      if (started && line === '' && current !== undefined && current.id === '') current = { id: '-', inner: [] };
      continue;
    }
    started = true;
    current ??= { id: '', inner: [] };
    crash ??= current;
    // A second stack starts over at frame 0.
    if (isFirst(line) && current.inner.length > 0) current = { id: '-', inner: [] };
    current.inner.push(frame);
  }
  const head = reasonOf(lines);
  if (crash === undefined)
    return head.place === undefined
      ? undefined
      : { thrown: { ...head.reason, frames: [head.place], children: [] }, unhandled: true };
  // All threads of a core: the one that raised the signal, else the first (gdb numbers the crashed one 1).
  crash =
    threads.find(raised) ??
    threads.find((section) => section.id === '1' && section.inner.length > 0 && crash?.id !== '') ??
    crash;
  const others: ParsedThread[] = threads
    .filter((section) => section.inner.length > 0)
    .map((section) => ({
      id: section.id,
      ...(section.name === undefined ? {} : { name: section.name }),
      crashed: section === crash,
      frames: section === crash ? [] : [...section.inner].reverse(),
    }));
  return {
    thrown: { ...head.reason, frames: [...crash.inner].reverse(), children: [] },
    unhandled: true,
    ...(others.length > 1 ? { threads: others } : {}),
  };
}

function raised({ inner }: Section): boolean {
  return inner
    .slice(0, 8)
    .some((frame) =>
      /^(?:(?:__)?(?:GI_)?(?:raise|abort|pthread_kill)|__pthread_kill_\w+|<signal handler called>)$/.test(frame.function ?? ''),
    );
}

function isFirst(line: string): boolean {
  return /^(?:#0+|0#|==\d{1,9}== {1,8}at|\* frame #0)[ :]/.test(line.slice(0, 40));
}

/** gdb's `Thread 2 (Thread 0x7f… (LWP 123) "worker"):` and lldb's `* thread #1, name = 'shop', stop reason = …`. */
function threadOf(line: string): Section | undefined {
  const gdb =
    /^Thread (\d{1,6}) \((?:Thread 0x[0-9a-f]{1,16} )?\(?LWP \d{1,9}\)?(?: "([^"]{1,100})")?\)/.exec(line) ??
    /^Thread (\d{1,6}) \((.{1,150})\):$/.exec(line);
  if (gdb !== null)
    return { id: gdb[1] as string, inner: [], ...(line.includes('"') && gdb[2] !== undefined ? { name: gdb[2] } : {}) };
  const lldb = /^\*? ?thread #(\d{1,6})[,:](?:.{0,100}?name = '([^']{1,100})')?/.exec(line);
  return lldb === null ? undefined : { id: lldb[1] as string, inner: [], ...(lldb[2] === undefined ? {} : { name: lldb[2] }) };
}

interface Reason {
  reason: { type?: string; value?: string };
  /** Where an assertion or undefined behaviour says it happened. */
  place?: ParsedFrame;
}

/** What stopped the program; the most telling line wins, wherever it stands. */
function reasonOf(lines: readonly string[]): Reason {
  let found: Reason = { reason: {} };
  let rank = 0;
  for (let i = 0; i < lines.length && i < 5_000; i += 1) {
    const line = (lines[i] as string).trim();
    if (line.length < 6 || line.length > 4_000) continue;
    const each = reason(line, lines[i + 1]);
    if (each !== undefined && each[0] > rank) [rank, found] = each;
  }
  return found;
}

function reason(line: string, next: string | undefined): [number, Reason] | undefined {
  const sanitizer = /(?:ERROR|WARNING): (\w{2,30}Sanitizer): (.{1,1000})$/.exec(line);
  if (sanitizer !== null) {
    const text = sanitizer[2] as string;
    const kind = /^(?:attempting )?[\w-]{1,60}(?: [a-z-]{1,40}){0,3}?(?= on | \(|$|: )/.exec(text)?.[0] ?? text;
    return [9, { reason: { type: `${sanitizer[1]}: ${kind}`, value: text } }];
  }
  const thrown = /terminate called after throwing an instance of '(.{1,300})'/.exec(line);
  if (thrown !== null) {
    const what = next?.trim().startsWith('what():') === true ? next.trim().slice(7).trim() : undefined;
    return [8, { reason: { type: thrown[1] as string, ...(what === undefined ? {} : { value: what }) } }];
  }
  const assertion = /^(?:(\S{1,200}): )?(\S{1,300}):(\d{1,8}): (.{1,500}): Assertion [`'](.{1,1000})['] failed\.?/.exec(line);
  if (assertion !== null)
    return [
      8,
      {
        reason: { type: 'Assertion failed', value: assertion[5] as string },
        place: at(assertion[2] as string, Number(assertion[3]), assertion[4]),
      },
    ];
  const bsd = /Assertion failed: \((.{1,1000})\), function (\S{1,200}), file (\S{1,400}), line (\d{1,8})/.exec(line);
  if (bsd !== null)
    return [
      8,
      { reason: { type: 'Assertion failed', value: bsd[1] as string }, place: at(bsd[3] as string, Number(bsd[4]), bsd[2]) },
    ];
  const undefinedBehaviour = line.indexOf(': runtime error: ');
  if (undefinedBehaviour > 0) {
    const { path, line: number, column } = splitPlace(line.slice(0, undefinedBehaviour));
    if (number !== undefined)
      return [
        7,
        {
          reason: { type: 'UndefinedBehaviorSanitizer', value: line.slice(undefinedBehaviour + 17) },
          place: { ...at(path, number, undefined), ...(column === undefined ? {} : { column }) },
        },
      ];
  }
  const signal = /(?:signal|stop reason = signal) (?:\d{1,2} \()?(SIG[A-Z]{3,6})\)?[,:]? ?(.{0,300})$/.exec(line);
  if (signal !== null) {
    const value = messageOf([signal[2] as string]);
    return [6, { reason: { type: signal[1] as string, ...(value === undefined ? {} : { value }) } }];
  }
  const mach = /stop reason = (EXC_[A-Z_]{3,30}|[A-Za-z][\w ]{2,60}) ?(\(.{1,200}\))?$/.exec(line);
  if (mach !== null)
    return [6, { reason: { type: (mach[1] as string).trim(), ...(mach[2] === undefined ? {} : { value: mach[2] }) } }];
  const abort = /^Abort message: '(.{0,2000}?)'?$/.exec(line);
  if (abort !== null) return [7, { reason: { type: 'SIGABRT', value: abort[1] as string } }];
  const libc = /^\*{3} (.{1,300}?)(?: \*{3}|: )/.exec(line);
  if (libc !== null && /smashing|free|corrupt|malloc|detected|overflow/.test(libc[1] as string))
    return [6, { reason: { type: 'SIGABRT', value: libc[1] as string } }];
  const valgrind =
    /^==\d{1,9}== ((?:Invalid (?:read|write|free)|Conditional jump|Use of uninit|Process terminating|Jump to the invalid|Mismatched free|Syscall param|Source and dest).{0,300})$/.exec(
      line,
    );
  if (valgrind !== null) return [5, { reason: { type: 'Valgrind', value: valgrind[1] as string } }];
  if (/^(?:.{0,100}: )?Segmentation fault/.test(line)) return [2, { reason: { type: 'SIGSEGV', value: 'Segmentation fault' } }];
  return undefined;
}

function at(path: string, line: number, fn: string | undefined): ParsedFrame {
  const slash = path.lastIndexOf('/');
  return { ...(fn === undefined ? {} : { function: fn }), filename: path.slice(slash + 1), absPath: path, line };
}
