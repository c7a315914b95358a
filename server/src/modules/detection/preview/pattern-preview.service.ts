import { type Clock, hours } from '../../../platform/clock.ts';
import { Failure } from '../../../platform/errors.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { Log } from '../../../platform/log.ts';
import type { Actor } from '../../access/actor.ts';
import { parseId } from '../../access/input.ts';
import { checkPattern } from '../../analysis/patterns/check.ts';
import type { PatternDefinition } from '../../analysis/patterns/definition.ts';
import type { PatternDirectory } from '../../projects/pattern-directory.ts';
import { PatternRefusal } from '../../projects/pattern-refusal.ts';
import type { ProjectService } from '../../projects/project.service.ts';
import { PreviewThread } from './preview-thread.ts';
import type { PreviewResult } from './preview-work.ts';
import type { RecordedLines } from './recorded-lines.ts';

/** What there is to try a pattern on. */
export interface PreviewRequest {
  readonly projectId: string;
  readonly draft: PatternDefinition;
  /** The pattern whose place the draft takes; null: it comes last. */
  readonly patternId: string | null;
  /** Pasted lines. */
  readonly text: string | null;
  /** Count the hits among the lines that this source had in the last day. */
  readonly sourceId: string | null;
}

/** The draft on the pasted lines, and counted over a day's lines of a source. */
export interface PreviewOutcome {
  readonly captures: readonly string[];
  readonly pasted: PreviewResult | null;
  readonly recorded: (PreviewResult & { readonly sinceAt: number }) | null;
}

const MOST_TEXT = 400_000;
const MOST_LINES = 3_000;
const RECORDED = 50_000;
const SHOWN_RECORDED = 300;

/** Tries patterns before they are saved. */
export class PatternPreview {
  readonly #directory: PatternDirectory;
  readonly #projects: ProjectService;
  readonly #clock: Clock;
  readonly #thread: PreviewThread;
  #recorded: RecordedLines | undefined;

  constructor(deps: { directory: PatternDirectory; projects: ProjectService; clock: Clock; log: Log; thread?: PreviewThread }) {
    this.#directory = deps.directory;
    this.#projects = deps.projects;
    this.#clock = deps.clock;
    this.#thread = deps.thread ?? new PreviewThread(deps);
  }

  /** Says where recorded lines are to be had; without, none are. */
  useRecordedLines(recorded: RecordedLines): void {
    this.#recorded = recorded;
  }

  /**
   * Tries a draft. A newer request of the same person for the same project ends an older one, which fails with CONFLICT.
   * @throws Failure FORBIDDEN without projects:read, and without projects:write for recorded lines; UNAVAILABLE when too many try at once
   */
  async test(
    actor: Actor,
    request: PreviewRequest,
  ): Promise<PreviewOutcome | PatternRefusal | NotFoundRefusal | ValidationRefusal> {
    const project = await this.#projects.find(actor, { id: request.projectId });
    if (project === null) return new NotFoundRefusal('There is no such project.');
    const draft: PatternDefinition = { ...request.draft, id: request.patternId ?? 'draft', enabled: true };
    const { faults, fields } = checkPattern(draft);
    // What cannot be saved yet for its name can be tried.
    const grave = faults.filter(({ field }) => field !== 'name');
    if (grave.length > 0) return new PatternRefusal(grave);
    const lines = request.text === null ? [] : request.text.split(/\r\n|\n|\r/);
    if ((request.text?.length ?? 0) > MOST_TEXT || lines.length > MOST_LINES)
      return new ValidationRefusal('TOO_LONG', `At most ${MOST_LINES} lines and ${MOST_TEXT / 1000} kB.`, 'text');
    const definitions = this.#withDraft(project.id, draft);
    const key = `${actor.kind}.${actor.userId}.${actor.tokenId}.${project.id}`;
    const pasted =
      request.text === null
        ? null
        : await this.#run(`${key}.pasted`, { definitions, draftId: draft.id, lines, countOnly: false });
    if (request.sourceId === null) return { captures: fields, pasted, recorded: null };
    const sinceAt = this.#clock.now() - hours(24);
    const recordedLines = await this.#recordedLines(actor, project.id, request.sourceId, RECORDED, sinceAt);
    if (recordedLines instanceof NotFoundRefusal) return recordedLines;
    const job = { definitions, draftId: draft.id, lines: recordedLines, countOnly: true };
    return { captures: fields, pasted, recorded: { ...(await this.#run(`${key}.recorded`, job)), sinceAt } };
  }

  /** The latest lines of a source, to be tried on. @throws Failure FORBIDDEN without projects:write: they are as they stand in the log, not scrubbed */
  async recentLines(actor: Actor, projectId: string, sourceId: string): Promise<readonly string[]> {
    const id = parseId(projectId);
    if (id === null) throw new Failure('NOT_FOUND');
    const lines = await this.#recordedLines(actor, id, sourceId, SHOWN_RECORDED, this.#clock.now() - hours(24));
    if (lines instanceof NotFoundRefusal) throw new Failure('NOT_FOUND', lines.message);
    return lines;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async #recordedLines(actor: Actor, projectId: number, sourceId: string, limit: number, sinceAt: number) {
    actor.demand('projects:write', projectId);
    if (this.#recorded === undefined) return new NotFoundRefusal('No log source is watched on this server.');
    return this.#recorded.recentLines(actor, sourceId, { sinceAt, limit });
  }

  #withDraft(projectId: number, draft: PatternDefinition): PatternDefinition[] {
    const present = this.#directory.definitionsOf(projectId).filter(({ enabled, id }) => enabled || id === draft.id);
    const place = present.findIndex(({ id }) => id === draft.id);
    return place < 0 ? [...present, draft] : present.with(place, draft);
  }

  async #run(key: string, job: Parameters<PreviewThread['run']>[1]): Promise<PreviewResult> {
    const result = await this.#thread.run(key, job);
    if (typeof result !== 'string') return result;
    if (result === 'superseded') throw new Failure('CONFLICT', 'A newer try took the place of this one.');
    throw new Failure(
      'UNAVAILABLE',
      result === 'busy' ? 'Too many patterns are being tried: try again.' : 'The try could not be finished.',
    );
  }
}
