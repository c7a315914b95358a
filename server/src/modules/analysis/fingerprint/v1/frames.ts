/**
 * Which frames of a stack stand for the place of the failure. Part of a released grouping version: copy it for a new
 * version, never edit it once released.
 */
import type { NormalizedFrame } from '../../../detection/normalized-event.ts';
import { functionName, type Specificity } from './function-name.ts';
import { frameLocation } from './location.ts';

export interface KeyFrame {
  /** `location function`: what is hashed. */
  key: string;
  /** For people; without the location's directories. */
  label: string;
  specificity: Specificity;
  /** Why it was taken, if not as the first own frame: the crash itself in a library, or the caller of a frame that says too little. */
  as?: 'crash' | 'caller-of-guard' | 'caller-of-anonymous' | 'cycle';
}

/** JavaScript in a browser, on a server, or another language. */
export type ScriptKind = 'browser' | 'server' | 'no';

export interface StackKey {
  frames: KeyFrame[];
  /** The frames are the application's own. */
  inApp: boolean;
  /** The frames alone name one place in the code; otherwise the message has to help. */
  specific: boolean;
}

/** Frames looked at; a crash says where it happened in its first few. */
const WALK = 100;
/** Callers added below the function that a guard protects (what it checks came from there), and below an anonymous function. */
const CALLERS_OF_GUARDED = 1;
const CALLERS_OF_ANONYMOUS = 2;
const MAX_GUARDS = 3;
const MAX_CYCLE = 8;

/** Runs after or around every failure of its kind, and so says nothing about this one. */
const MACHINERY = new Set([
  // Native: from the fault to the reporter.
  ...[
    'abort',
    '__abort',
    'abort_message',
    '__pthread_kill',
    'pthread_kill',
    'raise',
    'gsignal',
    'kill',
    '__assert_fail',
    '__assert_rtn',
    '__cxa_throw',
    '__cxa_rethrow',
  ],
  ...[
    '_Unwind_Resume',
    '_Unwind_RaiseException',
    'std::terminate',
    'std::__terminate',
    'demangling_terminate_handler',
    'default_terminate_handler',
    '_objc_terminate',
    '__terminate',
    'terminate',
  ],
  ...[
    'objc_exception_throw',
    'objc_exception_rethrow',
    '__exceptionPreprocess',
    '+[NSException raise:format:]',
    '-[NSException raise]',
    '__stack_chk_fail',
  ],
  ...[
    '+[NSException raise:format:arguments:]',
    '_sigtramp',
    '__restore_rt',
    'RaiseException',
    'KiUserExceptionDispatcher',
    'RtlDispatchException',
    '_CxxThrowException',
  ],
  ...[
    '__libc_message',
    'malloc_printerr',
    'szone_error',
    'malloc_error_break',
    '_pthread_kill',
    '__kill',
    '__pthread_kill_implementation',
    '__GI_raise',
    '__GI_abort',
  ],
  ...[
    'rust_panic',
    'rust_begin_unwind',
    'begin_unwind',
    'panic_fmt',
    'core::panicking::panic',
    'core::panicking::panic_fmt',
    'std::panicking::begin_panic',
  ],
  ...['gopanic', 'panicmem', 'sigpanic', 'goexit', 'goPanicIndex', 'panicdivide', 'panicwrap'],
  // Managed: rethrowing across an await, capturing the stack.
  ...[
    'ThrowForNonSuccess',
    'HandleNonSuccessAndDebuggerNotification',
    'ValidateEnd',
    'fillInStackTrace',
    'captureStackTrace',
    '_errnoException',
    'errnoException',
  ],
  ...['RethrowKeepingStackTrace', 'processTicksAndRejections', '_tickCallback', '_combinedTickCallback', 'runMicrotasks'],
]);

/** Templates and generics of a library are compiled into the application's own binary. */
const COMPILED_IN = / (?:std|boost|core|alloc|__gnu_cxx|__cxxabiv1)::/;

