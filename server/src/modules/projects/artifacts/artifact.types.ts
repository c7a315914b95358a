import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { FileType } from './artifact.entity.ts';

/** Kinds of uploaded files as GraphQL wants an enum. */
export const ArtifactFileTypeEnum = {
  MINIFIED_SOURCE: 'minified_source',
  SOURCE_MAP: 'source_map',
  SOURCE: 'source',
} as const satisfies Record<string, FileType>;
registerEnumType(ArtifactFileTypeEnum, { name: 'ArtifactFileType' });

/** A file of an upload; values are the service's rows. */
@ObjectType('ArtifactFile')
export class ArtifactFileType {
  @Field(() => ID)
  id!: number;

  @Field(() => ArtifactFileTypeEnum)
  type!: FileType;

  @Field(() => String, { description: 'Where it is served from: `~/static/app.js`.' })
  url!: string;

  @Field(() => String, { nullable: true })
  debugId!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a script: where its source map is.' })
  mapUrl!: string | null;

  @Field(() => Float)
  sizeBytes!: number;

  @Field(() => String, { nullable: true, description: 'What is wrong with it, in a sentence.' })
  problem!: string | null;
}

/** One upload of source maps. `files` are in artifact.resolver.ts. */
@ObjectType('ArtifactBundle')
export class ArtifactBundleType {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { nullable: true })
  release!: string | null;

  @Field(() => String, { nullable: true })
  dist!: string | null;

  @Field(() => Int)
  fileCount!: number;

  @Field(() => Int)
  mapCount!: number;

  @Field(() => Float, { description: 'Of its maps, as they are.' })
  sizeBytes!: number;

  @Field(() => Float, { description: 'Of its maps, as they lie on disk.' })
  storedBytes!: number;

  @Field(() => Date)
  uploadedAt!: number;

  @Field(() => String)
  uploadedBy!: string;

  @Field(() => Date, { nullable: true, description: 'When a map of it was last applied to an event that came in.' })
  lastUsedAt!: number | null;

  @Field(() => Boolean, { description: 'Earlier events are still being gone through.' })
  applying!: boolean;

  @Field(() => [String])
  problems!: string[];
}

/** What a project's source maps take up, and how long they are kept. */
@ObjectType('ArtifactUsage')
export class ArtifactUsageType {
  @Field(() => Int)
  bundles!: number;

  @Field(() => Int)
  maps!: number;

  @Field(() => Float)
  storedBytes!: number;

  @Field(() => Float)
  quotaBytes!: number;

  @Field(() => Int)
  retentionDays!: number;
}

/** A version was put into an environment. */
@ObjectType('ReleaseDeploy')
export class ReleaseDeployType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  environment!: string;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  url!: string | null;

  @Field(() => Date)
  finishedAt!: number;
}

/** A commit that went into a version. */
@ObjectType('ReleaseCommit')
export class ReleaseCommitType {
  @Field(() => String)
  commit!: string;

  @Field(() => String, { nullable: true })
  repository!: string | null;

  @Field(() => String, { nullable: true })
  message!: string | null;

  @Field(() => String, { nullable: true })
  authorName!: string | null;

  @Field(() => Date, { nullable: true })
  committedAt!: number | null;
}
