import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findData } from './data.ts';
import { evaluateDetection } from './detection.ts';
import { evaluateGrouping } from './grouping.ts';
import { evaluateStacks } from './stacks.ts';

/*
 * npm run eval -- grouping [--data DIR] [--split NAME] [--wrong]
 * npm run eval -- stacks   [--data DIR] [--split NAME] [--wrong]
 * npm run eval -- detection [--data DIR] [--split NAME] [--pure]
 *
 * Measures the product's analysis on labelled real errors that are not part of the repository.
 */
const USAGE = 'Usage: npm run eval -- detection|grouping|stacks [--data DIR] [--split dev] [--wrong] [--pure]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    split: { type: 'string', default: 'dev' },
    wrong: { type: 'boolean', default: false },
    pure: { type: 'boolean', default: false },
  },
});

try {
  const repositoryRoot = resolve(import.meta.dirname, '../..');
  switch (positionals[0]) {
    case 'detection':
      await evaluateDetection(findData(repositoryRoot, values.data, values.split), values.pure);
      break;
    case 'grouping':
      evaluateGrouping(findData(repositoryRoot, values.data, values.split), values.wrong);
      break;
    case 'stacks':
      evaluateStacks(findData(repositoryRoot, values.data, values.split), values.wrong);
      break;
    default:
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
