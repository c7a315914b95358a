import type { Permission, Role } from './permissions.ts';

/**
 * Who is asking. Built once per request or socket by `access/authenticate.ts`; services take it as their first argument
 * and decide by it, so that a task or script cannot forget.
 */
export interface Actor {
  readonly kind: 'user' | 'token' | 'system' | 'anonymous';
  /** User behind the request; a token acts for the user who made it. */
  readonly userId: number | null;
  readonly role: Role | null;
  readonly tokenId: number | null;
  readonly name: string;
  /** Projects this actor may see; 'all' for OWNER, ADMIN and the system. */
  readonly projectIds: 'all' | readonly number[];
  /** Whether the actor holds the permission (token scopes and role together); with a project: and may see it. */
  can(permission: Permission, projectId?: number): boolean;
  /** @throws Failure UNAUTHENTICATED when anonymous, FORBIDDEN otherwise. */
  demand(permission: Permission, projectId?: number): void;
}
