import { Failure } from '../platform/errors.ts';
import { jsonLine, printable, printableLines } from './terminal.ts';

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

const LINGER_MS = 500;

/** Runs a command's body; what it throws becomes one readable line on stderr and the exit code. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`errata: ${printableLines(shown(error))}\n`);
    process.exitCode =
      error instanceof CommandFailure
        ? error.exitCode
        : error instanceof Failure && error.code === 'CONFIG_INVALID'
          ? EXIT.usage
          : EXIT.failed;
    // A connection that failed half-way would keep the process for as long as its other side likes.
    setTimeout(() => process.exit(), LINGER_MS).unref();
  }
}

/** A message for a person where the fault is known, the stack where it is ours. */
function shown(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof Failure) return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  // Of the operating system or the database: the text says it all.
  return code !== undefined && message ? message : (stack ?? String(error));
}

/**
 * Whoever reads our standard output may leave at any time (`errata stream | head -1`): that is the end of the work and no
 * fault. Node ignores SIGPIPE, so that the next write fails with EPIPE.
 */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    process.stderr.write(`errata: the output cannot be written: ${error.message}\n`); // a full disk, mostly
    process.exit(EXIT.failed);
  });
}

/** Prints rows as aligned columns, or as NDJSON with `--json`. */
export function printRows(rows: readonly Record<string, unknown>[], json: boolean): void {
  if (json) {
    for (const row of rows) process.stdout.write(jsonLine(row));
    return;
  }
  if (rows.length === 0) {
    process.stderr.write('nothing to show\n');
    return;
  }
  const keys = Object.keys(rows[0]!);
  const cells = [
    keys.map((key) => key.toUpperCase()),
    ...rows.map((row) => keys.map((key) => printable(String(row[key] ?? '–')))),
  ];
  const widths = keys.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  for (const line of cells) {
    const columns = line.map((cell, i) => cell.padEnd(widths[i]!));
    process.stdout.write(`${columns.join('  ').trimEnd()}\n`);
  }
}
