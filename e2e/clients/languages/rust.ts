import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Client } from './client.ts';
import { expect } from './expect.ts';
import { chain, checkAttachment, checkMonitors, checkScope, checkTransaction, event, own, placesOf } from './kept.ts';

async function build(bench: Bench): Promise<string> {
  await bench.run('cargo', ['init', '--quiet', '--vcs', 'none', '--name', 'shop', bench.folder]);
  await bench.run('cargo', ['add', '--quiet', 'sentry', '--features', 'anyhow,debug-images,logs']);
  await bench.run('cargo', ['add', '--quiet', 'anyhow']);
  cpSync(join(bench.programs, 'shop.rs'), join(bench.folder, 'src/main.rs'));
  await bench.run('cargo', ['build', '--quiet'], { env: { CARGO_TARGET_DIR: join(bench.folder, 'target') } });
  return join(bench.folder, 'target/debug/shop');
}

const at = placesOf('rust/shop.rs', 'main.rs');

export const RUST: readonly Client[] = [
  {
    name: 'sentry (Rust)',
    language: 'rust',
    needs: ['cargo', 'rustc'],
    send: async (bench) => bench.run(await build(bench), [bench.dsn]),
    events: 7,
    checks: {
      'a panic: own frames, neither those of the SDK nor of the library': (kept) => {
        const one = event(kept, 'panic: index out of bounds');
        expect(own(one)).toEqual([
          at('shop::main', 'catch_unwind'),
          at('shop::main::{{closure}}', 'catch_unwind'),
          at('shop::Warehouse<T>::take', 'orders::stock(&shelf'),
          at('shop::orders::stock', 'shelf[place]'),
        ]);
        expect([one.platform, one.culprit, one.exceptions[0]?.handled]).toEqual([
          'rust',
          'shop::orders::stock in main.rs',
          false,
        ]);
        expect(one.exceptions[0]?.frames.at(-1)?.function).toBe('shop::orders::stock');
        expect(one.grouping?.why).toContain('In-app frame main.rs shop::orders::stock');
      },
      anyhow: (kept) => {
        const one = event(kept, 'Error: checkout failed');
        expect(chain(one)).toEqual([
          'ParseIntError: invalid digit found in string',
          'PaymentError: order 4711 cannot be paid',
          'Error: checkout failed',
        ]);
        expect(own(one)).toEqual([
          at('shop::main', 'checkout().expect_err'),
          at('shop::checkout', '.context("checkout failed")'),
        ]);
      },
      'an error without a stack': (kept) => expect(chain(event(kept, 'PaymentError: order 4712')).length).toBe(2),
      scope: (kept) => checkScope(event(kept, 'Error: checkout failed')),
      message: (kept) => expect(event(kept, 'stock is low').level).toBe('WARNING'),
      attachment: (kept) => checkAttachment(event(kept, 'Error: checkout failed')),
      transaction: (kept) => checkTransaction(kept, 'Custom: report is empty'),
      monitors: checkMonitors,
      'release health': (kept) => expect(kept.health).toEqual({ sessionCount: 1, crashedCount: 1, erroredCount: 0 }),
      'structured logs': (kept) => {
        expect(event(kept, 'printer is on fire').extra['printer']).toBe('lp0');
        expect(kept.outcomes).toMatchObject({ 'log ACCEPTED': 1, 'log ACCEPTED below_level': 1 });
      },
    },
  },
];
