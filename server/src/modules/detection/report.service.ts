import { type Clock, seconds } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import type { ProjectSettings } from '../projects/project.entity.ts';
import type { Delivery } from './delivery.ts';
import { productOf } from './doors/product.ts';
import { deliverInParts } from './doors/tally.ts';
import { ownDelivery } from './own-delivery.ts';
import type { Pipeline } from './pipeline.ts';
import type { Fate, Report } from './preparation.ts';
import { type ErrorReport, ReportFault, reportToEvent } from './protocols/report/report-event.ts';
import type { ErrorReportResult, ReportedErrors } from './report.types.ts';

const ITEM = 'graphql';
const MAX_REPORTS = 1_000;
/** After a disk that refused. */
const RETRY_SECONDS = 30;

/** A project as the directory of keys knows it. */
export interface ReportProject {
  readonly projectId: number;
  readonly projectStatus: 'ACTIVE' | 'ARCHIVED';
  readonly settings: ProjectSettings;
}

/** Who asks, and from where. */
export interface ReportRequest {
  readonly actor: Actor;
  readonly ip: string;
  readonly userAgent: string | null;
}

/** Which project: by id or by slug. */
export interface ReportTarget {
  readonly projectId?: string | null | undefined;
  readonly slug?: string | null | undefined;
}

type Refusal = ValidationRefusal | NotFoundRefusal | ConflictRefusal;

/** Errors that come in as GraphQL input: same path, same outcomes as from an SDK, each report on its own. */
export class ReportService {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #pipeline: Pipeline;
  readonly #project: (projectId: number) => ReportProject | undefined;
  readonly #refresh: () => Promise<void>;
  #refreshedAt = 0;

  constructor(deps: {
    sql: Sql;
    clock: Clock;
    pipeline: Pipeline;
    directory: { project(projectId: number): ReportProject | undefined; refresh(): Promise<void> };
  }) {
    this.#sql = deps.sql;
    this.#clock = deps.clock;
    this.#pipeline = deps.pipeline;
    this.#project = (projectId) => deps.directory.project(projectId);
    this.#refresh = () => deps.directory.refresh();
  }

  /**
   * Resolves once what is kept is on disk. A project out of sight does not exist.
   * @throws Failure FORBIDDEN without events:write
   */
  async report(request: ReportRequest, target: ReportTarget, input: readonly object[]): Promise<ReportedErrors | Refusal> {
    request.actor.demand('events:write');
    const project = await this.#find(request.actor, target);
    if (!('projectId' in project)) return project;
    const delivery = this.#delivery(request, project);
    if (input.length === 0) return new ValidationRefusal('REQUIRED', 'Report at least one error.', 'input');
    if (input.length > MAX_REPORTS) {
      this.#pipeline.count(delivery, ITEM, 'invalid', 'too_many', input.length);
      return new ValidationRefusal('TOO_MANY', `At most ${MAX_REPORTS} errors at once; these are ${input.length}.`, 'input');
    }
    const results = await this.#deliver(input, delivery);
    return { accepted: results.filter(({ outcome }) => outcome === 'accepted').length, results };
  }

  async #deliver(input: readonly object[], delivery: Delivery): Promise<ErrorReportResult[]> {
    const results: ErrorReportResult[] = [];
    const taken: { index: number; report: Report }[] = [];
    for (const [index, raw] of input.entries()) {
      const value = reportToEvent(raw as ErrorReport);
      if (value instanceof ReportFault) {
        this.#pipeline.count(delivery, ITEM, 'invalid', value.reason);
        results[index] = {
          ...NO_RESULT,
          index,
          outcome: 'invalid',
          reason: value.reason,
          message: value.message,
          field: `input.${index}.${value.field}`,
        };
      } else taken.push({ index, report: { value, bytes: JSON.stringify(raw).length, item: ITEM } });
    }
    const reports = taken.map(({ report }) => report);
    await deliverInParts(this.#pipeline, reports, delivery, (fate, i) => {
      const { index } = taken[i] as { index: number };
      results[index] = resultOf(fate, index);
    });
    return results;
  }

  #delivery({ ip, userAgent }: ReportRequest, project: ReportProject): Delivery {
    return { ...ownDelivery(project, 'graphql', this.#clock.now(), productOf(userAgent)), clientIp: ip };
  }

  async #find(actor: Actor, { projectId, slug }: ReportTarget): Promise<ReportProject | Refusal> {
    if ((projectId ?? '') === '' && (slug ?? '') === '')
      return new ValidationRefusal('REQUIRED', 'Name the project, by id or by slug.', 'projectId');
    const id = (projectId ?? '') === '' ? await this.#idOf(slug as string) : Number(projectId);
    if (id === undefined || !actor.can('events:write', id))
      return new NotFoundRefusal('There is no such project, or you do not see it.');
    const project = this.#project(id) ?? (await this.#lookAgain(id));
    if (project === undefined) return new NotFoundRefusal('There is no such project, or you do not see it.');
    if (project.projectStatus !== 'ACTIVE')
      return new ConflictRefusal('PROJECT_ARCHIVED', 'The project is archived: it takes no events until it is restored.');
    return project;
  }

  async #idOf(slug: string): Promise<number | undefined> {
    return (await this.#sql.get<{ id: number }>('select id from project where slug = ?', [slug]))?.id;
  }

  /** The command line may have made it a moment ago. */
  async #lookAgain(projectId: number): Promise<ReportProject | undefined> {
    if (!Number.isSafeInteger(projectId) || this.#clock.now() - this.#refreshedAt < seconds(2)) return undefined;
    this.#refreshedAt = this.#clock.now();
    await this.#refresh();
    return this.#project(projectId);
  }
}

const NO_RESULT = { eventId: null, reason: null, message: null, field: null, retryAfterSeconds: null };

function resultOf({ outcome, reason, eventId, hint }: Fate, index: number): ErrorReportResult {
  const base = { ...NO_RESULT, index, outcome, eventId: eventId ?? null };
  if (outcome === 'accepted') return base;
  const retryAfterSeconds = hint?.retryAfterSeconds ?? (outcome === 'failed' ? RETRY_SECONDS : null);
  return { ...base, reason, message: wordsFor(outcome, reason), retryAfterSeconds };
}

function wordsFor(outcome: Fate['outcome'], reason: string): string {
  if (outcome === 'filtered') return `A filter of the project does not want it (${reason}).`;
  if (outcome === 'rate_limited') return `A limit has been reached (${reason}).`;
  if (outcome === 'failed') return 'It could not be stored.';
  return `It is not valid (${reason}).`;
}
