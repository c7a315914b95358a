import { expect, it } from 'vitest';
import { DEFAULT_LOG_SOURCE, LOG_WRAPPERS } from '../../projects/log-source-values.ts';
import { followedSource } from './followed-source.ts';
import { makeDetector } from './make-detector.ts';

const docker = (text: string) => JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: '2026-03-14T09:00:00Z' });
/** A trace in docker's JSON, and one as compose prints it. */
const TRACES = [
  ['TypeError: a', '    at f (/srv/a.js:1:2)'].map(docker),
  ['web-1  | TypeError: b', 'web-1  |     at f (/srv/a.js:1:2)'],
];

function messagesWith(wrapper: string): string[] {
  const settings = { ...DEFAULT_LOG_SOURCE, name: 'x', globs: ['/x'], wrapper };
  const detector = makeDetector(followedSource('k', settings, [], 'host'), { baseOffset: 0, referenceTime: 0 });
  const found: string[] = [];
  for (const lines of TRACES) {
    detector.write(Buffer.from(`${lines.join('\n')}\n`));
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
  expect(messagesWith('docker')).toContain('a');
  expect(messagesWith('docker')).not.toContain('b');
  expect(messagesWith('none')).not.toContain('b');
});

it('knows each of the settings, and recognises by itself what it does not know', () => {
  for (const wrapper of LOG_WRAPPERS) expect(() => messagesWith(wrapper)).not.toThrow();
  expect(messagesWith('of a later version')).toEqual(['a', 'b']);
});
