import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Done, DoneResult, NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { AccessContext } from '../../access/access-context.ts';
import { parseId } from '../../access/input.ts';
import type { Project } from '../project.entity.ts';
import type { ReleaseSummary } from '../project.service.ts';
import { ProjectType, ReleaseType } from '../project.types.ts';
import type { ArtifactService, BundleRow } from './artifact.service.ts';
import {
  ArtifactBundleType,
  ArtifactFileType,
  ArtifactUsageType,
  ReleaseCommitType,
  ReleaseDeployType,
} from './artifact.types.ts';
import type { ReleaseRecords } from './release.service.ts';

const shown = (row: BundleRow) => ({
  ...row,
  release: row.release === '' ? null : row.release,
  dist: row.dist === '' ? null : row.dist,
  applying: row.appliedAt === null,
});

/** Source maps of a project. */
@Resolver(() => ProjectType)
export class ProjectArtifactsResolver {
  readonly #artifacts: ArtifactService;

  constructor(deps: { artifacts: ArtifactService }) {
    this.#artifacts = deps.artifacts;
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => [ArtifactBundleType], {
    description: 'Uploads of source maps, newest first; `before` goes on behind one.',
  })
  async artifactBundles(
    @Root() project: Project,
    @Ctx() { actor }: AccessContext,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('before', () => ID, { nullable: true }) before?: string | null,
    @Arg('search', () => String, { nullable: true, description: 'Part of a release, a file, or a debug id.' }) search?:
      | string
      | null,
    @Arg('release', () => String, { nullable: true }) release?: string | null,
  ) {
    const asked = { first, before: before == null ? null : parseId(before), search: search ?? null, release: release ?? null };
    return (await this.#artifacts.list(actor, project.id, asked)).map(shown);
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => ArtifactBundleType, { nullable: true })
  async artifactBundle(@Root() project: Project, @Arg('id', () => ID) id: string, @Ctx() { actor }: AccessContext) {
    const number = parseId(id);
    if (number === null) return null;
    return (await this.#artifacts.list(actor, project.id, { id: number, first: 1 })).map(shown)[0] ?? null;
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => ArtifactUsageType)
  artifactUsage(@Root() project: Project, @Ctx() { actor }: AccessContext) {
    return this.#artifacts.usage(actor, project.id);
  }
}

/** Uploads, and their end. */
@Resolver(() => ArtifactBundleType)
export class ArtifactBundleResolver {
  readonly #artifacts: ArtifactService;

  constructor(deps: { artifacts: ArtifactService }) {
    this.#artifacts = deps.artifacts;
  }

  @FieldResolver(() => [ArtifactFileType])
  files(@Root() bundle: BundleRow, @Arg('first', () => Int, { defaultValue: 200 }) first: number) {
    return this.#artifacts.files(bundle.id, Math.max(1, first));
  }

  @Mutation(() => DoneResult, {
    description: 'Deletes uploads of source maps with their files. Events that were mapped stay so.',
  })
  async deleteArtifactBundles(@Arg('ids', () => [ID]) ids: string[], @Ctx() { actor }: AccessContext) {
    const deleted = await this.#artifacts.delete(actor, ids.slice(0, 500));
    return deleted instanceof NotFoundRefusal ? deleted : new Done();
  }
}

/** What release tools said about a version. */
@Resolver(() => ReleaseType)
export class ReleaseRecordsResolver {
  readonly #releases: ReleaseRecords;

  constructor(deps: { releases: ReleaseRecords }) {
    this.#releases = deps.releases;
  }

  @FieldResolver(() => [ReleaseDeployType])
  deploys(@Root() release: ReleaseSummary) {
    return this.#releases.deploys(release.projectId, release.version);
  }

  @FieldResolver(() => [ReleaseCommitType], { description: 'Newest first, at most 200.' })
  commits(@Root() release: ReleaseSummary) {
    return this.#releases.commits(release.projectId, release.version);
  }
}
