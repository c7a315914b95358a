/** What a made-up minidump says. */
export interface DumpParts {
  /** MINIDUMP_SYSTEM_INFO.PlatformId; default Linux. */
  platform?: number;
  /** ProcessorArchitecture; default x86_64. */
  arch?: number;
  code?: number;
  address?: bigint;
  parameters?: bigint[];
  /** Instruction pointer in the context (x86_64); without it there is no context. */
  instruction?: bigint;
  modules?: { path: string; base: bigint; size: number }[];
  /** Without an exception stream. */
  calm?: boolean;
}

/** The bytes of a minidump (MINIDUMP_HEADER and streams of minidumpapiset.h), as small as can be. */
export function makeMinidump(parts: DumpParts = {}): Buffer {
  const chunks: Buffer[] = [];
  let at = 32 + 3 * 12;
  const put = (bytes: Buffer): number => {
    const place = at;
    chunks.push(bytes);
    at += bytes.length;
    return place;
  };
  const text = (value: string): number => {
    const bytes = Buffer.from(value, 'utf16le');
    const head = Buffer.alloc(4);
    head.writeUInt32LE(bytes.length);
    return put(Buffer.concat([head, bytes, Buffer.alloc(2)]));
  };
  const modules = parts.modules ?? [{ path: '/opt/shop/bin/shop', base: 0x400000n, size: 0x10000 }];
  const list = Buffer.alloc(4 + modules.length * 108);
  list.writeUInt32LE(modules.length);
  for (const [i, module] of modules.entries()) {
    const debug = Buffer.alloc(34);
    debug.write('RSDS', 'latin1');
    Buffer.from('0123456789abcdef0123456789abcdef', 'hex').copy(debug, 4);
    debug.writeUInt32LE(1, 20);
    debug.write('shop.pdb', 24, 'latin1');
    const from = 4 + i * 108;
    list.writeBigUInt64LE(module.base, from);
    list.writeUInt32LE(module.size, from + 8);
    list.writeUInt32LE(text(module.path), from + 20);
    list.writeUInt32LE(debug.length, from + 76);
    list.writeUInt32LE(put(debug), from + 80);
  }
  const system = Buffer.alloc(56);
  system.writeUInt16LE(parts.arch ?? 9, 0);
  for (const [i, number] of [6, 1, 42].entries()) system.writeUInt32LE(number, 8 + i * 4);
  system.writeUInt32LE(parts.platform ?? 0x8201, 20);
  system.writeUInt32LE(text('Debian'), 24);
  const exception = Buffer.alloc(168);
  exception.writeUInt32LE(77, 0);
  exception.writeUInt32LE(parts.code ?? 11, 8);
  exception.writeBigUInt64LE(parts.address ?? 8n, 24);
  exception.writeUInt32LE(parts.parameters?.length ?? 0, 32);
  for (const [i, value] of (parts.parameters ?? []).entries()) exception.writeBigUInt64LE(value, 40 + i * 8);
  if (parts.instruction !== undefined) {
    const context = Buffer.alloc(0x100);
    context.writeBigUInt64LE(parts.instruction, 0xf8);
    exception.writeUInt32LE(context.length, 160);
    exception.writeUInt32LE(put(context), 164);
  }
  const streams: [type: number, bytes: Buffer][] = [
    [4, list],
    [7, system],
    [parts.calm ? 0 : 6, exception],
  ];
  const directory = Buffer.alloc(36);
  for (const [i, [type, bytes]] of streams.entries()) {
    directory.writeUInt32LE(type, i * 12);
    directory.writeUInt32LE(bytes.length, i * 12 + 4);
    directory.writeUInt32LE(put(bytes), i * 12 + 8);
  }
  const header = Buffer.alloc(32);
  header.write('MDMP', 'latin1');
  header.writeUInt32LE(0xa793, 4);
  header.writeUInt32LE(streams.length, 8);
  header.writeUInt32LE(32, 12);
  header.writeUInt32LE(1_795_348_800, 20);
  return Buffer.concat([header, directory, ...chunks]);
}
