import { Failure } from '../platform/errors.ts';

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, refused: 4 } as const;

/** A command's refusal, with the exit code it ends with. `message` is all that is shown. */
export class CommandFailure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command's body; what it throws becomes one readable line on stderr and the exit code. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const shown =
      error instanceof CommandFailure || error instanceof Failure ? error.message : ((error as Error)?.stack ?? String(error));
    process.stderr.write(`errata: ${shown}\n`);
    process.exitCode = error instanceof CommandFailure ? error.exitCode : EXIT.failed;
  }
}

/** Prints rows as aligned columns, or as NDJSON with `--json`. */
export function printRows(rows: readonly Record<string, unknown>[], json: boolean): void {
  if (json) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stderr.write('nothing to show\n');
    return;
  }
  const keys = Object.keys(rows[0]!);
  const cells = [keys.map((key) => key.toUpperCase()), ...rows.map((row) => keys.map((key) => String(row[key] ?? '–')))];
  const widths = keys.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  for (const line of cells)
    process.stdout.write(
      `${line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    );
}
