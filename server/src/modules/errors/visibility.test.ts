import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { HOUR, makeActivity, makeError, makeEvents, makeProject, makeUser, NOW } from '../../../test/factories.ts';
import type { Actor } from '../access/actor.ts';
import { ANONYMOUS, tokenActor } from '../access/actor-for.ts';
import type { EventFact } from './facts.ts';

/** Every way to an object, tried by somebody who may see another project only. */
eachDatabase((db) => {
  describe('somebody else’s project', () => {
    let world: ErrorsWorld;
    let mine: number;
    let theirs: number;
    let myError: number;
    let theirError: number;
    let theirEvent: number;
    let theirComment: string;
    let outsider: Actor;
    let token: Actor;
    let admin: Actor;
    const EVENT_ID = 'ab'.repeat(16);

    beforeAll(async () => {
      world = await errorsWorld(db());
      const sql = db().write;
      mine = await makeProject(sql, { slug: 'mine' });
      theirs = await makeProject(sql, { slug: 'theirs' });
      const user = await makeUser(sql, { role: 'OPERATOR', memberOf: [mine] });
      const boss = await makeUser(sql, { role: 'ADMIN' });
      myError = await makeError(sql, { projectId: mine, title: 'mine', hours: { [NOW - HOUR]: 1 } });
      theirError = await makeError(sql, {
        projectId: theirs,
        title: 'secret',
        hours: { [NOW - HOUR]: 1 },
        users: ['u'],
        tags: { environment: 'e' },
      });
      await makeEvents(sql, { projectId: mine, groupId: myError }, [{}]);
      [theirEvent] = (await makeEvents(sql, { projectId: theirs, groupId: theirError }, [{ eventId: EVENT_ID }])) as [number];
      await makeActivity(sql, { groupId: theirError, kind: 'created', data: { eventId: EVENT_ID } });
      for (const [table, column] of [
        ['project_hour', 'hour'],
        ['project_minute', 'minute'],
      ] as const) {
        await sql.run(`insert into ${table} (${column}, project_id, level, event_count) values (?, ?, 'error', 7)`, [
          NOW - HOUR,
          theirs,
        ]);
      }
      await sql.run('insert into environment (project_id, name, first_seen_at) values (?, ?, 1)', [theirs, 'secret-env']);
      await sql.run(
        'insert into "release" (project_id, version, first_seen_at, last_seen_at, event_count) values (?, ?, 1, 1, 1)',
        [theirs, 'secret-release'],
      );
      outsider = somebody('OPERATOR', [mine], user);
      admin = somebody('ADMIN', [], boss);
      token = tokenActor(
        { id: boss, name: 'boss', role: 'ADMIN' },
        { id: 1, name: 't', scopes: ['errors:read', 'errors:write', 'errors:delete'], projectIds: [mine] },
        [],
      );
      const { addComment } = await world.run(
        admin,
        'mutation ($id: ID!) { addComment(errorId: $id, body: "x") { ... on Comment { id } } }',
        {
          id: String(theirError),
        },
      );
      theirComment = addComment.id;
    });
    afterAll(() => world.close());

    const paths: [string, string, unknown][] = [
      ['error', 'query ($error: ID!) { answer: error(id: $error) { title } }', null],
      ['errors', '{ errors { edges { node { title } } totalCount } }', { edges: [{ node: { title: 'mine' } }], totalCount: 1 }],
      [
        'errors of the project',
        'query ($projects: [ID!]) { answer: errors(filter: { projectIds: $projects }) { edges { cursor } totalCount } }',
        { edges: [], totalCount: 0 },
      ],
      ['errors by its slug', '{ answer: errors(query: "project:theirs") { totalCount } }', { totalCount: 0 }],
      ['errors not of mine', '{ answer: errors(query: "!project:mine") { totalCount } }', { totalCount: 0 }],
      ['errors by reference', '{ answer: errors(query: "issue:theirs-1001") { totalCount } }', { totalCount: 0 }],
      [
        'events of the error',
        'query ($error: ID) { answer: errorEvents(errorId: $error) { edges { cursor } totalCount } }',
        { edges: [], totalCount: 0 },
      ],
      [
        'events of the project',
        'query ($project: ID) { answer: errorEvents(projectId: $project) { edges { cursor } totalCount } }',
        { edges: [], totalCount: 0 },
      ],
      [
        'all events',
        '{ answer: errorEvents { edges { node { group { title } } } totalCount } }',
        { edges: [{ node: { group: { title: 'mine' } } }], totalCount: 1 },
      ],
      ['event', 'query ($event: ID) { answer: errorEvent(id: $event) { id } }', null],
      ['event by its event id', `{ answer: errorEvent(eventId: "${EVENT_ID}") { id } }`, null],
      [
        'event by event id and project',
        `query ($project: ID) { answer: errorEvent(eventId: "${EVENT_ID}", projectId: $project) { id } }`,
        null,
      ],
      ['filter values', '{ answer: filterValues { environments releases } }', { environments: [], releases: [] }],
      [
        'filter values of the project',
        'query ($projects: [ID!]) { answer: filterValues(projectIds: $projects) { environments releases } }',
        { environments: [], releases: [] },
      ],
      [
        'overview',
        '{ answer: overview { openErrorCount newErrorCount24h eventCount24h eventCountPrevious24h userCount24h eventsByProject { name } eventsByLevel { name } trend { name points { value } } newest { title } busiest { title } } }',
        expect.objectContaining({
          openErrorCount: 1,
          newErrorCount24h: 1,
          eventCount24h: 0,
          userCount24h: 0,
          eventsByProject: [],
          eventsByLevel: [],
          newest: [{ title: 'mine' }],
          busiest: [{ title: 'mine' }],
        }),
      ],
      [
        'overview of the project',
        'query ($projects: [ID!]) { answer: overview(projectIds: $projects) { openErrorCount eventCount24h newest { title } busiest { title } } }',
        { openErrorCount: 0, eventCount24h: 0, newest: [], busiest: [] },
      ],
      [
        'comment',
        'mutation ($error: ID!) { answer: addComment(errorId: $error, body: "hi") { __typename } }',
        { __typename: 'NotFoundRefusal' },
      ],
      [
        'edit a comment',
        'mutation ($comment: ID!) { answer: editComment(id: $comment, body: "hi") { __typename } }',
        { __typename: 'NotFoundRefusal' },
      ],
      [
        'delete a comment',
        'mutation ($comment: ID!) { answer: deleteComment(id: $comment) { __typename } }',
        { __typename: 'NotFoundRefusal' },
      ],
      ...['resolveErrors', 'unresolveErrors', 'archiveErrors', 'assignErrors'].flatMap((name): [string, string, unknown][] => [
        [
          `${name} by id`,
          `mutation ($error: ID!) { answer: ${name}(selection: { ids: [$error] }) { ... on BulkChange { count undoToken errors { id } } } }`,
          { count: 0, undoToken: null, errors: [] },
        ],
        [
          `${name} by filter`,
          `mutation ($projects: [ID!]) { answer: ${name}(selection: { filter: { projectIds: $projects } }) { ... on BulkChange { count errors { id } } } }`,
          { count: 0, errors: [] },
        ],
        [
          `${name} by query`,
          `mutation { answer: ${name}(selection: { query: "project:theirs" }) { ... on BulkChange { count errors { id } } } }`,
          { count: 0, errors: [] },
        ],
      ]),
    ];

    it.each(paths)('%s', async (_, document, expected) => {
      const variables = {
        error: String(theirError),
        event: String(theirEvent),
        project: String(theirs),
        projects: [String(theirs)],
        comment: theirComment,
      };
      for (const actor of [outsider, token]) {
        const used = Object.fromEntries(Object.entries(variables).filter(([name]) => document.includes(`$${name}`)));
        const data = await world.run(actor, document, used);
        expect(data.answer ?? data.errors ?? null).toEqual(expected);
      }
    });

    it('deletes nothing there', async () => {
      const answer = await world.run(
        token,
        'mutation ($id: ID!) { deleteErrors(selection: { ids: [$id] }) { ... on BulkChange { count } } }',
        {
          id: String(theirError),
        },
      );
      expect(answer.deleteErrors).toEqual({ count: 0 });
    });

    it('hands no undo token over to others', async () => {
      const { resolveErrors } = await world.run(
        admin,
        'mutation ($id: ID!) { resolveErrors(selection: { ids: [$id] }) { ... on BulkChange { count undoToken } } }',
        { id: String(theirError) },
      );
      expect(resolveErrors.count).toBe(1);
      const undo = (actor: Actor) =>
        world.run(actor, 'mutation ($t: String!) { undoErrorChange(undoToken: $t) { __typename ... on BulkChange { count } } }', {
          t: resolveErrors.undoToken,
        });
      expect((await undo(outsider)).undoErrorChange).toEqual({ __typename: 'NotFoundRefusal' });
      // The token acts for the same person, but does not see the project.
      expect((await undo(token)).undoErrorChange.__typename).toBe('ConflictRefusal');
      expect((await undo(admin)).undoErrorChange).toEqual({ __typename: 'BulkChange', count: 1 });
    });

    it('streams nothing of it', async () => {
      const seen: EventFact[] = [];
      for (const actor of [outsider, token]) {
        const source = await world.live.received(actor, { after: '0' });
        for await (const fact of source.options.replay?.(0) ?? []) seen.push(fact);
        expect(source.options.filter?.({ projectId: theirs } as EventFact)).toBe(false);
        expect(
          world.live.changed(actor, null).options.filter?.({ kind: 'UPDATED', errorId: theirError, projectId: theirs, seq: 1 }),
        ).toBe(false);
        expect(
          world.live
            .changed(actor, [String(theirs)])
            .options.filter?.({ kind: 'UPDATED', errorId: theirError, projectId: theirs, seq: 1 }),
        ).toBe(false);
      }
      expect(seen.map((fact) => fact.projectId)).toEqual([mine, mine]);
    });

    it('is shown to those who may see it', async () => {
      const data = await world.run(
        admin,
        'query ($id: ID!) { error(id: $id) { title latestEvent { eventId } comments { body } } }',
        { id: String(theirError) },
      );
      expect(data.error).toEqual({ title: 'secret', latestEvent: { eventId: EVENT_ID }, comments: [{ body: 'x' }] });
    });

    it('asks for the permission, not only for the project', async () => {
      const viewer = somebody('VIEWER', [mine], 50);
      const writes = [
        'mutation { resolveErrors(selection: { ids: [] }) { __typename } }',
        'mutation { assignErrors(selection: { ids: [] }) { __typename } }',
        'mutation { undoErrorChange(undoToken: "x") { __typename } }',
        `mutation { addComment(errorId: "${myError}", body: "x") { __typename } }`,
        'mutation { editComment(id: "1", body: "x") { __typename } }',
        'mutation { deleteComment(id: "1") { __typename } }',
        'mutation { deleteErrors(selection: { ids: [] }) { __typename } }',
      ];
      for (const document of writes) await expect(world.run(viewer, document)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(world.run(outsider, 'mutation { deleteErrors(selection: { ids: [] }) { __typename } }')).rejects.toMatchObject(
        {
          code: 'FORBIDDEN',
        },
      );
      const reads = [
        '{ errors { totalCount } }',
        '{ error(id: "1") { id } }',
        '{ errorEvents { totalCount } }',
        '{ errorEvent(id: "1") { id } }',
        '{ overview { openErrorCount } }',
        '{ filterValues { releases } }',
      ];
      for (const document of reads)
        await expect(world.run(ANONYMOUS, document)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    });
  });
});
