import type { NormalizedException } from '../detection/normalized-event.ts';

/** What an exception is to the one that was thrown, or to the one that links to it. */
export type ExceptionRelation = 'THROWN' | 'CAUSE' | 'SUPPRESSED' | 'MEMBER';

/**
 * What each exception of an event is: `THROWN` the one that was caught or crashed; `CAUSE` of the next (also Python's
 * context); `SUPPRESSED` by another while that was on its way (Java's `close()` of a resource, JavaScript's
 * `SuppressedError`); `MEMBER` of failures that were collected into one. By the links of the protocol where they were sent
 * (`parent_id`, `is_exception_group`), and by the mechanism; without any, all but the last are causes, or members of a group.
 */
export function relationsOf(exceptions: readonly NormalizedException[]): ExceptionRelation[] {
  const groups = new Set(exceptions.flatMap((one) => (one.isGroup === true ? [one.exceptionId] : [])));
  const linked = exceptions.some(({ parentId }) => parentId !== undefined);
  return exceptions.map((one, i) => {
    if (i === exceptions.length - 1) return 'THROWN';
    if (one.mechanism === 'suppressed') return 'SUPPRESSED';
    const collected = linked ? one.parentId !== undefined && groups.has(one.parentId) : groups.size > 0 && one.isGroup !== true;
    return collected ? 'MEMBER' : 'CAUSE';
  });
}
