import { useQuery } from '@apollo/client/react';
import { MeDocument, type ViewerFieldsFragment } from '@errata/schema';
import { useMemo } from 'react';

/** Permissions as the server names them (`me.permissions`). */
export type Permission =
  | 'errors:read'
  | 'errors:write'
  | 'errors:delete'
  | 'projects:read'
  | 'projects:write'
  | 'artifacts:write'
  | 'users:read'
  | 'users:write'
  | 'owners:write'
  | 'tokens:write'
  | 'system:read'
  | 'settings:write';

/** The signed-in person and what they may do. */
export interface ViewerAccess {
  viewer: ViewerFieldsFragment | undefined;
  /** The server decides; this only keeps buttons away that would be refused. */
  can: (permission: Permission) => boolean;
}

/** Who is signed in, from the cache (the shell has loaded it before any page shows). */
export function useViewer(): ViewerAccess {
  const { data } = useQuery(MeDocument, { fetchPolicy: 'cache-first' });
  const viewer = data?.me ?? undefined;
  return useMemo(() => {
    const held = new Set(viewer?.permissions ?? []);
    return { viewer, can: (permission) => held.has(permission) };
  }, [viewer]);
}
