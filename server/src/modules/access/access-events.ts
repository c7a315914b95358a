import type { Actor } from './actor.ts';

/** Somebody lost access or has other access now: everything that a given field names. */
export interface AccessRevoked {
  readonly userId?: number;
  readonly tokenId?: number;
  readonly sessionId?: number;
}

declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** A session, a token or everything of a user ended, or his role or memberships changed. */
    accessRevoked: AccessRevoked;
  }
}

/** Whether the fact concerns this identity; its live socket is closed then, and may come back if it still may. */
export function revokes(fact: AccessRevoked, identity: { actor: Actor; sessionId: number | null }): boolean {
  return (
    (fact.userId !== undefined && fact.userId === identity.actor.userId) ||
    (fact.tokenId !== undefined && fact.tokenId === identity.actor.tokenId) ||
    (fact.sessionId !== undefined && fact.sessionId === identity.sessionId)
  );
}