/** Libraries by their place, for SDKs that do not say which frames are the application's own. */
const LIBRARY =
  /(?:^|[/\\])(?:node_modules|site-packages|dist-packages|vendor|gems|bower_components|jspm_packages)[/\\]|^(?:node:|internal[/\\]|native |\[native code\]|<frozen |\/usr\/(?:lib|local\/(?:lib|go))|\/System\/|\/lib\/|[A-Z]:\\Windows)|\/go\/pkg\/mod\/|\/lib\/python\d|\/rustc\/|[a-z]+-extension:/;
const LIBRARY_MODULE =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|android|androidx|dalvik|libcore|com\.android|org\.springframework|org\.apache\.(?:catalina|coyote|tomcat)|org\.junit|System|Microsoft|runtime|net\/http|reflect|testing|asyncio|threading|concurrent|importlib|unittest)(?:[./]|$)/;

/** The key of one stack, or undefined if nothing in it can be told from other stacks. */
export function stackKey(
  frames: readonly NormalizedFrame[],
  script: ScriptKind,
  fault: boolean,
  overflow: boolean,
): StackKey | undefined {
  if (frames.length === 0) return undefined;
  let marked = false;
  for (const frame of frames) {
    if (frame.inApp !== undefined) {
      marked = true;
      break;
    }
  }
  const isOwn = (frame: NormalizedFrame) => (marked ? frame.inApp === true : !isLibrary(frame));
  if (overflow) {
    const cycle = overflowKey(frames, isOwn, script);
    if (cycle !== undefined) return cycle;
  }
  const own = ownKey(frames, isOwn, script, fault);
  const nearest = own === undefined || !marked || isNative(frames) ? systemKey(frames, script) : undefined;
  if (own === undefined || nearest === undefined) return own ?? nearest;
  // Whose code it is was only guessed (or is native, where it always is a guess): the very place of the crash counts too.
  const top = nearest.frames[0] as KeyFrame;
  return own.frames.some((frame) => frame.key === top.key) ? own : { ...own, frames: [{ ...top, as: 'crash' }, ...own.frames] };
}

function isNative(frames: readonly NormalizedFrame[]): boolean {
  const top = frames.at(-1);
  return (
    top !== undefined &&
    top.module === undefined &&
    (top.native === true || top.instructionAddr !== undefined || top.package !== undefined)
  );
}

function ownKey(
  frames: readonly NormalizedFrame[],
  isOwn: (f: NormalizedFrame) => boolean,
  script: ScriptKind,
  fault: boolean,
): StackKey | undefined {
  const picked: KeyFrame[] = [];
  let guards = 0;
  let checked = false;
  let callers = -1;
  let as: KeyFrame['as'];
  let specific = true;
  let last = '';
  const stop = Math.max(0, frames.length - WALK);
  for (let i = frames.length - 1; i >= stop && callers !== 0; i -= 1) {
    const frame = frames[i] as NormalizedFrame;
    if (!isOwn(frame)) continue;
    const key = keyFrame(frame, script, callers > 0);
    if (key !== undefined && script === 'no' && COMPILED_IN.test(key.key)) continue;
    // Recursion: how deep it went is not part of the place.
    if (key === undefined || key.key === last) continue;
    last = key.key;
    picked.push(as === undefined ? key : { ...key, as });
    if (callers > 0) callers -= 1;
    else if (key.specificity === 'anonymous') {
      specific = false;
      callers = CALLERS_OF_ANONYMOUS;
      as = 'caller-of-anonymous';
    } else if ((key.specificity === 'guard' || key.specificity === 'reporter') && !fault && guards < MAX_GUARDS) {
      guards += 1;
      checked ||= key.specificity === 'guard';
      as = 'caller-of-guard';
    } else callers = checked ? CALLERS_OF_GUARDED : 0;
  }
  return picked.length === 0 ? undefined : { frames: picked, inApp: true, specific };
}

