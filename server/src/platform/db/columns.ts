import { p } from '@mikro-orm/core';

/** A moment: integer milliseconds UTC, on both dialects, in the ORM and in prepared SQL alike. Name it `…At`. */
export const moment = () => p.bigint('number');
/** A surrogate key: 64-bit integer, assigned by the database in arrival order. */
export const serial = () => p.bigint('number').primary().autoincrement();
/** A reference by value to a row of a room that may not be imported, or that is too hot for a relation. */
export const ref = () => p.bigint('number');
