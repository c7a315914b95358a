/**
 * What a failed commit means for the batch.
 * `busy`: try the same again soon. `poison`: something in the batch cannot be stored; find it. `gone`: the database cannot
 * be used now (away, full, not migrated, broken); wait, keep everything, try again for ever.
 */
export type FailureKind = 'busy' | 'poison' | 'gone';

// SQLite: https://sqlite.org/rescode.html, names as better-sqlite3 gives them.
const SQLITE_BUSY = /^SQLITE_(BUSY|LOCKED)/;
const SQLITE_POISON = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;
// PostgreSQL, Appendix A: serialization_failure, deadlock_detected, lock_not_available.
const PG_BUSY = new Set(['40001', '40P01', '55P03']);
// Classes data exception, integrity constraint violation, program limit exceeded (a value too long for an index).
const PG_POISON = /^(22|23|54)...$/;

/** Sorts what `commit` threw. Anything unknown with a code is the database's trouble; without one it is ours with the data. */
export function failureKind(error: unknown): FailureKind {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (SQLITE_BUSY.test(code) || PG_BUSY.has(code)) return 'busy';
  if (SQLITE_POISON.test(code) || PG_POISON.test(code)) return 'poison';
  // What better-sqlite3 says of a handle that was closed under it is a TypeError without a code.
  if (error instanceof TypeError && /connection is not open|executing a query/.test(error.message)) return 'gone';
  if (code === '' && (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return 'poison';
  if (code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE') return 'poison';
  return 'gone';
}
