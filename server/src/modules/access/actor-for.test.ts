import { describe, expect, it } from 'vitest';
import { revokes } from './access-events.ts';
import type { Actor } from './actor.ts';
import { ANONYMOUS, SYSTEM, tokenActor, userActor } from './actor-for.ts';
import { audienceOf, userKeyOf } from './audience.ts';
import { PERMISSIONS, type Permission, type Role } from './permissions.ts';

const ann = (role: Role) => ({ id: 1, name: 'Ann', role });
const scoped = (scopes: string[], projectIds: number[] | null = null) => ({ id: 9, name: 'ci', scopes, projectIds });
const all = Object.keys(PERMISSIONS) as Permission[];
const holds = (actor: Actor) => all.filter((permission) => actor.can(permission));

describe('what each role holds', () => {
  it.each<[Role, Permission[]]>([
    ['VIEWER', ['errors:read', 'events:write', 'projects:read', 'users:read', 'tokens:write']],
    [
      'OPERATOR',
      [
        'errors:read',
        'errors:write',
        'events:write',
        'projects:read',
        'artifacts:write',
        'users:read',
        'tokens:write',
        'system:read',
      ],
    ],
    ['ADMIN', all.filter((permission) => permission !== 'owners:write')],
    ['OWNER', all],
  ])('%s', (role, permissions) => {
    expect(holds(userActor(ann(role), []))).toEqual(permissions);
  });

  it('nobody: nothing; the program: everything', () => {
    expect(holds(ANONYMOUS)).toEqual([]);
    expect(holds(SYSTEM)).toEqual(all);
  });
});

describe('which projects are seen', () => {
  it.each<[string, Actor, 'all' | number[]]>([
    ['OWNER', userActor(ann('OWNER'), [1]), 'all'],
    ['ADMIN', userActor(ann('ADMIN'), []), 'all'],
    ['OPERATOR', userActor(ann('OPERATOR'), [1, 2]), [1, 2]],
    ['VIEWER without memberships', userActor(ann('VIEWER'), []), []],
    ['token of an OWNER', tokenActor(ann('OWNER'), scoped(['errors:read']), []), 'all'],
    ['token of an OWNER bound to a project', tokenActor(ann('OWNER'), scoped(['errors:read'], [3]), []), [3]],
    ['token of a VIEWER', tokenActor(ann('VIEWER'), scoped(['errors:read']), [1, 2]), [1, 2]],
    ['token bound to a project its VIEWER lost', tokenActor(ann('VIEWER'), scoped(['errors:read'], [2, 3]), [1, 2]), [2]],
  ])('%s', (_name, actor, projectIds) => {
    expect(actor.projectIds).toEqual(projectIds);
    for (const id of [1, 2, 3]) {
      expect(actor.can('errors:read', id)).toBe(projectIds === 'all' || projectIds.includes(id));
    }
  });
});

describe('demand', () => {
  it('tells strangers to sign in, and others what they lack', () => {
    expect(() => ANONYMOUS.demand('errors:read')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    const viewer = userActor(ann('VIEWER'), [1]);
    expect(() => viewer.demand('errors:write')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining('errors:write') }),
    );
    expect(() => viewer.demand('errors:read', 2)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining('project') }),
    );
    expect(() => viewer.demand('errors:read', 1)).not.toThrow();
  });

  it('cannot be talked round: an actor is frozen', () => {
    expect(() => Object.assign(userActor(ann('VIEWER'), []), { can: () => true })).toThrow(TypeError);
  });
});

it('shares live results only between actors who see the same', () => {
  const operator = audienceOf(userActor(ann('OPERATOR'), [2, 1]));
  expect(audienceOf(userActor({ id: 2, name: 'Bob', role: 'OPERATOR' }, [1, 2]))).toBe(operator);
  expect(audienceOf(userActor(ann('OPERATOR'), [1]))).not.toBe(operator);
  expect(audienceOf(userActor(ann('VIEWER'), [1, 2]))).not.toBe(operator);
  expect(audienceOf(userActor(ann('OWNER'), []))).not.toBe(audienceOf(userActor(ann('ADMIN'), [])));
  expect(userKeyOf(tokenActor(ann('OWNER'), scoped([]), []))).toBe('user:1');
  expect(userKeyOf(ANONYMOUS)).toBe('anonymous');
});

it('a revocation concerns whom it names', () => {
  const person = { actor: userActor(ann('OWNER'), []), sessionId: 5 };
  const script = { actor: tokenActor(ann('OWNER'), scoped([]), []), sessionId: null };
  const stranger = { actor: ANONYMOUS, sessionId: null };
  const hit = (fact: Parameters<typeof revokes>[0]) => [person, script, stranger].map((identity) => revokes(fact, identity));
  expect(hit({ userId: 1 })).toEqual([true, true, false]);
  expect(hit({ tokenId: 9 })).toEqual([false, true, false]);
  expect(hit({ sessionId: 5 })).toEqual([true, false, false]);
  expect(hit({ userId: 2, tokenId: 1, sessionId: 1 })).toEqual([false, false, false]);
});
