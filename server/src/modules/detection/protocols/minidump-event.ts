import type { ContentStore, StoredContent } from '../../../platform/files/content-store.ts';
import { type ByteSource, type Minidump, type MinidumpModule, parseMinidump } from './minidump.ts';

const MAX_IMAGES = 300;

/** A stored minidump → the event it tells of, in Sentry's shape; undefined when the file is none. */
export async function eventOfMinidump(
  store: ContentStore,
  { sha256, sizeBytes }: StoredContent,
): Promise<Record<string, unknown> | undefined> {
  const file = await store.open(sha256);
  if (file === undefined) return undefined;
  try {
    const source: ByteSource = {
      size: sizeBytes,
      async read(offset, length) {
        const left = Math.max(0, Math.min(length, sizeBytes - offset));
        const bytes = Buffer.alloc(left);
        const { bytesRead } = left === 0 ? { bytesRead: 0 } : await file.read(bytes, 0, left, offset);
        return bytes.subarray(0, bytesRead);
      },
    };
    const dump = await parseMinidump(source);
    return dump && describeCrash(dump);
  } finally {
    await file.close();
  }
}

/** A crash as an event: level fatal, one exception `Minidump` with the reason, and the crashing instruction as its frame. */
export function describeCrash(dump: Minidump): Record<string, unknown> {
  const { exception, system, modules } = dump;
  const address = exception && (exception.instruction ?? exception.address);
  const module = address === undefined ? undefined : moduleAt(modules, address);
  const name = module && baseName(module.path);
  const reason = exception === undefined ? 'no exception recorded' : reasonOf(exception, system?.os ?? 'unknown');
  const frame = address !== undefined && {
    // The place inside its module stays the same wherever the module was loaded: what grouping needs.
    ...(module === undefined ? {} : { function: `${name}+${hex(address - module.base)}`, package: module.path }),
    instruction_addr: hex(address),
    ...(module === undefined ? {} : { image_addr: hex(module.base) }),
    in_app: module !== undefined && module === modules[0],
  };
  return {
    platform: 'native',
    level: 'fatal',
    ...(dump.timestamp === 0 ? {} : { timestamp: dump.timestamp }),
    exception: {
      values: [
        {
          type: 'Minidump',
          value: name === undefined ? reason : `${reason} in ${name}`,
          mechanism: { type: 'minidump', handled: false, synthetic: true },
          ...(frame ? { stacktrace: { frames: [frame] }, thread_id: exception?.threadId } : {}),
        },
      ],
    },
    contexts: {
      ...(system === undefined
        ? {}
        : {
            os: { type: 'os', name: system.os, version: system.version, ...(system.build && { build: system.build }) },
            device: { type: 'device', arch: system.arch },
          }),
      minidump: {
        ...(exception === undefined
          ? {}
          : { code: hex(BigInt(exception.code)), address: hex(exception.address), thread_id: exception.threadId }),
        threads: dump.threads,
        modules: modules.length,
      },
    },
    ...(modules.length === 0
      ? {}
      : { debug_meta: { images: modules.slice(0, MAX_IMAGES).map((one) => imageOf(one, system?.os)) } }),
  };
}

function imageOf(module: MinidumpModule, os: string | undefined): Record<string, unknown> {
  const apple = os === 'macOS' || os === 'iOS';
  return {
    type: os === 'Windows' ? 'pe' : apple ? 'macho' : 'elf',
    code_file: module.path,
    ...(module.debugFile === undefined ? {} : { debug_file: module.debugFile }),
    ...(module.debugId === undefined ? {} : { debug_id: module.debugId }),
    image_addr: hex(module.base),
    image_size: module.size,
  };
}

function moduleAt(modules: readonly MinidumpModule[], address: bigint): MinidumpModule | undefined {
  return modules.find(({ base, size }) => address >= base && address < base + BigInt(size));
}

const hex = (value: bigint) => `0x${value.toString(16)}`;
const baseName = (path: string) => path.split(/[/\\]/).at(-1) || path;

/** winnt.h / ntstatus.h: those that programs die of. */
const WINDOWS: Record<number, string> = {
  3221225477: 'EXCEPTION_ACCESS_VIOLATION',
  3221225478: 'EXCEPTION_IN_PAGE_ERROR',
  3221225501: 'EXCEPTION_ILLEGAL_INSTRUCTION',
  3221225509: 'EXCEPTION_NONCONTINUABLE_EXCEPTION',
  3221225612: 'EXCEPTION_ARRAY_BOUNDS_EXCEEDED',
  3221225614: 'EXCEPTION_FLT_DIVIDE_BY_ZERO',
  3221225620: 'EXCEPTION_INT_DIVIDE_BY_ZERO',
  3221225622: 'EXCEPTION_PRIV_INSTRUCTION',
  3221225725: 'EXCEPTION_STACK_OVERFLOW',
  3221226356: 'STATUS_HEAP_CORRUPTION',
  3221226505: 'STATUS_STACK_BUFFER_OVERRUN',
  2147483649: 'EXCEPTION_GUARD_PAGE',
  2147483650: 'EXCEPTION_DATATYPE_MISALIGNMENT',
  2147483651: 'EXCEPTION_BREAKPOINT',
  1073807365: 'DBG_CONTROL_C',
  3765269347: 'Unhandled C++ exception',
  85436397: 'Simulated exception',
};
const SIGNALS: Record<number, string> = {
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  11: 'SIGSEGV',
  31: 'SIGSYS',
};
const MACH: Record<number, string> = {
  1: 'EXC_BAD_ACCESS',
  2: 'EXC_BAD_INSTRUCTION',
  3: 'EXC_ARITHMETIC',
  5: 'EXC_SOFTWARE',
  6: 'EXC_BREAKPOINT',
  10: 'EXC_CRASH',
  11: 'EXC_RESOURCE',
  12: 'EXC_GUARD',
};

/** `EXCEPTION_ACCESS_VIOLATION: write at 0x0`, `SIGSEGV: at 0x8`, `0x1234` when it has no name. */
function reasonOf(exception: NonNullable<Minidump['exception']>, os: string): string {
  const { code, parameters, address } = exception;
  if (code === 0xffffffff) return 'Dump requested';
  const names = os === 'Windows' ? WINDOWS : os === 'macOS' || os === 'iOS' ? MACH : SIGNALS;
  const name = names[code] ?? `exception ${hex(BigInt(code))}`;
  if (os !== 'Windows') return names === SIGNALS && [4, 7, 8, 11].includes(code) ? `${name}: at ${hex(address)}` : name;
  if (code !== 0xc0000005 || parameters.length < 2) return name;
  const how = parameters[0] === 0n ? 'read' : parameters[0] === 1n ? 'write' : 'execute';
  return `${name}: ${how} at ${hex(parameters[1] as bigint)}`;
}