/** No frame is the application's: the named one nearest to the crash tells where, the message (added by the caller) what. */
function systemKey(frames: readonly NormalizedFrame[], script: ScriptKind): StackKey | undefined {
  let fallback: KeyFrame | undefined;
  for (let i = frames.length - 1; i >= Math.max(0, frames.length - WALK); i -= 1) {
    const key = keyFrame(frames[i] as NormalizedFrame, script);
    if (key === undefined || key.specificity === 'anonymous') continue;
    if (!COMPILED_IN.test(key.key)) return { frames: [key], inApp: false, specific: false };
    fallback ??= key;
  }
  return fallback === undefined ? undefined : { frames: [fallback], inApp: false, specific: false };
}

/** A stack overflow ends anywhere in its cycle: the functions that repeat are the place, whatever the order. */
function overflowKey(
  frames: readonly NormalizedFrame[],
  isOwn: (f: NormalizedFrame) => boolean,
  script: ScriptKind,
): StackKey | undefined {
  const counts = new Map<string, { key: KeyFrame; count: number }>();
  for (let i = frames.length - 1; i >= Math.max(0, frames.length - WALK); i -= 1) {
    const frame = frames[i] as NormalizedFrame;
    if (!isOwn(frame)) continue;
    const key = keyFrame(frame, script);
    if (key === undefined) continue;
    const seen = counts.get(key.key);
    if (seen === undefined) counts.set(key.key, { key, count: 1 });
    else seen.count += 1;
  }
  const cycle = [...counts.values()].filter((entry) => entry.count > 1).map((entry) => entry.key);
  if (cycle.length === 0) return undefined;
  cycle.sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    frames: cycle.slice(0, MAX_CYCLE).map((frame, i) => (i === 0 ? frame : { ...frame, as: 'cycle' as const })),
    inApp: true,
    specific: true,
  };
}

function keyFrame(frame: NormalizedFrame, script: ScriptKind, caller = false): KeyFrame | undefined {
  const raw = frame.function;
  // A header line that was parsed as a frame ("Error: "), and built-ins without a place ([native code]).
  if (frame.line === undefined && raw !== undefined && /^(?:\w*(?:Error|Exception)):/.test(raw)) return undefined;
  if (
    frame.filename === '[native code]' ||
    (script !== 'no' && (frame.filename === 'native' || frame.filename === '<anonymous>'))
  )
    return undefined;
  const { name, specificity } = functionName(
    raw,
    frame.module,
    script === 'server' && caller ? 'script-with-receiver' : script === 'no' ? 'compiled' : 'script',
  );
  if (MACHINERY.has(name)) return undefined;
  const location = frameLocation(frame);
  if (name === '' && location === '') return undefined;
  if (script !== 'no' && isMinified(name, frame, location))
    return { key: `${location} `, label: label('', location), specificity: 'anonymous' };
  return { key: `${location} ${name}`, label: label(name, location), specificity };
}

/** One or two letters in a bundle: another name with the next build. */
function isMinified(name: string, frame: NormalizedFrame, location: string): boolean {
  if (name.length > 2 || name === '') return false;
  const file = frame.filename ?? frame.absPath ?? '';
  return location.includes('.min.') || location.includes('*') || /^https?:/.test(file) || /^https?:/.test(frame.absPath ?? '');
}

function label(name: string, location: string): string {
  const file = location.includes('/') ? location.slice(location.lastIndexOf('/') + 1) : location;
  return `${file} ${name === '' ? '(anonymous)' : name}`.trim();
}

function isLibrary(frame: NormalizedFrame): boolean {
  if (frame.native === true) return true;
  const module = frame.module;
  if (module !== undefined && LIBRARY_MODULE.test(module)) return true;
  const path = frame.absPath ?? frame.filename ?? frame.package;
  if (path === undefined) return module === undefined;
  return LIBRARY.test(path) || (frame.filename !== undefined && LIBRARY.test(frame.filename));
}
