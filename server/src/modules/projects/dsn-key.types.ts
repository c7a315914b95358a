import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { resultUnion } from '../access/result-union.ts';
import type { CategoryQuota } from './inbound-settings.ts';
import { CategoryQuotaInput, CategoryQuotaType } from './inbound-settings.types.ts';
import type { DsnKey } from './project.entity.ts';

/** Statuses of a key as GraphQL wants an enum. */
export const DsnKeyStatusEnum = { ACTIVE: 'ACTIVE', DISABLED: 'DISABLED' } as const satisfies { [S in DsnKey['status']]: S };
registerEnumType(DsnKeyStatusEnum, { name: 'DsnKeyStatus' });

/** A key; resolvers return the entity. `dsn` is in dsn-key.resolver.ts. */
@ObjectType('DsnKey')
export class DsnKeyType {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  label!: string;

  @Field(() => String)
  publicKey!: string;

  @Field(() => DsnKeyStatusEnum)
  status!: DsnKey['status'];

  @Field(() => Int, { nullable: true })
  eventsPerMinute!: number | null;

  @Field(() => [CategoryQuotaType], { description: 'Limits of other items than events, besides the project’s.' })
  quotas!: CategoryQuota[];

  @Field(() => Date)
  createdAt!: number;

  @Field(() => Date, { nullable: true })
  lastUsedAt!: number | null;
}

/** NotFound covers keys and projects that the actor does not see. */
export const DsnKeyResult = resultUnion('DsnKeyResult', DsnKeyType, [ValidationRefusal, NotFoundRefusal]);

/** Without a limit the key may send as much as its project. */
@InputType()
export class CreateDsnKeyInput {
  @Field(() => ID)
  projectId!: string;

  @Field(() => String)
  label!: string;

  @Field(() => Int, { nullable: true })
  eventsPerMinute?: number | null;

  @Field(() => [CategoryQuotaInput], { nullable: true })
  quotas?: CategoryQuotaInput[] | null;
}

/** Absent: left alone; a null limit takes it off. */
@InputType()
export class UpdateDsnKeyInput {
  @Field(() => String, { nullable: true })
  label?: string | null;

  @Field(() => DsnKeyStatusEnum, { nullable: true })
  status?: DsnKey['status'] | null;

  @Field(() => Int, { nullable: true })
  eventsPerMinute?: number | null;

  @Field(() => [CategoryQuotaInput], { nullable: true, description: 'Replaced whole.' })
  quotas?: CategoryQuotaInput[] | null;
}
