import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { resultUnion } from '../access/result-union.ts';
import { InboundSettingsInput, InboundSettingsType } from './inbound-settings.types.ts';
import type { Project, ProjectSettings } from './project.entity.ts';

/** Statuses of a project as GraphQL wants an enum. */
export const ProjectStatusEnum = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED' } as const satisfies {
  [S in Project['status']]: S;
};
registerEnumType(ProjectStatusEnum, { name: 'ProjectStatus' });

/** What a project decides for itself about its events. */
@ObjectType('ProjectSettings')
export class ProjectSettingsType implements ProjectSettings {
  @Field(() => Boolean)
  scrubIpAddresses!: boolean;

  @Field(() => Boolean)
  scrubEmails!: boolean;

  @Field(() => Boolean)
  scrubDefaults!: boolean;

  @Field(() => [String])
  sensitiveFields!: string[];

  @Field(() => [String])
  safeFields!: string[];

  @Field(() => Int, { nullable: true })
  eventsPerMinute!: number | null;

  @Field(() => [String])
  inAppInclude!: string[];

  @Field(() => [String])
  inAppExclude!: string[];

  @Field(() => Int, { description: 'Most one attached file may have, MB; 0: none are kept.' })
  attachmentMaxMegabytes!: number;

  @Field(() => Int, { description: 'All attached files together, MB; beyond, the oldest go first.' })
  attachmentQuotaMegabytes!: number;

  @Field(() => Int, { description: 'Days that events, feedback and session counts are kept; 0: until their error is deleted.' })
  retentionDays!: number;

  @Field(() => InboundSettingsType, { description: 'What is let in: filters, quotas, spike protection, sampling.' })
  inbound!: InboundSettingsType;
}

/**
 * A project; resolvers return the entity. Fields that need a look-up are in project-fields.resolver.ts, counts and trend
 * in the errors room, outcomes in the detection room.
 */
@ObjectType('Project')
export class ProjectType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  slug!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  platform!: string | null;

  @Field(() => ProjectStatusEnum)
  status!: Project['status'];

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date, { nullable: true, description: 'Time of the first event ever kept, null while waiting for it.' })
  firstEventAt!: number | null;
}

/** A version of a project's program. Its health and errors are told by the errors room. */
@ObjectType('Release')
export class ReleaseType {
  @Field(() => ID)
  projectId!: number;

  @Field(() => String)
  version!: string;

  @Field(() => Date)
  firstSeen!: number;

  @Field(() => Date)
  lastSeen!: number;

  @Field(() => Int)
  eventCount!: number;
}

/** Conflict: the slug is taken. */
export const CreateProjectResult = resultUnion('CreateProjectResult', ProjectType, [ValidationRefusal, ConflictRefusal]);

/** Conflict: the slug is taken. */
export const UpdateProjectResult = resultUnion('UpdateProjectResult', ProjectType, [
  ValidationRefusal,
  NotFoundRefusal,
  ConflictRefusal,
]);

/** Without a slug one is made of the name. */
@InputType()
export class CreateProjectInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  slug?: string | null;

  @Field(() => String, { nullable: true })
  platform?: string | null;
}

/** Absent: left alone; lists are replaced whole; a null limit takes it off. */
@InputType()
export class ProjectSettingsInput {
  @Field(() => Boolean, { nullable: true })
  scrubIpAddresses?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  scrubEmails?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  scrubDefaults?: boolean | null;

  @Field(() => [String], { nullable: true })
  sensitiveFields?: string[] | null;

  @Field(() => [String], { nullable: true })
  safeFields?: string[] | null;

  @Field(() => Int, { nullable: true })
  eventsPerMinute?: number | null;

  @Field(() => [String], { nullable: true })
  inAppInclude?: string[] | null;

  @Field(() => [String], { nullable: true })
  inAppExclude?: string[] | null;

  @Field(() => Int, { nullable: true })
  attachmentMaxMegabytes?: number | null;

  @Field(() => Int, { nullable: true })
  attachmentQuotaMegabytes?: number | null;

  @Field(() => Int, { nullable: true })
  retentionDays?: number | null;

  @Field(() => InboundSettingsInput, { nullable: true })
  inbound?: InboundSettingsInput | null;
}

/** Absent: left alone; a null platform forgets it. */
@InputType()
export class UpdateProjectInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  slug?: string | null;

  @Field(() => String, { nullable: true })
  platform?: string | null;

  @Field(() => ProjectSettingsInput, { nullable: true })
  settings?: ProjectSettingsInput | null;
}
