import { CombinedGraphQLErrors } from '@apollo/client';
import { expect, test } from 'vitest';
import { fieldErrors, isRefusal, messageOf, RefusedError, resultOf } from './refusal.ts';

const refused = (field: string | null) => ({ __typename: 'ValidationRefusal' as const, code: 'X', message: 'Too short.', field });

test('a result is handed on, a refusal thrown with words for people', () => {
  expect(resultOf({ id: '1' })).toEqual({ id: '1' });
  expect(() => resultOf(refused(null))).toThrow(RefusedError);
  expect(() => resultOf(undefined)).toThrow(TypeError);
  expect(isRefusal({ __typename: 'Project' })).toBe(false);
});

test.each([
  ['input.name', { name: 'Too short.' }],
  ['settings.eventsPerMinute', { eventsPerMinute: 'Too short.' }],
  [null, {}],
])('a fault of %s goes to %j', (field, errors) => expect(fieldErrors(new RefusedError(refused(field)))).toEqual(errors));

test.each([
  [new RefusedError(refused(null)), 'Too short.'],
  [new TypeError('Failed to fetch'), 'cannot be reached'],
  [new CombinedGraphQLErrors({ errors: [{ message: 'Not allowed.' }] }), 'Not allowed.'],
  ['odd', 'odd'],
])('%s is said in words', (error, words) => expect(messageOf(error)).toContain(words));
