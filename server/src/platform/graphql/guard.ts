import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Failure } from '../errors.ts';
import type { GuardedActor, RequestContext } from './context.ts';

/** What a root field asks for: `public`, `signed-in`, or a permission. Keys: `Query.me`, `Mutation.signIn` … */
export type Requirements = Readonly<Record<string, string>>;

/**
 * Decides by the table alone; what needs a project or an id is decided in the service.
 * @throws Failure UNAUTHENTICATED or FORBIDDEN
 */
export function demandRequirement(requirement: string, actor: GuardedActor): void {
  if (requirement === 'public') return;
  if (requirement === 'signed-in') {
    if (actor.kind === 'anonymous') throw new Failure('UNAUTHENTICATED');
    // A person's own account (sessions, password, tokens) is not for the tokens that act for him.
    if (actor.kind === 'token') throw new Failure('FORBIDDEN', 'Only a signed-in person may do this, not an API token.');
    return;
  }
  actor.demand(requirement);
}

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/**
 * Puts the requirement check in front of every root field's `resolve` and `subscribe`, in place. Only root fields: a
 * check on every field doubles the cost of a list (measured: 750 promises for 50 × 15 fields).
 * @throws Error naming all root fields without a requirement and all requirements without a root field
 */
export function guardSchema(schema: GraphQLSchema, requirements: Requirements): void {
  const missing: string[] = [];
  const unused = new Set(Object.keys(requirements));
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (!type) continue;
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`;
      const requirement = Object.hasOwn(requirements, name) ? requirements[name] : undefined;
      unused.delete(name);
      if (requirement === undefined) {
        missing.push(name);
        continue;
      }
      const guarded =
        (resolve: Resolver): Resolver =>
        (root, args, context, info) => {
          demandRequirement(requirement, context.actor);
          return resolve(root, args, context, info);
        };
      if (field.resolve) field.resolve = guarded(field.resolve as Resolver) as typeof field.resolve;
      if (field.subscribe) field.subscribe = guarded(field.subscribe as Resolver) as typeof field.subscribe;
    }
  }
  if (missing.length > 0 || unused.size > 0) {
    const faults = [
      ...missing.map((name) => `${name} has no requirement`),
      ...[...unused].map((name) => `${name} does not exist`),
    ];
    throw new Error(`the table of requirements and the schema differ: ${faults.join('; ')}`);
  }
}
