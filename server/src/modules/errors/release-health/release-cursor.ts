import { Failure } from '../../../platform/errors.ts';

/** A place in a list of releases, made opaque. */
export function encodeReleaseCursor(order: string, value: number, release: { projectId: number; version: string }): string {
  return Buffer.from(JSON.stringify([order, value, release.projectId, release.version])).toString('base64url');
}

/** @throws Failure BAD_INPUT for anything that {@link encodeReleaseCursor} did not make for this order */
export function decodeReleaseCursor(order: string, cursor: string): { value: number; projectId: number; version: string } {
  try {
    const [made, value, projectId, version] = JSON.parse(
      Buffer.from(cursor.slice(0, 2_000), 'base64url').toString('utf8'),
    ) as unknown[];
    if (made === order && Number.isSafeInteger(value) && Number.isSafeInteger(projectId) && typeof version === 'string')
      return { value: value as number, projectId: projectId as number, version };
  } catch {
    // Said below.
  }
  throw new Failure('BAD_INPUT', 'after: not a cursor of this list.', { details: { field: 'after' } });
}
