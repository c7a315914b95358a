import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Clock } from '../../platform/clock.ts';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { AccessContext } from '../access/access-context.ts';
import type { AssigneeService } from './assignee.service.ts';
import type { BulkOutcome, BulkService } from './bulk.service.ts';
import { BulkChange, BulkResult, UndoResult } from './change.types.ts';
import { archival, type Change, deletion, reopening, resolution } from './change-kinds.ts';
import type { ErrorReadService } from './read.service.ts';
import { ErrorSelection } from './search.types.ts';
import type { UndoService } from './undo.service.ts';

/** Changed errors that an answer carries along; the rest is known by its count. */
const SHOWN = 200;

/** Bulk changes of errors, and taking them back. */
@Resolver()
export class ErrorChangesResolver {
  readonly #bulk: BulkService;
  readonly #undo: UndoService;
  readonly #assignees: AssigneeService;
  readonly #read: ErrorReadService;
  readonly #clock: Clock;

  constructor(deps: { bulk: BulkService; undo: UndoService; assignees: AssigneeService; read: ErrorReadService; clock: Clock }) {
    this.#bulk = deps.bulk;
    this.#undo = deps.undo;
    this.#assignees = deps.assignees;
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  @Mutation(() => BulkResult)
  resolveErrors(
    @Ctx() context: AccessContext,
    @Arg('selection', () => ErrorSelection) selection: ErrorSelection,
    @Arg('inRelease', () => String, { nullable: true }) inRelease?: string | null,
  ): Promise<BulkResult> | BulkResult {
    const release = inRelease?.trim() || null;
    if (release !== null && release.length > 200)
      return new ValidationRefusal('TOO_LONG', 'At most 200 characters.', 'inRelease');
    return this.#apply(context, selection, resolution(this.#clock.now(), context.actor.userId, release));
  }

  @Mutation(() => BulkResult)
  unresolveErrors(
    @Ctx() context: AccessContext,
    @Arg('selection', () => ErrorSelection) selection: ErrorSelection,
  ): Promise<BulkResult> {
    return this.#apply(context, selection, reopening());
  }

  @Mutation(() => BulkResult)
  archiveErrors(
    @Ctx() context: AccessContext,
    @Arg('selection', () => ErrorSelection) selection: ErrorSelection,
    @Arg('until', () => Date, { nullable: true }) until?: Date | null,
  ): Promise<BulkResult> | BulkResult {
    if (until && until.getTime() <= this.#clock.now())
      return new ValidationRefusal('PAST', 'This must be in the future.', 'until');
    return this.#apply(context, selection, archival(until?.getTime() ?? null));
  }

  @Mutation(() => BulkResult)
  async assignErrors(
    @Ctx() context: AccessContext,
    @Arg('selection', () => ErrorSelection) selection: ErrorSelection,
    @Arg('assigneeId', () => ID, { nullable: true }) assigneeId?: string | null,
  ): Promise<BulkResult> {
    const outcome = await this.#assignees.assign(context.actor, selection, assigneeId ?? null);
    return this.#changed(outcome);
  }

  @Mutation(() => BulkResult, { description: 'Hidden at once, gone for good after the undo time.' })
  deleteErrors(
    @Ctx() context: AccessContext,
    @Arg('selection', () => ErrorSelection) selection: ErrorSelection,
  ): Promise<BulkResult> {
    return this.#apply(context, selection, deletion(this.#clock.now()));
  }

  @Mutation(() => UndoResult)
  async undoErrorChange(@Ctx() { actor }: AccessContext, @Arg('undoToken', () => String) undoToken: string): Promise<UndoResult> {
    const undone = await this.#undo.undo(actor, undoToken);
    if (!Array.isArray(undone)) return undone;
    return this.#changed({ ids: undone, undoToken: null }) as Promise<BulkChange>;
  }

  async #apply({ actor }: AccessContext, selection: ErrorSelection, change: Change): Promise<BulkResult> {
    return this.#changed(await this.#bulk.apply(actor, selection, change));
  }

  async #changed(outcome: BulkOutcome | ValidationRefusal): Promise<BulkResult> {
    if (outcome instanceof ValidationRefusal) return outcome;
    const shown = outcome.ids.slice(0, SHOWN);
    const rows = await this.#read.byIds(shown);
    return new BulkChange(
      outcome.ids.length,
      outcome.undoToken,
      shown.flatMap((id) => rows.get(id) ?? []),
    );
  }
}
