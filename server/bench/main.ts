import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchApi } from './api.ts';
import { benchIngest } from './ingest.ts';
import { benchLive } from './live.ts';
import type { BenchOptions } from './options.ts';
import { machine } from './report.ts';
import { benchTail } from './tail.ts';

/*
 * npm run bench -- ingest|api|live|tail [--rounds 3] [--seconds 5] [--events N] [--peers] [--out FILE]
 *
 * Measures the built product (npm run build) on this machine, each figure beside a bare program taken in the same run,
 * because ratios travel and rates do not. Everything is on loopback, bounded, and ends what it started.
 */
const USAGE = 'Usage: npm run bench -- ingest|api|live|tail [--rounds 3] [--seconds 5] [--events N] [--peers] [--out FILE]';
const BENCHES: Record<string, { run: (options: BenchOptions) => Promise<string>; events: number }> = {
  ingest: { run: benchIngest, events: 200_000 },
  api: { run: benchApi, events: 1_000_000 },
  live: { run: benchLive, events: 0 },
  tail: { run: benchTail, events: 300_000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    events: { type: 'string' },
    peers: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const name = positionals[0] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else if (!existsSync(resolve(import.meta.dirname, '../dist/main.js'))) {
  process.stderr.write('The server is not built: run "npm run build" first.\n');
  process.exitCode = 1;
} else {
  const number = (text: string, least: number) => Math.max(least, Number.parseInt(text.replaceAll('_', ''), 10) || least);
  const options: BenchOptions = {
    rounds: number(values.rounds, 1),
    seconds: number(values.seconds, 1),
    events: values.events === undefined ? bench.events : number(values.events, 1000),
    peers: values.peers,
    note: (line) => process.stderr.write(`  ${line}\n`),
  };
  try {
    const command = `npm run bench -- ${process.argv
      .slice(2)
      .filter((arg, i, all) => arg !== '--out' && all[i - 1] !== '--out')
      .join(' ')}`;
    const text = `## ${name}\n\n\`${command}\` on ${machine()}.\n\n${await bench.run(options)}\n`;
    process.stdout.write(`\n${text}`);
    if (values.out !== undefined) writeFileSync(values.out, text);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
