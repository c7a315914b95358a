import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseTrace } from '../src/modules/analysis/stack/parse.ts';
import { type EvalData, rows } from './data.ts';

interface TraceRow {
  id: string;
  lang?: string;
  text?: string;
  error?: { name?: string; message?: string; stack: string };
  is_exception?: boolean;
  expect?: { frames?: { line: number | null; col: number | null }[] };
}

const FILES = ['traces_small.jsonl', 'traces_defects4j.jsonl', 'traces_bugsjs.jsonl', 'js_stacks.jsonl'];

/**
 * Parses every trace of the data without a hint, has the scorer judge it, and prints what it says, then the speed. With
 * `wrong` also the rows that were not parsed.
 */
export function evaluateStacks(data: EvalData, wrong: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'errata-eval-'));
  try {
    for (const name of FILES) {
      if (!existsSync(resolve(data.split, name))) continue;
      const traces = rows<TraceRow>(data, name);
      const file = join(folder, name);
      writeFileSync(file, traces.map((row) => `${JSON.stringify(parsed(row))}\n`).join(''));
      process.stdout.write(`\n${name}\n${score(data, name, file)}`);
      const texts = traces.map(textOf);
      process.stdout.write(`${unreachable(traces)}${speed(texts)}\n`);
      if (wrong)
        for (const row of traces)
          if (row.is_exception !== false && parseTrace(textOf(row)) === undefined)
            process.stdout.write(`not parsed: ${row.id}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(row: TraceRow): string {
  return row.text ?? row.error?.stack ?? '';
}

/** A browser reports name and message of an error beside its stack; they are the text's when it has none. */
function parsed(row: TraceRow): Record<string, unknown> {
  const trace = parseTrace(textOf(row));
  const thrown = trace?.exceptions.at(-1);
  return {
    id: row.id,
    type: row.error?.name ?? thrown?.type,
    message: row.error?.message ?? thrown?.value,
    frames: [...(thrown?.frames ?? [])].reverse().map((frame) => ({
      function: frame.function ?? null,
      file: frame.absPath ?? frame.filename ?? null,
      line: frame.line ?? null,
      col: frame.column ?? null,
    })),
  };
}

function score(data: EvalData, name: string, file: string): string {
  try {
    return execFileSync('python3', [resolve(data.folder, 'score_traces.py'), resolve(data.split, name), file], {
      encoding: 'utf8',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('python3 is needed to run the scorers of the data.');
    throw error;
  }
}

/** Frames whose expected line or column stands nowhere in the text: Opera 10–12 told them in another property. */
function unreachable(traces: readonly TraceRow[]): string {
  let missing = 0;
  for (const row of traces)
    for (const { line, col } of row.expect?.frames ?? []) if (!has(textOf(row), line) || !has(textOf(row), col)) missing += 1;
  return missing === 0 ? '' : `frames expected at a line or column that the text does not hold: ${missing}\n`;
}

function has(text: string, number: number | null): boolean {
  return number === null || new RegExp(`(?<!\\d)${number}(?!\\d)`).test(text);
}

/** CPU time of one trace; the second of two rounds, so that compilation does not count. */
function speed(texts: readonly string[]): string {
  let used = 0;
  for (let round = 0; round < 2; round += 1) {
    const before = process.cpuUsage().user;
    for (let i = 0; i < 10; i += 1) for (const text of texts) parseTrace(text);
    used = (process.cpuUsage().user - before) / (10 * texts.length);
  }
  const size = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  return `speed: ${used.toFixed(1)} µs of CPU per trace (${Math.round(size)} characters on average)`;
}
