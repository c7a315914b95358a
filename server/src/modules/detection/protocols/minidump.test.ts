import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMinidump } from '../../../../test/minidump.ts';
import { type ByteSource, parseMinidump } from './minidump.ts';
import { describeCrash } from './minidump-event.ts';

const source = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
});
const crash = async (parts: Parameters<typeof makeMinidump>[0]) => {
  const value = describeCrash((await parseMinidump(source(makeMinidump(parts))))!);
  return (value['exception'] as { values: { value: string; stacktrace?: { frames: object[] } }[] }).values[0]!;
};

describe('a minidump', () => {
  it('says where and why the program crashed, on what system, with which modules', async () => {
    const dump = await parseMinidump(source(makeMinidump({ instruction: 0x400abcn })));
    expect(dump).toEqual({
      timestamp: 1_795_348_800,
      system: { os: 'Linux', version: '6.1.42', build: 'Debian', arch: 'x86_64' },
      exception: { threadId: 77, code: 11, flags: 0, address: 8n, parameters: [], instruction: 0x400abcn },
      modules: [
        {
          path: '/opt/shop/bin/shop',
          base: 0x400000n,
          size: 0x10000,
          debugId: '67452301-ab89-efcd-0123-456789abcdef-1',
          debugFile: 'shop.pdb',
        },
      ],
      threads: 0,
    });
  });

  it('names the reason in the words of its system', async () => {
    const windows = { platform: 2, code: 0xc0000005, address: 0x400010n };
    expect((await crash({ ...windows, parameters: [1n, 0n] })).value).toBe('EXCEPTION_ACCESS_VIOLATION: write at 0x0 in shop');
    expect((await crash({ platform: 2, code: 0xc00000fd, address: 0x400010n })).value).toBe('EXCEPTION_STACK_OVERFLOW in shop');
    expect((await crash({ platform: 0x8101, code: 1 })).value).toBe('EXC_BAD_ACCESS');
    expect((await crash({ code: 6, instruction: 0x400001n })).value).toBe('SIGABRT in shop');
    expect((await crash({ code: 0xffffffff })).value).toBe('Dump requested');
    expect((await crash({ code: 0x1234 })).value).toBe('exception 0x1234');
    expect((await crash({ calm: true })).value).toBe('no exception recorded');
  });

  it('has a frame that is the same wherever its module was loaded', async () => {
    const at = (base: bigint) =>
      crash({ instruction: base + 0xabcn, modules: [{ path: 'C:\\shop\\shop.exe', base, size: 4096 }] });
    const [one, other] = [await at(0x400000n), await at(0x7ff000000000n)];
    expect(one.stacktrace!.frames[0]).toMatchObject({ function: 'shop.exe+0xabc', in_app: true, instruction_addr: '0x400abc' });
    expect(other.stacktrace!.frames[0]).toMatchObject({ function: 'shop.exe+0xabc' });
  });
});

describe('what is no minidump, or a damaged one,', () => {
  it('is told apart by its head', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('MDMP'), Buffer.alloc(100), Buffer.from('{"a":1}'.repeat(20))])
      expect(await parseMinidump(source(bytes))).toBeUndefined();
  });

  it('never makes the parser throw, loop or read much, however it is cut or changed', async () => {
    const whole = makeMinidump({ instruction: 0x400abcn, parameters: [1n, 2n] });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.integer({ min: 8, max: whole.length - 5 }), fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff)), {
          maxLength: 6,
        }),
        async (cut, changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes.writeUInt32LE(value, at);
          const given = source(bytes.subarray(0, Math.max(cut, 32)));
          let reads = 0;
          const read = (offset: number, length: number) => {
            reads += 1;
            return given.read(offset, length);
          };
          const counted: ByteSource = { size: given.size, read };
          const dump = await parseMinidump(counted);
          if (dump) describeCrash(dump);
          expect(reads).toBeLessThan(5_000);
        },
      ),
      { numRuns: 200 },
    );
  });
});
