import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../../access/access-context.ts';
import type { LogSource } from '../../projects/log-source.entity.ts';
import { LogSourceInput, LogSourceType } from '../../projects/log-source.types.ts';
import type { LogSourceStatusService } from './log-source-status.service.ts';
import { type LogSourceStatus, MAX_FILES_SHOWN, summaryOf } from './tail-status.ts';
import {
  LogFileStatusType,
  LogSourceReportInput,
  LogSourceStatusType,
  LogSourceTestResult,
  ReportLogSourceResult,
} from './tail-status.types.ts';

/** What the detection room adds to a log source: how its reading goes, dry runs, and what agents report. */
@Resolver(() => LogSourceType)
export class LogSourceTailResolver {
  readonly #status: LogSourceStatusService;

  constructor(deps: { status: LogSourceStatusService }) {
    this.#status = deps.status;
  }

  @FieldResolver(() => LogSourceStatusType)
  status(@Root() source: LogSource) {
    return this.#status.of(source);
  }

  @Query(() => LogSourceTestResult, { description: 'What a source would do: files, sample lines, events. Nothing is kept.' })
  testLogSource(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('input', () => LogSourceInput) input: LogSourceInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#status.test(context.actor, projectId, input);
  }

  @Mutation(() => ReportLogSourceResult, { description: 'An agent tells of the source it watches and hears what to do.' })
  reportLogSource(@Arg('input', () => LogSourceReportInput) input: LogSourceReportInput, @Ctx() context: AccessContext) {
    return this.#status.report(context.actor, input);
  }
}

/** The parts of a status that are not simply there. */
@Resolver(() => LogSourceStatusType)
export class LogSourceStatusResolver {
  @FieldResolver(() => String)
  summary(@Root() status: LogSourceStatus): string {
    return summaryOf(status);
  }

  @FieldResolver(() => [LogFileStatusType], { description: 'Those that lag most or cannot be read first; at most 200.' })
  files(
    @Root() status: LogSourceStatus,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
  ): LogFileStatusType[] {
    return status.files.slice(0, Math.min(Math.max(first ?? 50, 0), MAX_FILES_SHOWN));
  }
}
