import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { expect, it } from 'vitest';
import { printSdl } from '../src/sdl.ts';

const file = (name: string) => readFileSync(join(import.meta.dirname, '../../schema', name), 'utf8');

it('has its SDL committed: run `npm run sdl --workspace server` after changing a resolver', () => {
  expect(printSdl()).toBe(file('schema.graphql'));
});

it('breaks nothing that a release has promised', () => {
  const changes = findBreakingChanges(buildSchema(file('released.graphql')), buildSchema(file('schema.graphql')));
  expect(changes.map((change) => change.description)).toEqual([]);
});

it('would notice a break', () => {
  const promised = 'type Query { errors(first: Int): [String!]! }';
  const now = 'type Query { errors(first: Int!): [String!]! }';
  expect(findBreakingChanges(buildSchema(promised), buildSchema(now))).toHaveLength(1);
});
