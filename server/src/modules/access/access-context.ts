import type { RequestContext } from '../../platform/graphql/context.ts';
import type { Actor } from './actor.ts';

/** The context of every resolver, with our actor in it. */
export type AccessContext = RequestContext<Actor>;
