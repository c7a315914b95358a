import { expect, it } from 'vitest';
import { DEFAULT_LOG_SOURCE, LOG_WRAPPERS } from '../../projects/log-source-settings.ts';
import { followedSource } from './followed-source.ts';
import { makeDetector } from './make-detector.ts';

/** Docker's JSON around one line of syslog, and a bare line that only looks like one of compose. */
const LINES = [
  JSON.stringify({ log: '<11>Mar 14 09:00:00 web3 app[7]: TypeError: a\n', stream: 'stderr', time: '2026-03-14T09:00:00Z' }),
  'web-1  | TypeError: b',
];

function messagesWith(wrapper: string): string[] {
  const settings = { ...DEFAULT_LOG_SOURCE, name: 'x', globs: ['/x'], wrapper };
  const detector = makeDetector(followedSource('k', settings, [], 'host'), { baseOffset: 0, referenceTime: 0 });
  const found: string[] = [];
  for (const line of LINES) {
    detector.write(Buffer.from(`${line}\n`));
    detector.flush();
    found.push(
      ...detector.take().map(({ event }) => {
        const { values } = (event['exception'] ?? { values: [] }) as { values: { value: string }[] };
        return values[0]?.value ?? 'no exception';
      }),
    );
  }
  return found;
}

it('takes off what the source says is around its lines, and nothing else', () => {
  expect(messagesWith('auto')).toEqual(['a', 'b']);
  expect(messagesWith('prefix')).toContain('b');
  expect(messagesWith('prefix')).not.toContain('a');
  expect(messagesWith('docker')).not.toContain('b');
  expect(messagesWith('none')).not.toContain('b');
});

it('knows each of the settings, and recognises by itself what it does not know', () => {
  for (const wrapper of LOG_WRAPPERS) expect(() => messagesWith(wrapper)).not.toThrow();
  expect(messagesWith('of a later version')).toEqual(['a', 'b']);
});
