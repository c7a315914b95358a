import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraphqlSchema } from './platform/graphql/build.ts';
import { RESOLVERS } from './resolvers.ts';

/** The public schema as text, sorted, so that a change shows as what it is. Committed as `schema/schema.graphql`. */
export function printSdl(): string {
  const schema = buildGraphqlSchema({ resolvers: RESOLVERS, container: new Map() });
  return `# Emitted by \`npm run sdl --workspace server\` from the resolvers. Never edited by hand.\n\n${printSchema(lexicographicSortSchema(schema))}\n`;
}
