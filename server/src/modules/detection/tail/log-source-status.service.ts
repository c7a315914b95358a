import type { Clock } from '../../../platform/clock.ts';
import { seconds } from '../../../platform/clock.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';
import { cleanLine } from '../../access/input.ts';
import type { LogSource } from '../../projects/log-source.entity.ts';
import type { LogSourceService } from '../../projects/log-source.service.ts';
import type { LogSourceChanges, LogSourceSettings } from '../../projects/log-source-settings.ts';
import type { DryRun } from './dry-run.ts';
import { blankStatus, type LogSourceState, type LogSourceStatus, MAX_FILES_SHOWN, MAX_PROBLEMS } from './tail-status.ts';

/** A status with who told it. */
export interface ToldStatus extends LogSourceStatus {
  host: string | null;
  heardAt: number | null;
}

/** What an agent tells; as the mutation has it. */
export interface AgentReport {
  readonly sourceId: string;
  readonly host: string;
  readonly state: LogSourceState;
  readonly fileCount: number;
  readonly sizeBytes: number;
  readonly lagBytes: number;
  readonly linesPerSecond: number;
  readonly lines: number;
  readonly events: number;
  readonly lastLineAt?: Date | null;
  readonly lastEventAt?: Date | null;
  readonly problems: readonly { code: string; message: string; path?: string | null }[];
  readonly files: readonly (Omit<LogSourceStatus['files'][number], 'lagBytes' | 'lastLineAt' | 'problem'> & {
    lastLineAt?: Date | null;
    problem?: string | null;
  })[];
}

/** What the tail of this server knows. */
export interface LocalTail {
  statusOf(sourceId: number): { status: LogSourceStatus; at: number } | undefined;
  test(projectId: number, settings: LogSourceSettings): Promise<DryRun>;
}

/** An agent that says nothing for so long is absent. It reports every 10 s. */
const HEARD_FOR_MS = seconds(45);
const MAX_TEXT = 1000;

/** How sources are read, here and by agents; dry runs. */
export class LogSourceStatusService {
  readonly #sources: LogSourceService;
  readonly #tail: LocalTail;
  readonly #clock: Clock;
  readonly #reports = new Map<number, { status: LogSourceStatus; at: number; host: string }>();

  constructor(deps: { sources: LogSourceService; tail: LocalTail; clock: Clock }) {
    this.#sources = deps.sources;
    this.#tail = deps.tail;
    this.#clock = deps.clock;
  }

  /** How the reading of a source goes. Decides nothing about who may see it. */
  of(source: LogSource): ToldStatus {
    const report = source.watcher === 'AGENT' ? this.#reports.get(source.id) : undefined;
    const heard = report ?? (source.watcher === 'SERVER' ? this.#tail.statusOf(source.id) : undefined);
    const told = { host: report?.host ?? null, heardAt: heard?.at ?? null };
    if (!source.enabled) return { ...(heard?.status ?? blankStatus('PAUSED')), ...told, state: 'PAUSED' };
    if (source.watcher === 'AGENT' && (report === undefined || this.#clock.now() - report.at > HEARD_FOR_MS))
      return { ...(report?.status ?? blankStatus('ABSENT')), ...told, state: 'ABSENT', linesPerSecond: 0 };
    return { ...(heard?.status ?? blankStatus('STARTING')), ...told };
  }

  /** What a source of these settings would do. @throws Failure FORBIDDEN without projects:write: it shows lines of files */
  async test(actor: Actor, projectId: string, changes: LogSourceChanges) {
    const draft = await this.#sources.draft(actor, projectId, changes);
    if (draft instanceof ValidationRefusal || draft instanceof NotFoundRefusal) return draft;
    if (draft.settings.watcher === 'AGENT')
      return new ValidationRefusal('ELSEWHERE', 'An agent watches this source; try it out on its machine.', 'watcher');
    return this.#tail.test(draft.projectId, draft.settings);
  }

  /** What an agent tells of its source; answers what it has to do. @throws Failure FORBIDDEN */
  async report(actor: Actor, report: AgentReport) {
    const source = await this.#sources.find(actor, report.sourceId);
    if (source === null) return new NotFoundRefusal('There is no such log source.');
    actor.demand('events:write', source.projectId);
    if (source.watcher !== 'AGENT')
      return new ValidationRefusal('NOT_AN_AGENTS', 'This source is watched by the server, not by an agent.', 'sourceId');
    const host = cleanLine(report.host, 'host', 255);
    if (host instanceof ValidationRefusal) return host;
    const files = report.files.slice(0, MAX_FILES_SHOWN).map((file) => ({
      ...file,
      path: cut(file.path),
      lagBytes: Math.max(0, file.sizeBytes - file.positionBytes),
      lastLineAt: file.lastLineAt?.getTime() ?? null,
      problem: file.problem == null ? null : cut(file.problem),
    }));
    const problems = report.problems
      .slice(0, MAX_PROBLEMS)
      .map(({ code, message, path }) => ({ code: cut(code), message: cut(message), path: path == null ? null : cut(path) }));
    const { state, fileCount, sizeBytes, lagBytes, linesPerSecond, lines, events } = report;
    const times = { lastLineAt: report.lastLineAt?.getTime() ?? null, lastEventAt: report.lastEventAt?.getTime() ?? null };
    const status = { state, fileCount, sizeBytes, lagBytes, linesPerSecond, lines, events, ...times, problems, files };
    this.#reports.set(source.id, { status, at: this.#clock.now(), host });
    return { sourceId: source.id, revision: source.revision, enabled: source.enabled };
  }
}

const cut = (text: string): string => text.slice(0, MAX_TEXT);
