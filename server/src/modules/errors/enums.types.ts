import { registerEnumType } from 'type-graphql';

/** Enums of the errors room: GraphQL name → the value that tables and services use. */

/** GraphQL `Level`. */
export const LevelEnum = { DEBUG: 'debug', INFO: 'info', WARNING: 'warning', ERROR: 'error', FATAL: 'fatal' } as const;
registerEnumType(LevelEnum, { name: 'Level' });

/** GraphQL `ErrorStatus`. */
export const ErrorStatusEnum = {
  NEW: 'NEW',
  ONGOING: 'ONGOING',
  ESCALATING: 'ESCALATING',
  REGRESSED: 'REGRESSED',
  ARCHIVED: 'ARCHIVED',
  RESOLVED: 'RESOLVED',
} as const;
registerEnumType(ErrorStatusEnum, { name: 'ErrorStatus' });

/** What lists of errors can be ordered by; the values also name the cursors of such a list. */
export const ErrorOrderField = {
  LAST_SEEN: 'last-seen',
  FIRST_SEEN: 'first-seen',
  EVENT_COUNT: 'event-count',
  USER_COUNT: 'user-count',
} as const;
/** One of them. */
export type ErrorOrderField = (typeof ErrorOrderField)[keyof typeof ErrorOrderField];
registerEnumType(ErrorOrderField, { name: 'ErrorOrderField' });

/** GraphQL `OrderDirection`. */
export const OrderDirection = { ASC: 'asc', DESC: 'desc' } as const;
/** One of them. */
export type OrderDirection = (typeof OrderDirection)[keyof typeof OrderDirection];
registerEnumType(OrderDirection, { name: 'OrderDirection' });

/** GraphQL `ChangeKind`. */
export const ChangeKind = { CREATED: 'CREATED', UPDATED: 'UPDATED', DELETED: 'DELETED' } as const;
registerEnumType(ChangeKind, { name: 'ChangeKind' });
