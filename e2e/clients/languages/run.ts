// `npm run clients --workspace e2e`: runs clients of other languages against a real server, as their users would, and reads
// back what was kept. `-- --only python,go` some languages; `-- --keep <folder>` writes what each sent and what was kept;
// `-- --stay` leaves the server running, to look at its screens.
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually, startServer } from '../../server.ts';
import { type Bench, type Client, run } from './client.ts';
import { GO } from './go.ts';
import { JAVA } from './java.ts';
import { type Kept, readBack } from './kept.ts';
import { PYTHON } from './python.ts';
import { type Recorder, record } from './recorder.ts';
import { RUST } from './rust.ts';
import { ON_SET_UP_PAGE } from './snippets.ts';

const TIME_LIMIT_MS = 25 * 60_000;
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, keep: { type: 'string' }, stay: { type: 'boolean', default: false } },
});
const only = options.only?.split(',');
const clients = [...PYTHON, ...GO, ...RUST, ...JAVA, ...ON_SET_UP_PAGE].filter(
  ({ language, name }) => only === undefined || only.some((one) => one === language || name.startsWith(one)),
);
const limit = setTimeout(() => {
  console.error(`Not done after ${TIME_LIMIT_MS / 60_000} minutes.`);
  process.exit(1);
}, TIME_LIMIT_MS);

const server = await startServer();
const recorder = await record(server.url);
const folder = mkdtempSync(join(tmpdir(), 'errata-clients-'));
process.once('exit', () => {
  try {
    process.kill(server.pid, 'SIGKILL');
  } catch {} // it has ended, as it should
  for (const left of [folder, server.dataDir]) rmSync(left, { recursive: true, force: true });
});
if (!options.stay) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const installed = new Map<string, Promise<unknown>>();
let failures = 0;
const skipped: string[] = [];
try {
  for (const client of clients) {
    const missing = client.needs.filter((command) => !there(command));
    if (missing.length > 0) skipped.push(`${client.name}: no ${missing.join(', ')} here`);
    else failures += await tryOut(client);
  }
  if (options.stay) {
    console.log(`\n${server.url} stays until Ctrl+C; sign in as admin@errata.local with correct-horse-9`);
    clearTimeout(limit);
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  }
} finally {
  recorder.close();
  await server.dispose();
  clearTimeout(limit);
}
for (const line of skipped) console.log(`– skipped ${line}`);
console.log(`\n${clients.length - skipped.length} clients run, ${skipped.length} skipped, ${failures} checks failed`);
process.exit(failures === 0 ? 0 : 1);

/** Installs, runs and checks one client; answers how many checks failed. */
async function tryOut(client: Client): Promise<number> {
  console.log(`\n── ${client.name}`);
  const began = Date.now();
  try {
    const { bench, projectId } = await benchOf(client);
    if (client.install) {
      const { key, of } = client.install;
      if (!installed.has(key)) installed.set(key, of(bench));
      await installed.get(key);
    }
    recorder.forget();
    recorder.keep(options.keep === undefined ? undefined : join(options.keep, nameOf(client)));
    await client.send(bench);
    let kept: Kept | undefined;
    const settled = await eventually(
      async () => (kept = await readBack(server, projectId, 'shop@1.2.3')),
      (now) => results(client, now).every(({ fault }) => fault === undefined),
    ).catch((error: unknown) => {
      if (kept === undefined) throw error;
      return kept; // the checks say what is missing
    });
    if (options.keep !== undefined) writeFileSync(join(options.keep, `${nameOf(client)}.json`), JSON.stringify(settled, null, 1));
    return report(client, settled, Date.now() - began);
  } catch (error) {
    console.log(`✗ ${(error as Error).message}`);
    return 1;
  }
}

async function benchOf(client: Client): Promise<{ bench: Bench; projectId: string }> {
  const { createProject } = await server.graphql<{ createProject: { id: string; keys: { dsn: string }[] } }>(
    'mutation ($name: String!) { createProject(input: { name: $name }) { ... on Project { id keys { dsn } } } }',
    { name: client.name },
  );
  const own = new URL(createProject.keys[0]!.dsn);
  const bench: Bench = {
    folder: join(folder, client.language),
    programs: join(import.meta.dirname, '..', client.language),
    url: recorder.url,
    dsn: `${recorder.url.replace('//', `//${own.username}@`)}${own.pathname}`,
    key: own.username,
    run: (command, args, more) => run(bench.folder, command, args, more),
  };
  mkdirSync(bench.folder, { recursive: true });
  return { bench, projectId: createProject.id };
}

function report(client: Client, kept: Kept, tookMs: number): number {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort()
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'nothing';
  const sdk = kept.events.find((one) => one.sdk)?.sdk;
  console.log(`  ${sdk ? `${sdk.name} ${sdk.version}, ` : ''}${(tookMs / 1000).toFixed(1)} s`);
  console.log(`  sent  ${list(recorder.sent)}`);
  console.log(`  kept  ${list(kept.outcomes)}`);
  const faults = results(client, kept);
  for (const { name, fault } of faults)
    console.log(fault === undefined ? `  ✓ ${name}` : `  ✗ ${name}: ${fault.replaceAll('\n', '\n    ')}`);
  const failed = faults.filter(({ fault }) => fault !== undefined).length;
  if (failed > 0 && server.output() !== '') console.log(`  the server said: ${server.output().slice(-2000)}`);
  return failed;
}

/** What the checks of a client say of what was kept so far. */
function results(client: Client, kept: Kept): { name: string; fault: string | undefined }[] {
  const checks: Client['checks'] = {
    ...client.checks,
    [`${client.events} events`]: () => {
      if (kept.events.length !== client.events) throw new Error(kept.events.map(({ title }) => title).join(' | '));
    },
    'every item has one outcome': () => {
      const missing = [...recorder.refused, ...unaccounted(recorder, client, kept)];
      if (missing.length > 0) throw new Error(missing.join('; '));
    },
  };
  return Object.entries(checks).map(([name, check]) => {
    try {
      check(kept);
      return { name, fault: undefined };
    } catch (error) {
      return { name, fault: (error as Error).message };
    }
  });
}

/** Items whose number of outcomes is not the number that was sent. What a client says it dropped by itself never came. */
function unaccounted({ sent }: Recorder, { outcomes: expected }: Client, { outcomes }: Kept): string[] {
  const off: string[] = [];
  const compare = (item: string, count: number, fates: number) => {
    if (fates !== count) off.push(`${count} ${item} sent, ${fates} outcomes`);
  };
  if (expected !== undefined)
    for (const name of new Set([...Object.keys(expected), ...Object.keys(outcomes)]))
      compare(name, expected[name] ?? 0, outcomes[name] ?? 0);
  for (const [item, count] of Object.entries(sent)) {
    if (item.startsWith('/')) continue; // another protocol than Sentry's
    const fates = Object.entries(outcomes).filter(([name]) => name.startsWith(`${item} `) && !name.includes(' sdk:'));
    compare(
      item,
      count,
      fates.reduce((sum, [, quantity]) => sum + quantity, 0),
    );
  }
  return off;
}

function nameOf({ name }: Client): string {
  return name.replace(/\W+/g, '-').replace(/-$/, '');
}

function there(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((part) => {
    try {
      accessSync(join(part, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
