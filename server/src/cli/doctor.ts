import type { Command } from 'commander';
import { EXIT, runCommand } from './output.ts';

const SIGNS = { ok: '✓', warning: '!', failed: '✗' };

/** `errata doctor`: looks at everything a server needs and says what to do about what is wrong. Changes nothing. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the configuration, the data directory, the database and the running server')
    .option('--data-dir <path>', 'the data directory (ERRATA_DATA_DIR)')
    .option('--json', 'print findings as NDJSON')
    .addHelpText('after', '\nExit codes: 0 nothing failed (there may be warnings) · 1 something failed')
    .action((options: { dataDir?: string; json?: boolean }) =>
      runCommand(async () => {
        const { examine } = await import('./examine.ts');
        const findings = await examine(options.dataDir === undefined ? {} : { ERRATA_DATA_DIR: options.dataDir });
        for (const finding of findings) {
          const { check, state, detail, advice } = finding;
          process.stdout.write(
            options.json
              ? `${JSON.stringify(finding)}\n`
              : `${SIGNS[state]} ${check}: ${detail}\n${advice === undefined ? '' : `    → ${advice}\n`}`,
          );
        }
        if (findings.some(({ state }) => state === 'failed')) process.exitCode = EXIT.failed;
      }),
    );
}
