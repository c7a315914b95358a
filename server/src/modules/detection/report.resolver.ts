import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { ReportService } from './report.service.ts';
import { ErrorReportInput, ReportErrorsResult } from './report.types.ts';

/** Errors told through the API. */
@Resolver()
export class ReportResolver {
  readonly #reports: ReportService;

  constructor(reports: ReportService) {
    this.#reports = reports;
  }

  @Mutation(() => ReportErrorsResult, {
    description:
      'Reports up to 1,000 errors to a project, named by id or slug; each has its own result. Needs `events:write`: a token with that scope alone can do nothing else.',
  })
  reportErrors(
    @Arg('input', () => [ErrorReportInput]) input: ErrorReportInput[],
    @Ctx() context: AccessContext,
    @Arg('projectId', () => ID, { nullable: true }) projectId?: string | null,
    @Arg('slug', () => String, { nullable: true }) slug?: string | null,
  ): Promise<typeof ReportErrorsResult> {
    return this.#reports.report(context, { projectId, slug }, input);
  }
}
