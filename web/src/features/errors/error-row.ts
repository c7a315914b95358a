import type { ErrorRow_ErrorFragment, ErrorStatus, Level } from '@errata/schema';

/** A project as a row names it; one object shared by all rows of the project. */
export interface RowProject {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** A person as a row names them; one object shared by all their rows. */
export interface RowPerson {
  readonly id: string;
  readonly name: string;
}

/**
 * One line of the list, kept light: a hundred thousand of them stay in memory. Times are milliseconds UTC; the sparkline
 * is events per hour, oldest first, the last one is the current hour.
 */
export interface ErrorRow {
  readonly id: string;
  readonly shortId: string;
  readonly title: string;
  readonly culprit: string | null;
  readonly level: Level;
  readonly status: ErrorStatus;
  readonly handled: boolean | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly eventCount: number;
  readonly userCount: number;
  readonly commentCount: number;
  readonly sparkline: readonly number[];
  readonly project: RowProject;
  readonly assignee: RowPerson | null;
}

const QUIET: readonly number[] = [];

/** Shares the small objects between rows. One per list, so that a dropped list drops its people too. */
export class RowFactory {
  readonly #projects = new Map<string, RowProject>();
  readonly #people = new Map<string, RowPerson>();

  /** The row for an error as the server sent it. */
  row(error: ErrorRow_ErrorFragment): ErrorRow {
    return {
      id: error.id,
      shortId: error.shortId,
      title: error.title,
      culprit: error.culprit,
      level: error.level,
      status: error.status,
      handled: error.handled,
      firstSeen: Date.parse(error.firstSeen),
      lastSeen: Date.parse(error.lastSeen),
      eventCount: error.eventCount,
      userCount: error.userCount,
      commentCount: error.commentCount,
      sparkline: error.sparkline.some((count) => count > 0) ? error.sparkline : QUIET,
      project: share(this.#projects, { id: error.project.id, slug: error.project.slug, name: error.project.name }),
      assignee: error.assignee === null ? null : share(this.#people, { id: error.assignee.id, name: error.assignee.name }),
    };
  }
}

function share<T extends { id: string; name: string }>(known: Map<string, T>, thing: T): T {
  const before = known.get(thing.id);
  if (before !== undefined && before.name === thing.name) return before;
  known.set(thing.id, thing);
  return thing;
}

/** Whether two states of a row would be drawn the same; then nothing is redrawn. */
export function sameRow(a: ErrorRow, b: ErrorRow): boolean {
  return (
    a.eventCount === b.eventCount &&
    a.lastSeen === b.lastSeen &&
    a.status === b.status &&
    a.userCount === b.userCount &&
    a.level === b.level &&
    a.title === b.title &&
    a.culprit === b.culprit &&
    a.commentCount === b.commentCount &&
    a.shortId === b.shortId &&
    a.project === b.project &&
    a.assignee === b.assignee &&
    a.sparkline.length === b.sparkline.length &&
    a.sparkline.every((count, hour) => count === b.sparkline[hour])
  );
}
