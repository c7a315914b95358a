import { cpus, loadavg, release } from 'node:os';

/** The middle of the values; of an even number the mean of the two middle ones. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** The value below which the share `p` (0…1) of the values lies. NaN of nothing. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : (sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] as number);
}

/** Runs the contenders in turn, round by round, so that a busy neighbour hurts all alike. */
export async function interleaved<T>(
  rounds: number,
  contenders: Record<string, () => Promise<T>>,
  note: (line: string) => void,
): Promise<Record<string, T[]>> {
  const results: Record<string, T[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const result = await run();
      (results[name] as T[]).push(result);
      note(`round ${round}/${rounds} ${name}: ${JSON.stringify(result)}`);
    }
  }
  return results;
}

/** A gate: what was measured, what is asked for, whether it holds. */
export interface Gate {
  name: string;
  measured: string;
  demand: string;
  holds: boolean;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n',
  );
}

/** Gates as a table. */
export function gateTable(gates: readonly Gate[]): string {
  return table(
    ['gate', 'measured', 'asked for', ''],
    gates.map((gate) => [gate.name, gate.measured, gate.demand, gate.holds ? 'holds' : '**fails**']),
  );
}

/** What the figures were taken on; the load says how busy the neighbours were. */
export function machine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown CPU'}, Linux ${release()}, Node ${process.versions.node}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;
}

export const whole = (n: number): string => (Number.isFinite(n) ? Math.round(n).toLocaleString('en-GB') : '–');
export const ms = (n: number): string => (Number.isFinite(n) ? `${n < 10 ? n.toFixed(1) : Math.round(n)} ms` : '–');
export const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
export const times = (n: number): string => (Number.isFinite(n) ? `${n.toFixed(2)}×` : '–');
export const percent = (n: number): string => (Number.isFinite(n) ? `${(100 * n).toFixed(0)} %` : '–');
