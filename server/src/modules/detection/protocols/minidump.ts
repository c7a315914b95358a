/** Bytes that are read in places, not whole. */
export interface ByteSource {
  readonly size: number;
  /** At most `length` bytes from `offset`; fewer at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** A program or library that was loaded. Addresses are numbers too large for JSON: hex text. */
export interface MinidumpModule {
  path: string;
  base: bigint;
  size: number;
  /** As Sentry writes it: GUID, dash, age; undefined if unknown. */
  debugId?: string;
  debugFile?: string;
}

/** What a minidump says of a crash. */
export interface Minidump {
  /** Seconds since 1970; 0 if unknown. */
  timestamp: number;
  system?: { os: string; version: string; build?: string; arch: string };
  exception?: { threadId: number; code: number; flags: number; address: bigint; parameters: bigint[]; instruction?: bigint };
  /** At most 1,000. */
  modules: MinidumpModule[];
  threads: number;
}

const MAX_STREAMS = 256;
const MAX_MODULES = 1_000;
const MAX_TEXT = 1_024;
const STREAM = { threads: 3, modules: 4, exception: 6, system: 7 } as const;
const MODULE_BYTES = 108;
const ARCHITECTURES: Record<number, string> = { 0: 'x86', 5: 'arm', 9: 'x86_64', 12: 'arm64', 32771: 'arm64' };
/** Where a thread's context keeps its instruction pointer, and how wide it is (winnt.h; Breakpad's minidump_cpu_*.h). */
const POINTER: Record<string, [offset: number, bytes: 4 | 8]> = {
  x86: [0xb8, 4],
  x86_64: [0xf8, 8],
  arm: [0x40, 4],
  arm64: [0x108, 8],
};
const SYSTEMS: Record<number, string> = {
  1: 'Windows',
  2: 'Windows',
  33025: 'macOS',
  33026: 'iOS',
  33281: 'Linux',
  33283: 'Android',
};

/**
 * Reads header, exception, module list and system information of a minidump (Microsoft's minidumpapiset.h, with the
 * additions of Breakpad and Crashpad). Every offset and count is a stranger's: reads beyond the end answer fewer bytes, and
 * what is cut short is left out. Not read: stacks, memory, handles.
 * @returns undefined when it is no minidump
 */
export async function parseMinidump(source: ByteSource): Promise<Minidump | undefined> {
  const header = await source.read(0, 32);
  if (header.length < 32 || header.toString('latin1', 0, 4) !== 'MDMP' || header.readUInt16LE(4) !== 0xa793) return undefined;
  const count = Math.min(header.readUInt32LE(8), MAX_STREAMS);
  const directory = await source.read(header.readUInt32LE(12), count * 12);
  const streams = new Map<number, { size: number; at: number }>();
  for (let at = 0; at + 12 <= directory.length; at += 12) {
    const type = directory.readUInt32LE(at);
    if (!streams.has(type)) streams.set(type, { size: directory.readUInt32LE(at + 4), at: directory.readUInt32LE(at + 8) });
  }
  const open = async (type: number, max: number): Promise<Buffer> => {
    const stream = streams.get(type);
    return stream === undefined ? Buffer.alloc(0) : source.read(stream.at, Math.min(stream.size, max));
  };
  const system = await readSystem(source, await open(STREAM.system, 64));
  const exception = await readException(source, await open(STREAM.exception, 168), system?.arch);
  const threads = await open(STREAM.threads, 4);
  return {
    timestamp: header.readUInt32LE(20),
    ...(system === undefined ? {} : { system }),
    ...(exception === undefined ? {} : { exception }),
    modules: await readModules(source, await open(STREAM.modules, 8 + MAX_MODULES * MODULE_BYTES)),
    threads: threads.length < 4 ? 0 : threads.readUInt32LE(0),
  };
}

async function readSystem(source: ByteSource, bytes: Buffer): Promise<Minidump['system']> {
  if (bytes.length < 28) return undefined;
  const platform = bytes.readUInt32LE(20);
  const version = [8, 12, 16].map((at) => bytes.readUInt32LE(at)).join('.');
  const build = await readText(source, bytes.readUInt32LE(24));
  const arch = ARCHITECTURES[bytes.readUInt16LE(0)] ?? 'unknown';
  return { os: SYSTEMS[platform] ?? 'unknown', version, ...(build === '' ? {} : { build }), arch };
}

async function readException(source: ByteSource, bytes: Buffer, arch: string | undefined): Promise<Minidump['exception']> {
  if (bytes.length < 40) return undefined;
  const parameters: bigint[] = [];
  const said = Math.min(bytes.readUInt32LE(32), 15);
  for (let i = 0; i < said && 48 + i * 8 <= bytes.length; i++) parameters.push(bytes.readBigUInt64LE(40 + i * 8));
  const instruction = bytes.length < 168 ? undefined : await readInstruction(source, bytes, arch);
  return {
    threadId: bytes.readUInt32LE(0),
    code: bytes.readUInt32LE(8),
    flags: bytes.readUInt32LE(12),
    address: bytes.readBigUInt64LE(24),
    parameters,
    ...(instruction === undefined ? {} : { instruction }),
  };
}

/** On Windows the exception's address is the instruction, elsewhere the memory it touched: the context has it for sure. */
async function readInstruction(source: ByteSource, exception: Buffer, arch: string | undefined): Promise<bigint | undefined> {
  const place = POINTER[arch ?? ''];
  const size = exception.readUInt32LE(160);
  if (place === undefined || size < place[0] + place[1]) return undefined;
  const bytes = await source.read(exception.readUInt32LE(164) + place[0], place[1]);
  if (bytes.length < place[1]) return undefined;
  return place[1] === 8 ? bytes.readBigUInt64LE(0) : BigInt(bytes.readUInt32LE(0));
}

async function readModules(source: ByteSource, bytes: Buffer): Promise<MinidumpModule[]> {
  if (bytes.length < 4) return [];
  const count = Math.min(bytes.readUInt32LE(0), MAX_MODULES);
  // Some writers align the list to eight bytes.
  const start = bytes.length === 8 + count * MODULE_BYTES ? 8 : 4;
  const modules: MinidumpModule[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * MODULE_BYTES;
    if (at + MODULE_BYTES > bytes.length) break;
    const path = await readText(source, bytes.readUInt32LE(at + 20));
    const debug = await readDebugRecord(source, bytes.readUInt32LE(at + 76), bytes.readUInt32LE(at + 80));
    modules.push({ path, base: bytes.readBigUInt64LE(at), size: bytes.readUInt32LE(at + 8), ...debug });
  }
  return modules;
}

/** CodeView: `RSDS` + GUID + age + file name (Windows, Breakpad), `BpEL` + build id (Crashpad on Linux). */
async function readDebugRecord(
  source: ByteSource,
  size: number,
  at: number,
): Promise<Pick<MinidumpModule, 'debugId' | 'debugFile'>> {
  if (size < 20) return {};
  const bytes = await source.read(at, Math.min(size, 24 + MAX_TEXT));
  const kind = bytes.toString('latin1', 0, 4);
  if ((kind !== 'RSDS' || bytes.length < 24) && (kind !== 'BpEL' || bytes.length < 20)) return {};
  const guid = guidText(bytes.subarray(4, 20));
  if (kind === 'BpEL') return { debugId: guid };
  const age = bytes.readUInt32LE(20);
  const name = bytes.subarray(24);
  const end = name.indexOf(0);
  const debugFile = name.toString('utf8', 0, end < 0 ? name.length : end);
  return { debugId: age === 0 ? guid : `${guid}-${age.toString(16)}`, ...(debugFile === '' ? {} : { debugFile }) };
}

function guidText(bytes: Buffer): string {
  const first = [bytes.readUInt32LE(0), bytes.readUInt16LE(4), bytes.readUInt16LE(6)];
  const head = first.map((part, i) => part.toString(16).padStart(i === 0 ? 8 : 4, '0')).join('-');
  return `${head}-${bytes.toString('hex', 8, 10)}-${bytes.toString('hex', 10, 16)}`;
}

/** A counted UTF-16 text. */
async function readText(source: ByteSource, at: number): Promise<string> {
  if (at === 0) return '';
  const length = await source.read(at, 4);
  if (length.length < 4) return '';
  const bytes = await source.read(at + 4, Math.min(length.readUInt32LE(0), MAX_TEXT * 2));
  return bytes
    .toString('utf16le', 0, bytes.length - (bytes.length % 2))
    .replaceAll('\0', '')
    .toWellFormed();
}
