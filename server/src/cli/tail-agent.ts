import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { followedSource } from '../modules/detection/tail/followed-source.ts';
import { makeDetector } from '../modules/detection/tail/make-detector.ts';
import { TailEngine } from '../modules/detection/tail/tail-engine.ts';
import { blankStatus, type LogSourceStatus } from '../modules/detection/tail/tail-status.ts';
import type { LogSourceSettings } from '../modules/projects/log-source-settings.ts';
import { systemClock } from '../platform/clock.ts';
import { AgentPatterns } from './agent-patterns.ts';
import { ask, type Connection } from './client.ts';
import { CommandFailure, EXIT } from './output.ts';
import { TailSender } from './tail-sender.ts';
import { targetOfProject } from './tail-target.ts';
import { deliveredWithin, Ending } from './tail-work.ts';

const REPORT_EVERY_MS = 10_000;
/** While something is going on the screen should not lag behind. */
const REPORT_LIVELY_MS = 2_000;
const FAREWELL_MS = 2_000;

const FIELDS = `id projectId name globs exclusions startAt startLines encoding wrapper timeZone patternsEnabled minLevel errorLines
  environment release tags { key value } polling pollIntervalMs flushAfterMs enabled watcher revision`;

type Source = Omit<LogSourceSettings, 'tags'> & {
  id: string;
  projectId: string;
  tags: { key: string; value: string }[];
  enabled: boolean;
  revision: number;
};

/**
 * Follows a log source of the dashboard on this machine until it is stopped: fetches its settings, tells how it goes, and
 * takes over changes.
 * @throws CommandFailure when the server refuses, or the source is not an agent's
 */
export async function watchSource(
  connection: Connection,
  id: string,
  options: { stateDir: string | undefined; poll: boolean; note: (text: string) => void },
): Promise<void> {
  const { note } = options;
  const ending = new Ending();
  ending.listen();
  let source = await fetchSource(connection, id);
  if (source.watcher !== 'AGENT')
    throw new CommandFailure(
      `the source “${source.name}” is watched by the server; set it to be watched by an agent`,
      EXIT.refused,
    );
  const target = await targetOfProject(connection, { id: String(source.projectId) });
  const sender = new TailSender({ target, failed: (failure) => ending.fail(failure), note });
  if (options.stateDir === undefined) note('without --state-dir a restart begins where the source says, not where it stopped');
  const patterns = new AgentPatterns(connection, source.projectId);
  await patterns.refresh();
  // Changed settings begin the reading anew: where it stood has to be written down somewhere for as long as this runs.
  const stateDir = options.stateDir === undefined ? mkdtempSync(join(tmpdir(), 'errata-tail-')) : resolve(options.stateDir);
  const engine = new TailEngine({
    make: makeDetector,
    deliver: (_key, reports) => sender.deliver(reports),
    isAllowed: () => true,
    stateDir,
    now: () => systemClock.now(),
    log: (level, fields, text) => level !== 'info' && note(`${text} ${JSON.stringify(fields)}`),
    watch: !options.poll,
  });
  const key = `source-${source.id}`;
  const host = hostname();
  const follow = () => {
    const settings = { ...source, tags: Object.fromEntries(source.tags.map(({ key: name, value }) => [name, value])) };
    engine.setSources(source.enabled ? [followedSource(key, settings, patterns.definitions, host)] : []);
    note(source.enabled ? `following ${source.globs.join(', ')}` : `“${source.name}” is paused`);
  };
  follow();
  engine.start();
  while (!ending.signal.aborted) {
    const status = engine.statuses().get(key) ?? blankStatus(source.enabled ? 'STARTING' : 'PAUSED');
    try {
      const orders = await report(connection, id, host, status);
      if (await patterns.refresh()) {
        note('took over changed patterns');
        follow();
      }
      if (orders.revision !== source.revision || orders.enabled !== source.enabled) {
        source = await fetchSource(connection, id);
        follow();
      }
    } catch (error) {
      // The server may be away for a while; a refusal stays one.
      if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.unreachable) {
        ending.fail(error instanceof CommandFailure ? error : new CommandFailure(String(error)));
        break;
      }
    }
    const isLively = status.state === 'STARTING' || status.state === 'CATCHING_UP' || status.linesPerSecond > 0;
    await delay(isLively ? REPORT_LIVELY_MS : REPORT_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
  }
  await deliveredWithin(() => engine.isCaughtUp, FAREWELL_MS, ending);
  engine.stop();
  if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
  if (ending.failure !== undefined) throw ending.failure;
  // So that the screen says at once that nobody watches any more.
  await report(connection, id, host, blankStatus('ABSENT')).catch(() => undefined);
}

async function fetchSource(connection: Connection, id: string): Promise<Source> {
  const query = `query ($id: ID!) { logSource(id: $id) { ${FIELDS} } }`;
  const { logSource } = await ask<{ logSource: Source | null }>(connection, query, { id });
  if (logSource === null) throw new CommandFailure(`there is no log source ${id}`, EXIT.refused);
  return logSource;
}

async function report(connection: Connection, sourceId: string, host: string, status: LogSourceStatus) {
  const date = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const input = {
    ...status,
    sourceId,
    host,
    lastLineAt: date(status.lastLineAt),
    lastEventAt: date(status.lastEventAt),
    files: status.files.map(({ lagBytes: _, ...file }) => ({ ...file, lastLineAt: date(file.lastLineAt) })),
  };
  type Answer = { reportLogSource: { revision?: number; enabled?: boolean; message?: string } };
  const { reportLogSource } = await ask<Answer>(
    connection,
    'mutation ($input: LogSourceReportInput!) { reportLogSource(input: $input) { ... on LogSourceOrders { revision enabled } ... on UserError { message } } }',
    { input },
  );
  if (reportLogSource.message !== undefined) throw new CommandFailure(reportLogSource.message, EXIT.refused);
  return reportLogSource as { revision: number; enabled: boolean };
}
