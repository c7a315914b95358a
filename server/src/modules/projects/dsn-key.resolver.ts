import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { DsnKeyService } from './dsn-key.service.ts';
import { CreateDsnKeyInput, DsnKeyResult, DsnKeyType, UpdateDsnKeyInput } from './dsn-key.types.ts';
import type { DsnKey } from './project.entity.ts';

/** The keys by which SDKs send. */
@Resolver(() => DsnKeyType)
export class DsnKeyResolver {
  readonly #keys: DsnKeyService;

  constructor(deps: { keys: DsnKeyService }) {
    this.#keys = deps.keys;
  }

  @Mutation(() => DsnKeyResult)
  createDsnKey(@Arg('input', () => CreateDsnKeyInput) input: CreateDsnKeyInput, @Ctx() context: AccessContext) {
    return this.#keys.create(context.actor, input);
  }

  @Mutation(() => DsnKeyResult)
  updateDsnKey(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateDsnKeyInput) input: UpdateDsnKeyInput,
    @Ctx() context: AccessContext,
  ) {
    return this.#keys.update(context.actor, id, input);
  }

  @Mutation(() => DsnKeyResult, { description: 'A new key with the same label and limits; the old one is disabled.' })
  rotateDsnKey(@Arg('id', () => ID) id: string, @Ctx() context: AccessContext) {
    return this.#keys.rotate(context.actor, id);
  }

  @FieldResolver(() => String)
  dsn(@Root() key: DsnKey): string {
    return this.#keys.dsnOf(key);
  }
}
