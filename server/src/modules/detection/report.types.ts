import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { JsonScalar } from '../../platform/graphql/scalars.ts';
import { resultUnion } from '../access/result-union.ts';
import type { Outcome } from './digest.task.ts';
import { IngestOutcomeKind } from './outcome.types.ts';

@InputType({ description: 'One call of a stack.' })
export class ReportFrameInput {
  @Field(() => String, { nullable: true })
  function?: string | null;

  @Field(() => String, { nullable: true, description: 'Class, package or module the function belongs to.' })
  module?: string | null;

  @Field(() => String, { nullable: true, description: 'File as it is known in the project, such as `src/cart.js`.' })
  filename?: string | null;

  @Field(() => String, { nullable: true })
  absPath?: string | null;

  @Field(() => Int, { nullable: true, description: 'From 1.' })
  line?: number | null;

  @Field(() => Int, { nullable: true })
  column?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Own code, as opposed to a library’s. Absent: found out by the file.' })
  inApp?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The source line.' })
  context?: string | null;

  @Field(() => [String], { nullable: true, description: 'Source lines before it; at most 10.' })
  pre?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Source lines after it; at most 10.' })
  post?: string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Local variables: an object.' })
  vars?: unknown;
}

@InputType({ description: 'Something that happened before the error.' })
export class ReportBreadcrumbInput {
  @Field(() => String, { nullable: true, description: 'ISO 8601, or seconds since 1970.' })
  timestamp?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `http`, `query`, `navigation`.' })
  category?: string | null;

  @Field(() => String, { nullable: true })
  type?: string | null;

  @Field(() => String, { nullable: true })
  level?: string | null;

  @Field(() => String, { nullable: true })
  message?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'An object.' })
  data?: unknown;
}

@InputType({ description: 'Whom it happened to. E-mail and address are scrubbed as the project says.' })
export class ReportUserInput {
  @Field(() => String, { nullable: true })
  id?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  ipAddress?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Anything else: an object.' })
  data?: unknown;
}

@InputType({ description: 'The HTTP request that was being answered.' })
export class ReportRequestInput {
  @Field(() => String, { nullable: true })
  url?: string | null;

  @Field(() => String, { nullable: true })
  method?: string | null;

  @Field(() => String, { nullable: true })
  queryString?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'An object of names and values, or a list of pairs.' })
  headers?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'The body.' })
  data?: unknown;
}

@InputType({
  description:
    'One error, told without an SDK. At least one of `type`, `message`, `stack` and `frames`. What is too long is cut, never refused.',
})
export class ErrorReportInput {
  @Field(() => String, { nullable: true, description: 'Class of the exception; without it and a stack the event is a message.' })
  type?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Up to 8,192 characters. Errors are grouped by it when there is no stack.',
  })
  message?: string | null;

  @Field(() => String, {
    nullable: true,
    description: '`fatal`, `error`, `warning`, `info` or `debug`, in any case. Default: `error`.',
  })
  level?: string | null;

  @Field(() => String, { nullable: true, description: 'When it happened: ISO 8601, or seconds since 1970. Default: now.' })
  timestamp?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Stack trace as the language prints it, causes included; type, message and platform are read from it where not given.',
  })
  stack?: string | null;

  @Field(() => [ReportFrameInput], {
    nullable: true,
    description: 'Instead of `stack`: the calls, the outermost first. At most 50 are kept.',
  })
  frames?: ReportFrameInput[] | null;

  @Field(() => Boolean, { nullable: true, description: 'False: nobody caught it.' })
  handled?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Language or platform, in Sentry’s words: node, python, java, …' })
  platform?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `production`.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `shop@1.4.2`.' })
  release?: string | null;

  @Field(() => String, { nullable: true, description: 'What was being done: a route, a job, a command.' })
  transaction?: string | null;

  @Field(() => String, { nullable: true })
  serverName?: string | null;

  @Field(() => String, { nullable: true })
  logger?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'An object of short texts, to search and filter by. At most 100.' })
  tags?: unknown;

  @Field(() => ReportUserInput, { nullable: true })
  user?: ReportUserInput | null;

  @Field(() => ReportRequestInput, { nullable: true })
  request?: ReportRequestInput | null;

  @Field(() => JsonScalar, { nullable: true, description: 'An object of objects: `{"order": {"id": 7}}`.' })
  contexts?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'An object of anything else.' })
  extra?: unknown;

  @Field(() => [String], {
    nullable: true,
    description: 'Groups by these words instead; `{{ default }}` stands for Errata’s own grouping.',
  })
  fingerprint?: string[] | null;

  @Field(() => [ReportBreadcrumbInput], { nullable: true, description: 'Oldest first. The last 100 are kept.' })
  breadcrumbs?: ReportBreadcrumbInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'UUID. With `timestamp` it makes a repeat known: what is sent twice is kept once. Default: a new one.',
  })
  eventId?: string | null;
}

@ObjectType({ description: 'What became of one report.' })
export class ErrorReportResult {
  @Field(() => Int, { description: 'Place in `input`, from 0.' })
  index!: number;

  @Field(() => ID, { nullable: true, description: '32 hex digits; null when it could not be read.' })
  eventId!: string | null;

  @Field(() => IngestOutcomeKind, { description: 'ACCEPTED: on disk. A repeat is found later, and counted as DUPLICATE then.' })
  outcome!: Outcome;

  @Field(() => String, {
    nullable: true,
    description: 'Why not: the reason that is counted, such as `timestamp` or `project_quota`.',
  })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'One English sentence.' })
  message!: string | null;

  @Field(() => String, { nullable: true, description: 'Path of the faulty input field, such as `input.3.timestamp`.' })
  field!: string | null;

  @Field(() => Int, { nullable: true, description: 'Send it again after so long; null: no use.' })
  retryAfterSeconds!: number | null;
}

@ObjectType({ description: 'What became of the reports: as many results, in the same order.' })
export class ReportedErrors {
  @Field(() => Int, { description: 'How many are kept.' })
  accepted!: number;

  @Field(() => [ErrorReportResult])
  results!: ErrorReportResult[];
}

/** Conflict: the project is archived. */
export const ReportErrorsResult = resultUnion('ReportErrorsResult', ReportedErrors, [
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);
