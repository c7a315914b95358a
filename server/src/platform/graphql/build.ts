import 'reflect-metadata';
import { type GraphQLSchema, isUnionType } from 'graphql';
import { buildSchemaSync, getMetadataStorage, type PubSub } from 'type-graphql';
import { rememberInstances } from './from-resolver.ts';
import { guardSchema, type Requirements } from './guard.ts';

// biome-ignore lint/complexity/noBannedTypes: type-graphql names classes by their constructor function
type ClassRef = Function;

export interface BuildOptions {
  /** Resolver classes. */
  resolvers: readonly ClassRef[];
  /** Class → the instance made by `compose.ts`. */
  container: ReadonlyMap<ClassRef, object>;
  /** Leave out only to print the SDL: then nothing is guarded. */
  requirements?: Requirements;
  /** Object types that are reached only through an interface. */
  orphanedTypes?: readonly ClassRef[];
}

/** type-graphql refuses to build without one; all our subscriptions bring their own source (`live-topic.ts`). */
const NO_PUB_SUB: PubSub = {
  publish() {
    throw new Error('publish to a LiveTopic instead');
  },
  subscribe() {
    throw new Error('give the subscription a `subscribe` function that answers topic.subscribe(…)');
  },
};

/**
 * Plain properties are read by graphql itself instead of through a wrapper that makes an object per field; graphql-jit
 * compiles them to a property access. Fields with a method, a getter, another schema name or a middleware keep theirs.
 */
function readPropertiesDirectly(): void {
  const storage = getMetadataStorage();
  const withMiddleware = new Set(storage.middlewares.map((m) => `${m.target.name}.${m.fieldName}`));
  for (const field of storage.fields) {
    if (field.schemaName === field.name && !withMiddleware.has(`${field.target.name}.${field.name}`)) field.simple ??= true;
  }
}

/**
 * type-graphql wraps a union's own `resolveType` into an async function, which compiled execution cannot wait for: put
 * the plain one in its place. It answers the class of the member.
 */
function resolveUnionsDirectly(schema: GraphQLSchema): void {
  const { unions, objectTypes } = getMetadataStorage();
  const nameOf = new Map<unknown, string>(objectTypes.map((type) => [type.target, type.name]));
  for (const { name, resolveType } of unions) {
    const type = schema.getType(name);
    if (resolveType === undefined || !isUnionType(type)) continue;
    type.resolveType = (value, context, info) => {
      const member = resolveType(value, context, info, type) as unknown;
      return typeof member === 'string' ? member : nameOf.get(member);
    };
  }
}

/**
 * Builds the executable schema from resolver classes.
 * @throws Error when a resolver class has no instance, or the table of requirements does not fit the root fields
 */
export function buildGraphqlSchema(options: BuildOptions): GraphQLSchema {
  const { container, requirements } = options;
  readPropertiesDirectly();
  const schema = buildSchemaSync({
    resolvers: [...options.resolvers] as [ClassRef, ...ClassRef[]],
    orphanedTypes: [...(options.orphanedTypes ?? [])],
    validate: false,
    pubSub: NO_PUB_SUB,
    container: {
      get(wanted) {
        const instance = container.get(wanted as ClassRef);
        if (instance === undefined) throw new Error(`the resolver ${(wanted as ClassRef).name} was not constructed`);
        return instance;
      },
    },
  });
  rememberInstances(schema, container);
  resolveUnionsDirectly(schema);
  if (requirements !== undefined) {
    const absent = options.resolvers.filter((resolver) => !container.has(resolver)).map((resolver) => resolver.name);
    if (absent.length > 0) throw new Error(`resolvers without an instance: ${absent.join(', ')}`);
    guardSchema(schema, requirements);
  }
  return schema;
}
