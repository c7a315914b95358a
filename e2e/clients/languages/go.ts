import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Client } from './client.ts';
import { expect } from './expect.ts';
import { chain, checkAttachment, checkMonitors, checkScope, checkTransaction, event, own, placesOf } from './kept.ts';

/** Builds a program in a module of its own; the newest version of what it imports. */
async function build(bench: Bench, file: string): Promise<string> {
  const module = join(bench.folder, file.replace('.go', ''));
  mkdirSync(module, { recursive: true });
  cpSync(join(bench.programs, file), join(module, 'main.go'));
  const env = { GOFLAGS: '-mod=mod' };
  await bench.run('go', ['-C', module, 'mod', 'init', 'example.org/shop'], { env });
  await bench.run('go', ['-C', module, 'mod', 'tidy'], { env });
  await bench.run('go', ['-C', module, 'build', '-o', 'shop', '.'], { env });
  return join(module, 'shop');
}

const at = placesOf('go/shop.go', 'main.go');

export const GO: readonly Client[] = [
  {
    name: 'sentry-go',
    language: 'go',
    needs: ['go'],
    send: async (bench) => bench.run(await build(bench, 'shop.go'), [bench.dsn]),
    events: 8,
    checks: {
      'wrapped errors': (kept) => {
        const one = event(kept, '*main.PaymentError: order 4711 cannot be paid');
        expect(chain(one)).toEqual([
          '*errors.errorString: card expired',
          '*fmt.wrapError: charge: card expired',
          '*main.PaymentError: order 4711 cannot be paid',
        ]);
        expect(own(one).at(-1)).toMatch(/ main\.go:\d+$/);
      },
      'joined errors': (kept) => expect(event(kept, '*errors.joinError: van 3 is late').culprit).toBe('main in main'),
      'a panic that was recovered': (kept) => {
        const one = event(kept, 'runtime.boundsError');
        expect([one.level, one.culprit]).toEqual(['FATAL', '(*warehouse).take in main']);
        expect(own(one).at(-1)).toBe(at('(*warehouse).take', 'w.shelves[item][3]'));
      },
      'a panic in a request; the SDK is no own code': (kept) => {
        const one = event(kept, 'runtime.plainError: assignment to entry in nil map');
        expect(one.request).toMatchObject({ method: 'POST', queryString: 'item=tea' });
        expect(own(one).every((frame) => / main\.go:\d+$/.test(frame))).toBe(true);
        expect(own(one).at(-1)).toBe(at('request.func1', 'missing["stock"]'));
      },
      scope: (kept) => checkScope(event(kept, '*main.PaymentError')),
      message: (kept) => expect(event(kept, 'stock is low').level).toBe('INFO'),
      attachment: (kept) => checkAttachment(event(kept, '*main.PaymentError')),
      transaction: (kept) => checkTransaction(kept, '*errors.errorString: report is empty'),
      monitors: checkMonitors,
      'structured logs': (kept) => {
        expect(event(kept, 'printer is on fire').extra['printer']).toBe('lp0');
        expect(kept.outcomes).toMatchObject({ 'log ACCEPTED': 1, 'log ACCEPTED below_level': 1 });
      },
    },
  },
];
