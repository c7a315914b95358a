import type { Actor } from './actor.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';

/**
 * All that decides what an actor may *see*, as one text: actors with equal texts may be served the same live result.
 * Whatever a result shows by the very person (his own session, `me`) is not covered.
 */
export function audienceOf(actor: Actor): string {
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => actor.can(permission));
  const projects = actor.projectIds === 'all' ? 'all' : [...new Set(actor.projectIds)].sort((a, b) => a - b).join(',');
  return `${permissions.join(',')}|${projects}`;
}

/** Whose sockets these are, for limits per user; tokens count with the user they act for. */
export function userKeyOf(actor: Actor): string {
  return actor.userId === null ? actor.kind : `user:${actor.userId}`;
}
