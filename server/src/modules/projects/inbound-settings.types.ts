import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CategoryQuota, InboundChanges, InboundSettings, QuotaCategory, SamplingRule } from './inbound-settings.ts';

/** Categories as GraphQL wants an enum. */
export const QuotaCategoryEnum = {
  ATTACHMENT: 'attachment',
  FEEDBACK: 'feedback',
  LOG_ITEM: 'log_item',
  MONITOR: 'monitor',
  SESSION: 'session',
} as const satisfies Record<Uppercase<QuotaCategory>, QuotaCategory>;
registerEnumType(QuotaCategoryEnum, { name: 'QuotaCategory', description: 'Kinds of items that can be limited.' });

@ObjectType('CategoryQuota')
export class CategoryQuotaType implements CategoryQuota {
  @Field(() => QuotaCategoryEnum)
  category!: QuotaCategory;

  @Field(() => Int)
  perMinute!: number;
}

@InputType('CategoryQuotaInput')
export class CategoryQuotaInput implements CategoryQuota {
  @Field(() => QuotaCategoryEnum)
  category!: QuotaCategory;

  @Field(() => Int, { description: '0 takes none at all.' })
  perMinute!: number;
}

const GLOBS = 'Globs, `*` for any text; empty: all.';

@ObjectType('SamplingRule', { description: 'Keeps a share of some events. The first rule that matches decides.' })
export class SamplingRuleType implements SamplingRule {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { description: 'Share that is kept, 0 to 1.' })
  rate!: number;

  @Field(() => Int, { description: 'Of every kind of error so many an hour are kept, whatever the rate.' })
  keepFirst!: number;

  @Field(() => [String], { description: 'In lower case; empty: all.' })
  levels!: string[];

  @Field(() => [String], { description: GLOBS })
  environments!: string[];

  @Field(() => [String], { description: GLOBS })
  releases!: string[];

  @Field(() => [String], { description: GLOBS })
  messages!: string[];
}

@InputType('SamplingRuleInput')
export class SamplingRuleInput implements SamplingRule {
  @Field(() => String)
  name!: string;

  @Field(() => Float)
  rate!: number;

  @Field(() => Int, { defaultValue: 1 })
  keepFirst!: number;

  @Field(() => [String], { defaultValue: [] })
  levels!: string[];

  @Field(() => [String], { defaultValue: [] })
  environments!: string[];

  @Field(() => [String], { defaultValue: [] })
  releases!: string[];

  @Field(() => [String], { defaultValue: [] })
  messages!: string[];
}

@ObjectType('InboundSettings')
export class InboundSettingsType implements InboundSettings {
  @Field(() => Boolean, { description: 'Errors of browser extensions and injected scripts are left out.' })
  filterBrowserExtensions!: boolean;

  @Field(() => Boolean, { description: 'Errors of search engines and other robots are left out.' })
  filterCrawlers!: boolean;

  @Field(() => Boolean, { description: 'Errors of programs on a developer’s own machine are left out.' })
  filterLocalhost!: boolean;

  @Field(() => Boolean, { description: 'Errors of requests that only ask whether the program is alive are left out.' })
  filterHealthChecks!: boolean;

  @Field(() => [String])
  filterReleases!: string[];

  @Field(() => [String])
  filterEnvironments!: string[];

  @Field(() => [String], { description: 'Globs over `Type: message` and the message alone.' })
  filterMessages!: string[];

  @Field(() => [String], { description: 'Addresses and CIDR ranges.' })
  filterIpAddresses!: string[];

  @Field(() => [CategoryQuotaType])
  quotas!: CategoryQuotaType[];

  @Field(() => Boolean)
  spikeProtection!: boolean;

  @Field(() => [SamplingRuleType])
  sampling!: SamplingRuleType[];
}

/** Absent: left alone; lists are replaced whole. */
@InputType('InboundSettingsInput')
export class InboundSettingsInput implements InboundChanges {
  @Field(() => Boolean, { nullable: true })
  filterBrowserExtensions?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  filterCrawlers?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  filterLocalhost?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  filterHealthChecks?: boolean | null;

  @Field(() => [String], { nullable: true })
  filterReleases?: string[] | null;

  @Field(() => [String], { nullable: true })
  filterEnvironments?: string[] | null;

  @Field(() => [String], { nullable: true })
  filterMessages?: string[] | null;

  @Field(() => [String], { nullable: true })
  filterIpAddresses?: string[] | null;

  @Field(() => [CategoryQuotaInput], { nullable: true })
  quotas?: CategoryQuotaInput[] | null;

  @Field(() => Boolean, { nullable: true })
  spikeProtection?: boolean | null;

  @Field(() => [SamplingRuleInput], { nullable: true })
  sampling?: SamplingRuleInput[] | null;
}
