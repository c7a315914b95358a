import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import { batched } from '../access/batched.ts';
import { PATTERN_LIBRARY } from '../analysis/patterns/library/library.ts';
import type { Pattern } from './pattern.entity.ts';
import type { PatternService } from './pattern.service.ts';
import {
  LibraryPatternType,
  PatternContent,
  PatternImport,
  PatternImportModeEnum,
  PatternImportResult,
  PatternInput,
  PatternList,
  PatternListResult,
  PatternResult,
  PatternType,
} from './pattern.types.ts';
import { contentOf, draftOf } from './pattern-content.ts';
import { definitionOf } from './pattern-definition.ts';
import type { PatternDirectory } from './pattern-directory.ts';
import type { Project } from './project.entity.ts';
import { ProjectType } from './project.types.ts';

/** Patterns: changing them, and the library. */
@Resolver(() => PatternType)
export class PatternResolver {
  readonly #patterns: PatternService;
  /** What each captures is worked out once. */
  #library: LibraryPatternType[] | undefined;

  constructor(deps: { patterns: PatternService }) {
    this.#patterns = deps.patterns;
  }

  @Query(() => [LibraryPatternType], { description: 'Ready-made patterns, to be copied into a project.' })
  patternLibrary(): LibraryPatternType[] {
    this.#library ??= PATTERN_LIBRARY.map(({ key, group, definition }) => ({ key, group, content: contentOf(definition) }));
    return this.#library;
  }

  @Mutation(() => PatternResult, { description: 'Last in order, or at a position from 0.' })
  createPattern(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('input', () => PatternInput) input: PatternInput,
    @Arg('position', () => Int, { nullable: true }) position: number | null | undefined,
    @Ctx() { actor }: AccessContext,
  ) {
    return this.#patterns.create(actor, projectId, draftOf(input), position ?? null);
  }

  @Mutation(() => PatternResult, {
    description: 'The whole pattern anew. With `basedOn` only when its `updatedAt` is still that.',
  })
  updatePattern(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => PatternInput) input: PatternInput,
    @Arg('basedOn', () => Date, { nullable: true }) basedOn: Date | null | undefined,
    @Ctx() { actor }: AccessContext,
  ) {
    return this.#patterns.update(actor, id, draftOf(input), basedOn == null ? null : basedOn.getTime());
  }

  @Mutation(() => PatternResult)
  setPatternEnabled(
    @Arg('id', () => ID) id: string,
    @Arg('enabled', () => Boolean) enabled: boolean,
    @Ctx() { actor }: AccessContext,
  ) {
    return this.#patterns.setEnabled(actor, id, enabled);
  }

  @Mutation(() => PatternResult, { description: 'Answers what it was: createPattern with that takes it back.' })
  deletePattern(@Arg('id', () => ID) id: string, @Ctx() { actor }: AccessContext) {
    return this.#patterns.delete(actor, id);
  }

  @Mutation(() => PatternListResult, { description: 'All ids of the project, in the order they are to be asked.' })
  async reorderPatterns(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('ids', () => [ID]) ids: string[],
    @Ctx() { actor }: AccessContext,
  ) {
    return listed(await this.#patterns.reorder(actor, projectId, ids));
  }

  @Mutation(() => PatternListResult, { description: 'Answers the copies. Those that ignore lines come first in order.' })
  async copyPatterns(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('keys', () => [ID]) keys: string[],
    @Ctx() { actor }: AccessContext,
  ) {
    return listed(await this.#patterns.copyFromLibrary(actor, projectId, keys));
  }

  @Mutation(() => PatternImportResult, { description: 'All or nothing; with `dryRun` only says what it would do.' })
  async importPatterns(
    @Arg('projectId', () => ID) projectId: string,
    @Arg('yaml', () => String) yaml: string,
    @Arg('mode', () => PatternImportModeEnum) mode: keyof typeof PatternImportModeEnum,
    @Arg('dryRun', () => Boolean, { nullable: true, defaultValue: false }) dryRun: boolean | null,
    @Ctx() { actor }: AccessContext,
  ) {
    const result = await this.#patterns.import(actor, projectId, yaml, mode, dryRun === true);
    return 'changes' in result
      ? new PatternImport(dryRun !== true, { ...result, changes: result.changes.map((one) => ({ ...one })) })
      : result;
  }

  @FieldResolver(() => PatternContent)
  content(@Root() pattern: Pattern): PatternContent {
    return contentOf(definitionOf(pattern));
  }
}

/** The patterns of a project. */
@Resolver(() => ProjectType)
export class ProjectPatternsResolver {
  readonly #patterns: PatternService;
  readonly #directory: PatternDirectory;

  constructor(deps: { patterns: PatternService; directory: PatternDirectory }) {
    this.#patterns = deps.patterns;
    this.#directory = deps.directory;
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => [PatternType], { description: 'In the order they are asked.' })
  patterns(@Root() project: Project, @Ctx() { actor, loaders }: AccessContext) {
    actor.demand('projects:read');
    return batched(loaders, 'projects.patterns', (ids: readonly number[]) => this.#patterns.patternsOf(ids)).load(project.id);
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => String, {
    description: 'A word that changes with the patterns: watchers elsewhere ask for them anew when it does.',
  })
  patternsVersion(@Root() project: Project, @Ctx() { actor }: AccessContext) {
    actor.demand('projects:read');
    return this.#directory.versionOf(project.id);
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => String, { description: 'The patterns as YAML, as importPatterns takes them.' })
  patternsYaml(@Root() project: Project, @Ctx() { actor }: AccessContext) {
    actor.demand('projects:read');
    return this.#patterns.toYaml(project.id);
  }
}

const listed = <T extends object>(result: Pattern[] | T) => (Array.isArray(result) ? new PatternList(result) : result);
