import type { Command } from 'commander';

/** Options of every command that works on the data directory. */
export interface LocalOptions {
  dataDir?: string;
  json?: boolean;
}

/** Adds {@link LocalOptions} to a command. */
export function withLocalOptions(command: Command): Command {
  return command.option('--data-dir <path>', 'the data directory (ERRATA_DATA_DIR)').option('--json', 'print NDJSON');
}
