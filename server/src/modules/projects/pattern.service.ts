import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Clock } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { cleanLine, parseId } from '../access/input.ts';
import { checkPattern } from '../analysis/patterns/check.ts';
import { PATTERN_LIMITS, type PatternDefinition } from '../analysis/patterns/definition.ts';
import { libraryPattern } from '../analysis/patterns/library/library.ts';
import { printPatternsYaml, readPatternsYaml } from '../analysis/patterns/pattern-yaml.ts';
import { Pattern } from './pattern.entity.ts';
import { bodyOf, definitionOf } from './pattern-definition.ts';
import type { PatternDirectory } from './pattern-directory.ts';
import { type ImportMode, type ImportPlan, planImport } from './pattern-import.ts';
import { PatternRefusal, YamlRefusal } from './pattern-refusal.ts';
import { Project } from './project.entity.ts';

type Em = Orm['em'];
/** A definition to be stored; its `id` is not looked at. */
export type PatternDraft = Omit<PatternDefinition, 'id'>;

/** The named definitions by which a project's log lines are told apart. */
export class PatternService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #directory: PatternDirectory;

  constructor(deps: { orm: Orm; clock: Clock; directory: PatternDirectory }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#directory = deps.directory;
  }

  /** The patterns of each project in their order. Decides nothing about who may see them. */
  async patternsOf(projectIds: readonly number[]): Promise<Pattern[][]> {
    const all = await this.#orm.em.fork().find(Pattern, { projectId: { $in: [...projectIds] } }, { orderBy: ORDER });
    return projectIds.map((id) => all.filter((pattern) => Number(pattern.projectId) === id));
  }

  /** Makes a pattern, last in order or at a position. @throws Failure FORBIDDEN without projects:write */
  async create(actor: Actor, projectId: string, draft: PatternDraft, position?: number | null) {
    return this.#inProject(actor, projectId, async (em, project) => {
      const definition = acceptable(draft);
      if (definition instanceof PatternRefusal) return definition;
      const present = await this.#present(em, project);
      if (present.length >= PATTERN_LIMITS.patterns) return tooMany();
      const pattern = this.#make(em, project, definition);
      const at = Math.min(Math.max(position ?? present.length, 0), present.length);
      this.#order([...present.slice(0, at), pattern, ...present.slice(at)]);
      await em.persist(pattern).flush();
      return pattern;
    });
  }

  /**
   * Puts a definition in the place of a pattern's. With `basedOn` (its `updatedAt`, ms) only when nobody changed it since.
   * @throws Failure FORBIDDEN without projects:write
   */
  async update(actor: Actor, id: string, draft: PatternDraft, basedOn?: number | null) {
    return this.#withPattern(actor, id, async (em, pattern) => {
      if (basedOn != null && basedOn !== Number(pattern.updatedAt)) return changedSince();
      const definition = acceptable(draft);
      if (definition instanceof PatternRefusal) return definition;
      this.#assign(pattern, definition);
      await em.flush();
      return pattern;
    });
  }

  /** Switches a pattern on or off. @throws Failure FORBIDDEN without projects:write */
  async setEnabled(actor: Actor, id: string, enabled: boolean) {
    return this.#withPattern(actor, id, async (em, pattern) => {
      pattern.enabled = enabled;
      pattern.updatedAt = this.#later(pattern);
      await em.flush();
      return pattern;
    });
  }

  /** Deletes a pattern and answers what it was, so that it can be made again. @throws Failure FORBIDDEN without projects:write */
  async delete(actor: Actor, id: string) {
    return this.#withPattern(actor, id, async (em, pattern) => {
      const rest = (await this.#present(em, Number(pattern.projectId))).filter((one) => one.id !== pattern.id);
      em.remove(pattern);
      this.#order(rest);
      await em.flush();
      return pattern;
    });
  }

  /** Puts a project's patterns into an order, which has to name each of them once. @throws Failure FORBIDDEN without projects:write */
  async reorder(actor: Actor, projectId: string, ids: readonly string[]) {
    return this.#inProject(actor, projectId, async (em, project) => {
      const present = await this.#present(em, project);
      const byId = new Map(present.map((pattern) => [String(pattern.id), pattern]));
      const ordered = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
      if (ordered.length !== present.length || ids.length !== present.length) return changedSince();
      this.#order(ordered);
      await em.flush();
      return ordered;
    });
  }

  /** Copies ready-made patterns into a project; a name that is taken gets a number. @throws Failure FORBIDDEN without projects:write */
  async copyFromLibrary(actor: Actor, projectId: string, keys: readonly string[]) {
    return this.#inProject(actor, projectId, async (em, project) => {
      const wanted = [...new Set(keys)];
      const found = wanted.flatMap((key) => libraryPattern(key) ?? []);
      if (found.length !== wanted.length || wanted.length === 0)
        return new ValidationRefusal('UNKNOWN_PATTERN', 'The library has no pattern of that name.', 'keys');
      const present = await this.#present(em, project);
      if (present.length + found.length > PATTERN_LIMITS.patterns) return tooMany();
      const names = new Set(present.map(({ name }) => name));
      const made = found.map(({ definition }) => {
        const name = freeName(definition.name, names);
        names.add(name);
        return this.#make(em, project, { ...definition, name });
      });
      // What is to be ignored has to be asked before what would take it for an error.
      const first = made.filter(({ body }) => body.level === 'ignore');
      this.#order([...first, ...present, ...made.filter((pattern) => !first.includes(pattern))]);
      await em.persist(made).flush();
      return made;
    });
  }

  /** A project's patterns as YAML. Decides nothing about who may see them. */
  async toYaml(projectId: number): Promise<string> {
    return printPatternsYaml(((await this.patternsOf([projectId]))[0] ?? []).map(definitionOf));
  }

  /** Takes over a set of patterns from YAML, all or nothing; a dry run only says what it would do. @throws Failure FORBIDDEN without projects:write */
  async import(actor: Actor, projectId: string, yaml: string, mode: ImportMode, dryRun: boolean) {
    return this.#inProject(actor, projectId, async (em, project): Promise<ImportPlan | YamlRefusal | ValidationRefusal> => {
      const { definitions, faults } = readPatternsYaml(yaml);
      if (faults.length > 0) return new YamlRefusal(faults);
      const present = await this.#present(em, project);
      const plan = planImport(present.map(definitionOf), definitions, mode);
      if (plan.result.length > PATTERN_LIMITS.patterns) return tooMany();
      if (dryRun) return plan;
      const byId = new Map(present.map((pattern) => [String(pattern.id), pattern]));
      const changed = new Set(plan.changes.filter(({ action }) => action === 'CHANGE').map(({ name }) => name));
      const kept = plan.result.map((definition) => {
        const pattern = byId.get(definition.id);
        if (pattern === undefined) return this.#make(em, project, definition);
        if (changed.has(definition.name)) this.#assign(pattern, definition);
        return pattern;
      });
      for (const pattern of present) if (!kept.includes(pattern)) em.remove(pattern);
      this.#order(kept);
      await em.persist(kept).flush();
      return plan;
    });
  }

  /** Runs `work` in a transaction for a project the actor may write to; then every watcher on this node knows. */
  async #inProject<T>(actor: Actor, id: string, work: (em: Em, projectId: number) => Promise<T>) {
    actor.demand('projects:write');
    const projectId = parseId(id);
    if (projectId === null || !actor.can('projects:write', projectId)) return noSuchProject();
    return this.#saved(async (em) => ((await em.findOne(Project, { id: projectId })) ? work(em, projectId) : noSuchProject()));
  }

  async #withPattern<T>(actor: Actor, id: string, work: (em: Em, pattern: Pattern) => Promise<T>) {
    actor.demand('projects:write');
    const patternId = parseId(id);
    return this.#saved(async (em) => {
      const pattern = patternId === null ? null : await em.findOne(Pattern, { id: patternId });
      return pattern && actor.can('projects:write', Number(pattern.projectId)) ? work(em, pattern) : noSuchPattern();
    });
  }

  async #saved<T>(work: (em: Em) => Promise<T>): Promise<T | ConflictRefusal> {
    try {
      const result = await this.#orm.em.fork().transactional(work);
      await this.#directory.refresh();
      return result;
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException)
        return new ConflictRefusal('NAME_TAKEN', 'The project has a pattern of that name.');
      throw error;
    }
  }

  #present(em: Em, projectId: number): Promise<Pattern[]> {
    return em.find(Pattern, { projectId }, { orderBy: ORDER });
  }

  #make(em: Em, projectId: number, definition: PatternDefinition): Pattern {
    const now = this.#clock.now();
    const { name, enabled } = definition;
    return em.create(Pattern, {
      projectId,
      name,
      enabled,
      position: 0,
      body: bodyOf(definition),
      createdAt: now,
      updatedAt: now,
    });
  }

  #assign(pattern: Pattern, definition: PatternDefinition): void {
    pattern.name = definition.name;
    pattern.enabled = definition.enabled;
    pattern.body = bodyOf(definition);
    pattern.updatedAt = this.#later(pattern);
  }

  /** Positions from 0; one that moves counts as changed, so that other nodes see it. */
  #order(patterns: readonly Pattern[]): void {
    patterns.forEach((pattern, position) => {
      if (pattern.position === position) return;
      pattern.position = position;
      pattern.updatedAt = this.#later(pattern);
    });
  }

  #later(pattern: Pattern): number {
    return Math.max(this.#clock.now(), Number(pattern.updatedAt) + 1);
  }
}

