import { ask, type Connection } from './client.ts';
import type { MonitorReadOptions } from './monitor.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import { connectionFrom } from './tail-target.ts';
import { printable } from './terminal.ts';

interface MonitorHead {
  id: string;
  slug: string;
  name: string;
  status: string;
  isMuted: boolean;
  successRate: number | null;
  schedule: { text: string };
  project: { slug: string } | null;
  environments: { name: string; status: string; lastCheckInAt: string | null; nextExpectedAt: string | null }[];
}

interface Run {
  status: string;
  environment: string;
  startedAt: string;
  durationMs: number | null;
  expectedAt: string | null;
  release: string | null;
  checkInId: string;
}

const HEAD = `id slug name status isMuted successRate schedule { text } project { slug }
  environments { name status lastCheckInAt nextExpectedAt }`;
const RUNS = 'latestRuns(first: 20) { status environment startedAt durationMs expectedAt release checkInId }';

/** Prints the monitors in sight. @throws CommandFailure */
export async function listMonitors(options: MonitorReadOptions): Promise<void> {
  const monitors = await find(options);
  printRows(
    monitors.map((monitor) => ({
      project: monitor.project?.slug ?? '',
      slug: monitor.slug,
      status: monitor.status,
      schedule: monitor.schedule.text,
      last: latest(monitor.environments.map((one) => one.lastCheckInAt)),
      next: earliest(monitor.environments.map((one) => one.nextExpectedAt)),
      good: monitor.successRate === null ? null : `${Math.floor(monitor.successRate * 100)} %`,
      muted: monitor.isMuted ? 'yes' : 'no',
      id: monitor.id,
    })),
    options.json === true,
  );
}

/** Prints the latest runs of one monitor, newest first; how its environments stand goes before them, for people. @throws CommandFailure */
export async function showMonitor(slug: string, options: MonitorReadOptions): Promise<void> {
  const matching = (await find(options)).filter((one) => one.slug === slug || one.id === slug);
  if (matching.length > 1) throw new CommandFailure(`several projects have a monitor ${slug}: add --project`, EXIT.usage);
  const [head] = matching;
  if (head === undefined) throw new CommandFailure(`there is no monitor ${slug}`, EXIT.refused);
  const { monitor } = await ask<{ monitor: { latestRuns: Run[] } | null }>(
    connection(options),
    `query ($id: ID!) { monitor(id: $id) { ${RUNS} } }`,
    { id: head.id },
  );
  if (options.json !== true) {
    process.stdout.write(`${printable(`${head.project?.slug ?? ''}/${head.slug}  ${head.status}  ${head.schedule.text}`)}\n\n`);
    printRows(
      head.environments.map(({ name, status, lastCheckInAt, nextExpectedAt }) => {
        return { environment: name, status, last: lastCheckInAt, next: nextExpectedAt };
      }),
      false,
    );
    process.stdout.write('\n');
  }
  printRows(
    (monitor?.latestRuns ?? []).toReversed().map((run) => ({
      started: run.startedAt,
      environment: run.environment,
      status: run.status,
      seconds: run.durationMs === null ? null : run.durationMs / 1000,
      expected: run.expectedAt,
      release: run.release,
      id: run.checkInId,
    })),
    options.json === true,
  );
}

async function find(options: MonitorReadOptions): Promise<MonitorHead[]> {
  const { monitors } = await ask<{ monitors: MonitorHead[] }>(connection(options), `{ monitors { ${HEAD} } }`);
  const found = monitors.filter(({ project }) => options.project === undefined || project?.slug === options.project);
  return found.sort((a, b) => (a.project?.slug ?? '').localeCompare(b.project?.slug ?? '') || a.slug.localeCompare(b.slug));
}

function connection(options: MonitorReadOptions): Connection {
  const found = connectionFrom(options);
  if (found === undefined) throw new CommandFailure('give --token (ERRATA_TOKEN)', EXIT.usage);
  return found;
}

const times = (some: readonly (string | null)[]) => some.filter((one): one is string => one !== null).sort();
const latest = (some: readonly (string | null)[]) => times(some).at(-1) ?? null;
const earliest = (some: readonly (string | null)[]) => times(some)[0] ?? null;
