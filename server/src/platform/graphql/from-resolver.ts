import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { LiveSource } from './live-topic.ts';

// biome-ignore lint/complexity/noBannedTypes: type-graphql names classes by their constructor function
type Instances = ReadonlyMap<Function, object>;

const instancesOf = new WeakMap<GraphQLSchema, Instances>();

/** Remembers which resolver instances serve a schema; called by `buildGraphqlSchema`. */
export function rememberInstances(schema: GraphQLSchema, instances: Instances): void {
  instancesOf.set(schema, instances);
}

interface SubscribeData {
  // biome-ignore lint/suspicious/noExplicitAny: arguments and context are typed by the callee
  args: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  context: any;
  info: GraphQLResolveInfo;
}

/**
 * type-graphql calls `subscribe` of a `@Subscription` without the resolver's instance; this brings it along:
 *
 *     @Subscription(() => ErrorChanged, { subscribe: fromResolver(() => LiveResolver, (self, { args }) => self.changes(args)) })
 *
 * @param resolver thunk, because the class is not complete when its decorators run
 */
export function fromResolver<R extends object>(
  // biome-ignore lint/suspicious/noExplicitAny: classes with any constructor
  resolver: () => abstract new (...args: any[]) => R,
  // biome-ignore lint/suspicious/noExplicitAny: a topic of any payload
  subscribe: (self: R, data: SubscribeData) => LiveSource<any> | Promise<LiveSource<any>>,
): (data: SubscribeData) => Promise<LiveSource> {
  return async (data) => {
    const self = instancesOf.get(data.info.schema)?.get(resolver());
    if (self === undefined) throw new Error(`the resolver ${resolver().name} was not constructed`);
    return subscribe(self as R, data);
  };
}