const ORDER = { position: 'asc', id: 'asc' } as const;
const noSuchProject = () => new NotFoundRefusal('There is no such project.');
const noSuchPattern = () => new NotFoundRefusal('There is no such pattern.');
const tooMany = () => new ValidationRefusal('TOO_MANY', `At most ${PATTERN_LIMITS.patterns} patterns a project.`);
const changedSince = () => new ConflictRefusal('CHANGED_SINCE', 'Somebody changed the patterns meanwhile: look at them again.');

/** The definition with a clean name, or everything that is wrong with it. */
function acceptable(draft: PatternDraft): PatternDefinition | PatternRefusal {
  const cleaned = cleanLine(draft.name, 'name', PATTERN_LIMITS.name);
  const name = cleaned instanceof ValidationRefusal ? '' : cleaned;
  const definition: PatternDefinition = { ...draft, id: '', name };
  const { faults } = checkPattern(definition);
  if (cleaned instanceof ValidationRefusal && cleaned.code === 'TOO_LONG')
    return new PatternRefusal([
      { field: 'name', code: 'TOO_LONG', message: cleaned.message },
      ...faults.filter(({ field }) => field !== 'name'),
    ]);
  return faults.length > 0 ? new PatternRefusal(faults) : definition;
}

/** `nginx`, `nginx 2`, `nginx 3`, … */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} ${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
