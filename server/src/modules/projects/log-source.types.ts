import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { resultUnion } from '../access/result-union.ts';
import type { LogPolling, LogStart, LogWatcher } from './log-source.entity.ts';

export const LogStartEnum = { BEGINNING: 'BEGINNING', END: 'END', LAST_LINES: 'LAST_LINES' } as const satisfies {
  [S in LogStart]: S;
};
registerEnumType(LogStartEnum, {
  name: 'LogStart',
  description: 'Where reading begins in files that are there when a source is first watched; later files are read whole.',
});

export const LogPollingEnum = { AUTO: 'AUTO', ALWAYS: 'ALWAYS' } as const satisfies { [P in LogPolling]: P };
registerEnumType(LogPollingEnum, {
  name: 'LogPolling',
  description: 'AUTO: the file system tells of changes, and a poll backs it. ALWAYS: polls only, for network file systems.',
});

export const LogWatcherEnum = { SERVER: 'SERVER', AGENT: 'AGENT' } as const satisfies { [W in LogWatcher]: W };
registerEnumType(LogWatcherEnum, {
  name: 'LogWatcher',
  description: 'Who reads the files: this server, or `errata tail --source` on another machine.',
});

/** A tag that a source puts on its events. */
@ObjectType()
@InputType('LogSourceTagInput')
export class LogSourceTag {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

/** Log files in which errors are looked for; resolvers return the entity. `status` is in the detection room. */
@ObjectType('LogSource')
export class LogSourceType {
  @Field(() => ID)
  id!: number;

  @Field(() => ID)
  projectId!: number;

  @Field(() => String)
  name!: string;

  @Field(() => [String], { description: 'Absolute paths with *, ?, […], {…,…} and **.' })
  globs!: string[];

  @Field(() => [String])
  exclusions!: string[];

  @Field(() => LogStartEnum)
  startAt!: LogStart;

  @Field(() => Int)
  startLines!: number;

  @Field(() => String)
  encoding!: string;

  @Field(() => String, {
    description:
      'What stands around each line: auto (recognised line by line), none, docker (json-file), cri (Kubernetes), journal (journalctl -o json), syslog, prefix (compose, pm2, kubectl) or kernel.',
  })
  wrapper!: string;

  @Field(() => String, { nullable: true, description: 'For times that do not say theirs; null: UTC.' })
  timeZone!: string | null;

  @Field(() => Boolean)
  patternsEnabled!: boolean;

  @Field(() => String, { description: 'info, warning, error or fatal: the least level of single lines that become events.' })
  minLevel!: string;

  @Field(() => Boolean, { description: 'Whether single lines become events, or only stack traces and pattern hits.' })
  errorLines!: boolean;

  @Field(() => String, { nullable: true })
  environment!: string | null;

  @Field(() => String, { nullable: true })
  release!: string | null;

  @Field(() => LogPollingEnum)
  polling!: LogPolling;

  @Field(() => Int)
  pollIntervalMs!: number;

  @Field(() => Int, { description: 'After so long without a new line an open event is finished.' })
  flushAfterMs!: number;

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => LogWatcherEnum)
  watcher!: LogWatcher;

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Int, { description: 'Counts the changes.' })
  revision!: number;
}

/** NotFound covers sources and projects that the actor does not see. */
export const LogSourceResult = resultUnion('LogSourceResult', LogSourceType, [ValidationRefusal, NotFoundRefusal]);

/** Settings of a source. Absent: the default when made, left alone when changed. A null environment or release forgets it. */
@InputType()
export class LogSourceInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => [String], { nullable: true })
  globs?: string[] | null;

  @Field(() => [String], { nullable: true })
  exclusions?: string[] | null;

  @Field(() => LogStartEnum, { nullable: true })
  startAt?: LogStart | null;

  @Field(() => Int, { nullable: true })
  startLines?: number | null;

  @Field(() => String, { nullable: true })
  encoding?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'auto, none, docker, cri, journal, syslog, prefix or kernel; see LogSource.wrapper.',
  })
  wrapper?: string | null;

  @Field(() => String, { nullable: true })
  timeZone?: string | null;

  @Field(() => Boolean, { nullable: true })
  patternsEnabled?: boolean | null;

  @Field(() => String, { nullable: true })
  minLevel?: string | null;

  @Field(() => Boolean, { nullable: true })
  errorLines?: boolean | null;

  @Field(() => String, { nullable: true })
  environment?: string | null;

  @Field(() => String, { nullable: true })
  release?: string | null;

  @Field(() => [LogSourceTag], { nullable: true })
  tags?: LogSourceTag[] | null;

  @Field(() => LogPollingEnum, { nullable: true })
  polling?: LogPolling | null;

  @Field(() => Int, { nullable: true })
  pollIntervalMs?: number | null;

  @Field(() => Int, { nullable: true })
  flushAfterMs?: number | null;

  @Field(() => LogWatcherEnum, { nullable: true })
  watcher?: LogWatcher | null;
}
