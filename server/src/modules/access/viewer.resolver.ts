import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Failure } from '../../platform/errors.ts';
import { Done } from '../../platform/graphql/refusals.ts';
import type { AccessContext } from './access-context.ts';
import type { ProfileService } from './profile.service.ts';
import { SESSION_MAX_MS } from './session.service.ts';
import type { SignedIn, SignInService } from './sign-in.service.ts';
import { UpdateUserResult } from './user.types.ts';
import { SignInResult, UpdateProfileInput, ViewerType } from './viewer.types.ts';

/** Signing in and out, and the person's own profile. */
@Resolver(() => ViewerType)
export class ViewerResolver {
  readonly #signIn: SignInService;
  readonly #profile: ProfileService;

  constructor(deps: { signIn: SignInService; profile: ProfileService }) {
    this.#signIn = deps.signIn;
    this.#profile = deps.profile;
  }

  @Query(() => ViewerType, { nullable: true })
  me(@Ctx() context: AccessContext) {
    return this.#signIn.viewer(context.actor, context.sessionId);
  }

  @Mutation(() => SignInResult)
  async signIn(
    @Arg('email', () => String) email: string,
    @Arg('password', () => String) password: string,
    @Ctx() context: AccessContext,
  ) {
    replyOf(context);
    const result = await this.#signIn.signIn(email, password, context);
    return 'token' in result ? signedIn(result, context) : result;
  }

  @Mutation(() => Done)
  async signOut(
    @Arg('everywhere', () => Boolean, { nullable: true, defaultValue: false }) everywhere: boolean | null,
    @Ctx() context: AccessContext,
  ) {
    await this.#signIn.signOut(context.actor, context.sessionId, everywhere ?? false);
    context.reply?.clearCookie();
    return new Done();
  }

  @Mutation(() => UpdateUserResult)
  updateProfile(@Arg('input', () => UpdateProfileInput) input: UpdateProfileInput, @Ctx() context: AccessContext) {
    return this.#profile.update(context.actor, context.sessionId, context.ip, input);
  }
}

/** @throws Failure BAD_INPUT on a live socket, which has no answer to put a cookie on */
export function replyOf(context: AccessContext): NonNullable<AccessContext['reply']> {
  if (context.reply) return context.reply;
  throw new Failure('BAD_INPUT', 'Send this over HTTP: its answer sets a cookie.');
}

/**
 * Puts the new session into the cookie, makes its person the actor of the rest of the request, and answers what he may
 * know of himself.
 */
export function signedIn({ token, viewer, actor, sessionId }: SignedIn, context: AccessContext) {
  // The browser keeps it as long as any session can live; the server ends the session earlier by itself.
  replyOf(context).setCookie(token, SESSION_MAX_MS / 1000);
  context.actor = actor;
  context.sessionId = sessionId;
  return viewer;
}
