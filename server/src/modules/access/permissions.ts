/** Roles, weakest first. Global: OWNER and ADMIN see every project; OPERATOR and VIEWER see those they are members of. */
export const ROLES = ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/**
 * The one permission table: which roles hold a permission. Token scopes are the same words; a token holds a permission
 * when its scopes name it *and* the role of the user who made it holds it.
 */
export const PERMISSIONS = {
  'errors:read': ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'],
  'errors:write': ['OPERATOR', 'ADMIN', 'OWNER'],
  'errors:delete': ['ADMIN', 'OWNER'],
  'events:write': ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'], // whoever sees a project sees its DSNs
  'projects:read': ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'],
  'projects:write': ['ADMIN', 'OWNER'],
  'artifacts:write': ['OPERATOR', 'ADMIN', 'OWNER'],
  'users:read': ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'],
  'users:write': ['ADMIN', 'OWNER'],
  'owners:write': ['OWNER'],
  'tokens:write': ['VIEWER', 'OPERATOR', 'ADMIN', 'OWNER'],
  'system:read': ['OPERATOR', 'ADMIN', 'OWNER'],
  'settings:write': ['ADMIN', 'OWNER'],
} as const satisfies Record<string, readonly Role[]>;
/** A word of {@link PERMISSIONS}. */
export type Permission = keyof typeof PERMISSIONS;

/**
 * What a root field asks for: a permission, being signed in, or nothing. `signed-in` means a person with a session: API
 * tokens act for a person but may not change his account.
 */
export type Requirement = Permission | 'signed-in' | 'public';

/** Whether a role holds a permission, by the one table. */
export function roleHolds(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/** OWNER and ADMIN see every project; OPERATOR and VIEWER those they are members of. */
export function seesEveryProject(role: Role): boolean {
  return role === 'OWNER' || role === 'ADMIN';
}

/** What an API token may be given: the permission words. `events:write` alone is for tokens that only send events. */
export const TOKEN_SCOPES: readonly string[] = Object.keys(PERMISSIONS);
