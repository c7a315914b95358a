// `npm test`: installs what tests need, checks the code, builds, and runs every suite. One line sums up at the end.
// `npm test -- --only server,web` runs some of the suites.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from './chromium.mjs';
import { environment, install, root } from './node24.mjs';

install();
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : null;
const out = mkdtempSync(join(tmpdir(), 'errata-results-'));
const totals = { passed: 0, failed: 0 };

/** A step that passes or fails as one. */
function step(name, command, args) {
  if (only && !only.includes(name)) return;
  console.log(`\n── ${name}`);
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment() });
  if (result.status === 0) totals.passed += 1;
  else {
    totals.failed += 1;
    console.log(`✗ ${name} failed`);
  }
}

/** A vitest or Playwright run whose tests are counted one by one. A run that dies without a report counts as one failure. */
function suite(name, cwd, command, args, env = {}) {
  if (only && !only.includes(name)) return;
  console.log(`\n── ${name}`);
  const report = join(out, `${name}.json`);
  const reporters =
    command === 'playwright'
      ? ['--reporter=line,json']
      : ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = spawnSync(command, [...args, ...reporters], {
    cwd: join(root, cwd),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment({ PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...env }),
  });
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 };
  if (result.status !== 0 && counted.failed === 0) counted.failed = 1;
  console.log(`${name}: ${counted.passed} passed, ${counted.failed} failed`);
  totals.passed += counted.passed;
  totals.failed += counted.failed;
}

function count(report) {
  if (report.stats) return { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

const browser = chromium();
step('lockfile', 'node', ['.scripts/check-lock.mjs']);
step('lint', 'biome', ['check', '.']);
step('build', 'turbo', ['run', 'build', '--output-logs=errors-only']);
step('types', 'turbo', ['run', 'types', '--output-logs=errors-only']);
step('unused', 'knip', ['--no-progress']);
suite('server', 'server', 'vitest', ['run']);
suite('web', 'web', 'vitest', ['run']);
suite('clients', 'e2e', 'vitest', ['run'], { CHROMIUM_PATH: browser });
suite('browser', 'e2e', 'playwright', ['test', '--config', 'browser/playwright.config.ts'], { CHROMIUM_PATH: browser });

rmSync(out, { recursive: true, force: true });
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
