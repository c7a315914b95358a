import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../platform/db/columns.ts';
import type { PatternDefinition } from '../analysis/patterns/definition.ts';

/** What of a definition has no column of its own. */
export type PatternBody = Omit<PatternDefinition, 'id' | 'name' | 'enabled'>;

/** A named definition of one kind of log line. A project's are asked in the order of their positions. */
const PatternSchema = defineEntity({
  name: 'Pattern',
  tableName: 'pattern',
  uniques: [{ properties: ['projectId', 'name'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    name: p.text(),
    /** From 0 without gaps. */
    position: p.integer(),
    enabled: p.boolean().default(true),
    body: p.json().$type<PatternBody>(),
    createdAt: moment(),
    /** Grows with every change: what an editor began from is told by it. */
    updatedAt: moment(),
  },
});
export class Pattern extends PatternSchema.class {}
PatternSchema.setClass(Pattern);
