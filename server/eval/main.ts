import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findData } from './data.ts';
import { evaluateGrouping } from './grouping.ts';
import { evaluateStacks } from './stacks.ts';

/*
 * npm run eval -- grouping [--data DIR] [--split NAME] [--wrong]
 * npm run eval -- stacks   [--data DIR] [--split NAME] [--wrong]
 *
 * Measures the product's analysis on labelled real errors that are not part of the repository.
 */
const USAGE = 'Usage: npm run eval -- grouping|stacks [--data DIR] [--split dev] [--wrong]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, split: { type: 'string', default: 'dev' }, wrong: { type: 'boolean', default: false } },
});

try {
  const repositoryRoot = resolve(import.meta.dirname, '../..');
  switch (positionals[0]) {
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
