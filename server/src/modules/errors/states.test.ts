import { describe, expect, it } from 'vitest';
import { STATUSES } from './error-group.entity.ts';
import { MOVES, type Mover, mayMove, movableTo, moveOnEvent, type Standing } from './states.ts';

describe('the table of moves', () => {
  const rows: [from: (typeof STATUSES)[number], to: (typeof STATUSES)[number], by: Mover[]][] = [
    ['NEW', 'ONGOING', ['user', 'clock']],
    ['NEW', 'ESCALATING', ['clock']],
    ['NEW', 'ARCHIVED', ['user']],
    ['NEW', 'RESOLVED', ['user', 'monitor']],
    ['ONGOING', 'ESCALATING', ['clock']],
    ['ONGOING', 'ARCHIVED', ['user']],
    ['ONGOING', 'RESOLVED', ['user', 'monitor']],
    ['ESCALATING', 'ONGOING', ['user', 'clock']],
    ['ESCALATING', 'ARCHIVED', ['user']],
    ['ESCALATING', 'RESOLVED', ['user', 'monitor']],
    ['REGRESSED', 'ONGOING', ['user', 'clock']],
    ['REGRESSED', 'ESCALATING', ['clock']],
    ['REGRESSED', 'ARCHIVED', ['user']],
    ['REGRESSED', 'RESOLVED', ['user', 'monitor']],
    ['ARCHIVED', 'ONGOING', ['user', 'clock', 'digest']],
    ['ARCHIVED', 'ESCALATING', ['clock']],
    ['ARCHIVED', 'RESOLVED', ['user']],
    ['RESOLVED', 'ONGOING', ['user']],
    ['RESOLVED', 'REGRESSED', ['digest']],
    ['RESOLVED', 'ARCHIVED', ['user']],
  ];

  it('allows what is listed, staying, and nothing else', () => {
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        const allowed = rows.find((row) => row[0] === from && row[1] === to)?.[2] ?? [];
        for (const by of ['digest', 'user', 'clock', 'monitor'] as const) {
          expect([from, to, by, mayMove(from, to, by)]).toEqual([from, to, by, from === to || allowed.includes(by)]);
        }
      }
    }
    expect(Object.values(MOVES).flatMap((to) => Object.keys(to))).toHaveLength(rows.length);
    expect(movableTo('RESOLVED', 'monitor')).toEqual(['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED']);
    expect(movableTo('RESOLVED', 'clock')).toEqual([]);
  });
});

describe('moveOnEvent', () => {
  const NOW = 1_000_000;
  const releases = (version: string) => ({ old: 1, fix: 2, later: 3 })[version];
  const move = (standing: Partial<Standing>, event: { timestamp?: number; release?: string | null } = {}) =>
    moveOnEvent(
      { status: 'RESOLVED', resolvedAt: 500, resolvedInRelease: null, archivedUntilAt: null, ...standing },
      { timestamp: 600, release: null, ...event },
      releases,
      NOW,
    );

  it.each([
    ['resolved, happens again', move({}), 'REGRESSED'],
    ['resolved, happened before the resolution', move({}, { timestamp: 499 }), undefined],
    ['resolved at an unknown time', move({ resolvedAt: null }, { timestamp: 1 }), 'REGRESSED'],
    ['resolved in a release, no release said', move({ resolvedInRelease: 'fix' }), 'REGRESSED'],
    ['resolved in a release, the same one', move({ resolvedInRelease: 'fix' }, { release: 'fix' }), undefined],
    ['resolved in a release, an older one', move({ resolvedInRelease: 'fix' }, { release: 'old' }), undefined],
    ['resolved in a release, a later one', move({ resolvedInRelease: 'fix' }, { release: 'later' }), 'REGRESSED'],
    ['resolved in a release, one never seen', move({ resolvedInRelease: 'fix' }, { release: 'unseen' }), 'REGRESSED'],
    ['resolved in a release that was never seen', move({ resolvedInRelease: 'to come' }, { release: 'later' }), undefined],
    ['archived for good', move({ status: 'ARCHIVED' }), undefined],
    ['archived, date to come', move({ status: 'ARCHIVED', archivedUntilAt: NOW + 1 }), undefined],
    ['archived, date passed', move({ status: 'ARCHIVED', archivedUntilAt: NOW }), 'ONGOING'],
    ['new', move({ status: 'NEW' }), undefined],
    ['regressed', move({ status: 'REGRESSED' }), undefined],
  ])('%s', (_, moved, expected) => {
    expect(moved).toBe(expected);
  });
});
