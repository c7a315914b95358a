import 'reflect-metadata';
import { isUnionType } from 'graphql';
import { createUnionType, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { expect, it } from 'vitest';
import { buildGraphqlSchema } from './build.ts';
import { NotFoundRefusal } from './refusals.ts';

@ObjectType('BuildTestThing')
class ThingType {
  @Field(() => String)
  name!: string;
}

const ThingResult = createUnionType({
  name: 'BuildTestThingResult',
  types: () => [ThingType, NotFoundRefusal] as const,
  resolveType: (value) => (value instanceof NotFoundRefusal ? NotFoundRefusal : ThingType),
});

@Resolver()
class ThingResolver {
  @Query(() => ThingResult)
  thing() {
    return { name: 'plain, as an entity is' };
  }
}

it('tells the members of a union apart at once: compiled execution cannot wait for an answer', () => {
  const schema = buildGraphqlSchema({ resolvers: [ThingResolver], container: new Map() });
  const union = schema.getType('BuildTestThingResult');
  if (!isUnionType(union)) throw new Error('not a union');
  const tell = (value: unknown) => union.resolveType?.(value, {}, {} as never, union);
  expect(tell({ name: 'x' })).toBe('BuildTestThing');
  expect(tell(new NotFoundRefusal())).toBe('NotFoundRefusal');
});
