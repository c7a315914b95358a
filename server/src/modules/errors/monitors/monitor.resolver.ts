import { Arg, Ctx, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { fromResolver } from '../../../platform/graphql/from-resolver.ts';
import type { LiveSource } from '../../../platform/graphql/live-topic.ts';
import { DoneResult } from '../../../platform/graphql/refusals.ts';
import type { AccessContext } from '../../access/access-context.ts';
import { ProjectType } from '../../projects/project.types.ts';
import { Batch, batchOf } from '../batch.ts';
import { pageSize } from '../cursor.ts';
import type { ErrorLoaders } from '../error.loaders.ts';
import type { MonitorService } from './monitor.service.ts';
import {
  CreateMonitorInput,
  CreateMonitorResult,
  Monitor,
  MonitorChanged,
  MonitorEnvironment,
  MonitorIncident,
  MonitorRun,
  MonitorRunConnection,
  MonitorSchedule,
  MonitorScheduleInput,
  MonitorStatus,
  SchedulePreview,
  UpdateMonitorInput,
  UpdateMonitorResult,
} from './monitor.types.ts';
import type { LiveMonitors, SequencedMonitorChange } from './monitor-live.ts';
import type { MonitorReadService, RunRow } from './monitor-read.service.ts';
import { scheduleText } from './monitor-report.ts';
import type { EnvironmentRow, MonitorRow } from './monitor-rows.ts';
import { environmentStatus, monitorStatus } from './monitor-status.ts';

interface Deps {
  monitors: MonitorService;
  reading: MonitorReadService;
  live: LiveMonitors;
  loaders: ErrorLoaders;
}

/** Monitors: how they stand, their runs, making and changing them. */
@Resolver(() => Monitor)
export class MonitorResolver {
  readonly #monitors: MonitorService;
  readonly #reading: MonitorReadService;
  readonly #loaders: ErrorLoaders;

  constructor(deps: Deps) {
    this.#monitors = deps.monitors;
    this.#reading = deps.reading;
    this.#loaders = deps.loaders;
  }

  @Query(() => [Monitor], { description: 'Monitors of the projects in sight, by name; at most a thousand.' })
  monitors(
    @Ctx() { actor }: AccessContext,
    @Arg('projectIds', () => [ID], { nullable: true }) projectIds?: string[] | null,
  ): Promise<MonitorRow[]> {
    return this.#reading.list(actor, projectIds);
  }

  @Query(() => Monitor, { nullable: true })
  monitor(@Ctx() { actor }: AccessContext, @Arg('id', () => ID) id: string): Promise<MonitorRow | null> {
    return this.#reading.find(actor, id);
  }

  @Query(() => SchedulePreview, { description: 'The next five runs of a schedule, or why it cannot be one.' })
  schedulePreview(
    @Ctx() { actor }: AccessContext,
    @Arg('schedule', () => MonitorScheduleInput) schedule: MonitorScheduleInput,
  ): SchedulePreview {
    return this.#monitors.preview(actor, schedule);
  }

  @Mutation(() => CreateMonitorResult)
  async createMonitor(
    @Ctx() { actor }: AccessContext,
    @Arg('input', () => CreateMonitorInput) input: CreateMonitorInput,
  ): Promise<CreateMonitorResult> {
    return asMember(await this.#monitors.create(actor, input));
  }

  @Mutation(() => UpdateMonitorResult, { description: 'Also pauses, resumes, mutes and unmutes it.' })
  async updateMonitor(
    @Ctx() { actor }: AccessContext,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateMonitorInput) input: UpdateMonitorInput,
  ): Promise<UpdateMonitorResult> {
    return asMember(await this.#monitors.update(actor, id, input));
  }

  @Mutation(() => DoneResult, { description: 'With its runs; the errors it made stay.' })
  deleteMonitor(@Ctx() { actor }: AccessContext, @Arg('id', () => ID) id: string): Promise<DoneResult> {
    return this.#monitors.delete(actor, id);
  }

  @FieldResolver(() => ProjectType, { nullable: true })
  project(@Root() monitor: MonitorRow, @Ctx() context: AccessContext) {
    return this.#loaders.projects(context).load(monitor.projectId);
  }

  @FieldResolver(() => Boolean)
  isPaused(@Root() monitor: MonitorRow): boolean {
    return monitor.paused === 1;
  }

  @FieldResolver(() => Boolean)
  isMuted(@Root() monitor: MonitorRow): boolean {
    return monitor.muted === 1;
  }

  @FieldResolver(() => MonitorSchedule)
  schedule(@Root() monitor: MonitorRow): MonitorSchedule {
    const { scheduleType, scheduleValue, intervalUnit, timezone } = monitor;
    const unit = intervalUnit as MonitorSchedule['unit'];
    return { type: scheduleType, value: scheduleValue, unit, timezone, text: scheduleText(monitor) };
  }

  @FieldResolver(() => MonitorStatus, { description: 'That of its worst environment.' })
  async status(@Root() monitor: MonitorRow, @Ctx() context: AccessContext): Promise<MonitorStatus> {
    return monitorStatus(monitor, await this.#environments(context).load(monitor.id), this.#reading.now);
  }

  @FieldResolver(() => [MonitorEnvironment])
  async environments(@Root() monitor: MonitorRow, @Ctx() context: AccessContext): Promise<MonitorEnvironment[]> {
    const rows = await this.#environments(context).load(monitor.id);
    return rows.map((row) => ({ ...row, status: environmentStatus(monitor, row, this.#reading.now) }));
  }

  @FieldResolver(() => [MonitorRun], { description: 'The latest runs, oldest first.' })
  async latestRuns(
    @Root() monitor: MonitorRow,
    @Ctx() context: AccessContext,
    @Arg('first', () => Int, { nullable: true, defaultValue: 30 }) first?: number | null,
  ): Promise<RunRow[]> {
    const size = pageSize(first, 30, 100);
    const load = () =>
      new Batch<number, RunRow[]>(
        (ids) => this.#reading.latestRuns(ids, size),
        () => [],
      );
    return batchOf(context.loaders, `errors.monitorRuns.${size}`, load).load(monitor.id);
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Share of good runs within the last seven days.' })
  async successRate(@Root() monitor: MonitorRow, @Ctx() context: AccessContext): Promise<number | null> {
    const load = () =>
      new Batch(
        (ids: number[]) => this.#reading.countsOf(ids),
        () => ({ ok: 0, failed: 0 }),
      );
    const { ok, failed } = await batchOf(context.loaders, 'errors.monitorCounts', load).load(monitor.id);
    return ok + failed === 0 ? null : ok / (ok + failed);
  }

  @FieldResolver(() => MonitorRunConnection, { description: 'Runs, newest first; kept for 30 days.' })
  runs(
    @Root() monitor: MonitorRow,
    @Arg('environment', () => String, { nullable: true }) environment?: string | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ) {
    return this.#reading.runs(monitor.id, { environment, first, after });
  }

  @FieldResolver(() => [MonitorIncident], { description: 'Rows of failed runs, newest first.' })
  incidents(
    @Root() monitor: MonitorRow,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first?: number | null,
  ): Promise<MonitorIncident[]> {
    return this.#reading.incidents(monitor.id, first ?? 10);
  }

  #environments({ loaders }: AccessContext): Batch<number, EnvironmentRow[]> {
    const load = () =>
      new Batch<number, EnvironmentRow[]>(
        (ids) => this.#reading.environmentsOf(ids),
        () => [],
      );
    return batchOf(loaders, 'errors.monitorEnvironments', load);
  }
}

/** The live stream of monitors; a deleted one is null. */
@Resolver(() => MonitorChanged)
export class MonitorChangedResolver {
  readonly #live: LiveMonitors;
  readonly #reading: MonitorReadService;

  constructor(deps: Deps) {
    this.#live = deps.live;
    this.#reading = deps.reading;
  }

  @Subscription(() => MonitorChanged, {
    description: 'A monitor, or how its runs stand, has changed.',
    subscribe: fromResolver(
      () => MonitorChangedResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  monitorChanged(
    @Root() change: SequencedMonitorChange,
    @Arg('projectIds', () => [ID], { nullable: true }) _projectIds?: string[] | null,
  ): MonitorChanged {
    return change;
  }

  /** What `monitorChanged` listens to. */
  source({ actor }: AccessContext, args: { projectIds?: string[] | null }): LiveSource<SequencedMonitorChange> {
    return this.#live.changed(actor, args.projectIds);
  }

  @FieldResolver(() => Monitor, { nullable: true })
  async monitor(@Root() change: MonitorChanged, @Ctx() { loaders }: AccessContext): Promise<MonitorRow | null> {
    if (change.kind === 'DELETED') return null;
    const load = () =>
      new Batch<number, MonitorRow | null>(
        (ids) => this.#reading.byIds(ids),
        () => null,
      );
    return batchOf(loaders, 'errors.monitors', load).load(change.monitorId);
  }
}

/** Union members are told apart by their class. */
function asMember<T extends object>(answer: MonitorRow | T): Monitor | T {
  return 'scheduleType' in answer ? new Monitor(answer as MonitorRow) : (answer as T);
}
