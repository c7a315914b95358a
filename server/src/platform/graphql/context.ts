/** What platform needs to know of an actor; the access room's `Actor` is one. */
export interface GuardedActor {
  readonly kind: string;
  /** @throws Failure UNAUTHENTICATED or FORBIDDEN */
  demand(permission: string): void;
}

/** What a request brought along to say who it is from. */
export interface Credentials {
  /** Value of the session cookie. */
  cookie: string | null;
  /** Token of `Authorization: Bearer`. */
  bearer: string | null;
  ip: string;
  userAgent: string | null;
}

/** Who it is. */
export interface Identity<A = GuardedActor> {
  actor: A;
  sessionId: number | null;
  /** When the session or token ends, ms; live sockets are closed then. Absent or null: never. */
  expiresAt?: number | null;
}

/**
 * Finds out who is asking. A cookie that is not known (any more) makes an anonymous actor; a bearer token that is not
 * known is refused, because a script must learn that its token is dead.
 * @throws Failure UNAUTHENTICATED for a bad bearer token
 */
export type Authenticate<A = GuardedActor> = (credentials: Credentials) => Promise<Identity<A>>;

/** The context of every resolver, one per operation. Generic, because platform does not know the access room's actor. */
export interface RequestContext<A = GuardedActor> {
  actor: A;
  ip: string;
  userAgent: string | null;
  /** DataLoaders of this operation by name. For live results: of this one event. */
  loaders: Map<string, unknown>;
  /** null for tokens and anonymous actors. */
  sessionId: number | null;
  /** Cookies of the answer; absent on live sockets, which have no answer to put them on. */
  reply?: {
    /** @param maxAgeSeconds life in the browser; without it until the browser is closed */
    setCookie(value: string, maxAgeSeconds?: number): void;
    clearCookie(): void;
  };
}

/** How the live side tells actors apart. */
export interface ActorIdentity {
  /** Whose sockets are counted together: `user:5`. */
  userKey: string;
  /** Everything that decides what the actor may see: actors with equal strings share live results. */
  audience: string;
}
