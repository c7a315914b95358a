import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';

const root = join(import.meta.dirname, '../../schema');

/** The agreed schema, without resolvers; a new one at each call. */
export function agreedSchema() {
  return buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
}

/** Every operation of the dashboard and the command line, with the fragments it needs, as the typed client sends it. */
export function ownOperations(): { name: string; operation: OperationDefinitionNode; text: string }[] {
  const definitions = globSync('operations/**/*.graphql', { cwd: root })
    .sort()
    .flatMap((path) => parse(readFileSync(join(root, path), 'utf8')).definitions);
  const fragments = new Map(
    definitions.filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  );
  const withFragments = (operation: OperationDefinitionNode): string => {
    const needed = new Set<FragmentDefinitionNode>();
    const collect = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
      void visit(node, {
        FragmentSpread({ name }) {
          const fragment = fragments.get(name.value);
          if (fragment === undefined || needed.has(fragment)) return;
          needed.add(fragment);
          collect(fragment);
        },
      });
    collect(operation);
    return print({ kind: Kind.DOCUMENT, definitions: [operation, ...needed] } as DocumentNode);
  };
  return definitions
    .filter((d): d is OperationDefinitionNode => d.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => ({ name: operation.name?.value ?? '', operation, text: withFragments(operation) }));
}
