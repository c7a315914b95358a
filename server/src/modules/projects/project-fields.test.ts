import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import type { AccessContext } from '../access/access-context.ts';
import { tokenActor, userActor } from '../access/actor-for.ts';
import { DEFAULT_SETTINGS, type Project } from './project.entity.ts';
import { ProjectFieldsResolver } from './project-fields.resolver.ts';

const project = { id: 1, settings: DEFAULT_SETTINGS } as Project;
const owner = { id: 1, name: 'Ada', role: 'OWNER' as const };
const token = (scopes: string[]) => tokenActor(owner, { id: 1, name: 'script', scopes, projectIds: null }, [1]);
const resolver = new ProjectFieldsResolver({ keys: { keysOf: async (ids: number[]) => ids.map(() => []) } } as never);
const context = (actor: AccessContext['actor']) => ({ actor, loaders: new Map() }) as unknown as AccessContext;

describe('the keys and settings of a project reached through an error', () => {
  it.each([
    ['a viewer', userActor({ ...owner, role: 'VIEWER' }, [1])],
    ['a token for projects', token(['errors:read', 'projects:read'])],
  ])('are shown to %s', async (_, actor) => {
    expect(await resolver.keys(project, context(actor))).toEqual([]);
    expect(resolver.settings(project, context(actor))).toEqual(DEFAULT_SETTINGS);
  });

  it('are refused to a token for errors alone', () => {
    const only = context(token(['errors:read']));
    expect(() => resolver.keys(project, only)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => resolver.settings(project, only)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });
});
