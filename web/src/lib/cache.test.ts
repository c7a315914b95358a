import { readFileSync } from 'node:fs';
import { gql } from '@apollo/client';
import { buildSchema, isInterfaceType, isUnionType } from 'graphql';
import { expect, test } from 'vitest';
import { createCache, POSSIBLE_TYPES } from './cache.ts';

const schema = buildSchema(readFileSync(`${import.meta.dirname}/../../../schema/schema.graphql`, 'utf8'));

test('the cache knows every interface of the schema', () => {
  const inSchema = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isInterfaceType)
      .map((type) => [
        type.name,
        schema
          .getPossibleTypes(type)
          .map((member) => member.name)
          .sort(),
      ]),
  );
  const known = Object.fromEntries(Object.entries(POSSIBLE_TYPES).map(([name, types]) => [name, [...types].sort()]));
  expect(known).toEqual(inSchema);
});

test('every refusal in a result union is told by its name', () => {
  const strays = Object.values(schema.getTypeMap())
    .filter(isUnionType)
    .flatMap((union) => union.getTypes())
    .filter((type) => type.getInterfaces().some((one) => one.name === 'UserError') !== type.name.endsWith('Refusal'));
  expect(strays).toEqual([]);
});

test('pages of errors come together in one list per question', () => {
  const cache = createCache();
  const query = gql`query Errors($query: String, $after: String) {
    errors(query: $query, first: 2, after: $after) {
      edges { cursor node { id } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  const page = (ids: string[], more: boolean) => ({
    errors: {
      __typename: 'ErrorGroupConnection',
      edges: ids.map((id) => ({ __typename: 'ErrorGroupEdge', cursor: `c${id}`, node: { __typename: 'ErrorGroup', id } })),
      pageInfo: { __typename: 'PageInfo', hasNextPage: more, endCursor: `c${ids.at(-1)}` },
    },
  });
  cache.writeQuery({ query, variables: { query: 'a' }, data: page(['1', '2'], true) });
  cache.writeQuery({ query, variables: { query: 'a', after: 'c2' }, data: page(['3'], false) });
  cache.writeQuery({ query, variables: { query: 'b' }, data: page(['9'], false) });
  const read = cache.readQuery<ReturnType<typeof page>>({ query, variables: { query: 'a' } });
  expect(read?.errors.edges.map(({ node }) => node.id)).toEqual(['1', '2', '3']);
  expect(read?.errors.pageInfo.hasNextPage).toBe(false);
});

test('what a list has shown is there at once on its own page', () => {
  const cache = createCache();
  cache.writeFragment({
    fragment: gql`fragment Title on ErrorGroup { id title }`,
    data: { __typename: 'ErrorGroup', id: '7', title: 'TypeError' },
  });
  const query = gql`query One($id: ID!) { error(id: $id) { id title } }`;
  expect(cache.readQuery({ query, variables: { id: '7' } })).toMatchObject({ error: { title: 'TypeError' } });
  expect(cache.readQuery({ query, variables: { id: '8' } })).toBeNull();
});
