import { Migration } from '@mikro-orm/migrations';

export class Migration20261122183920 extends Migration {
  override up(): void {
    this.addSql(`create table \`activity\` (\`id\` integer not null primary key autoincrement, \`group_id\` bigint not null, \`kind\` text not null, \`actor\` text not null, \`user_id\` bigint null, \`data\` json not null, \`at\` bigint not null);`);
    this.addSql(`create index \`activity_group_id_id_index\` on \`activity\` (\`group_id\`, \`id\`);`);
    this.addSql(`create table \`api_token\` (\`id\` integer not null primary key autoincrement, \`user_id\` bigint not null, \`name\` text not null, \`token_hash\` text not null, \`prefix\` text not null, \`scopes\` json not null, \`project_ids\` json null, \`created_at\` bigint not null, \`expires_at\` bigint null, \`last_used_at\` bigint null, \`revoked_at\` bigint null);`);
    this.addSql(`create unique index \`api_token_token_hash_unique\` on \`api_token\` (\`token_hash\`);`);
    this.addSql(`create index \`api_token_user_id_index\` on \`api_token\` (\`user_id\`);`);
    this.addSql(`create table \`comment\` (\`id\` integer not null primary key autoincrement, \`group_id\` bigint not null, \`user_id\` bigint null, \`author_name\` text not null, \`body\` text not null, \`created_at\` bigint not null, \`edited_at\` bigint null);`);
    this.addSql(`create index \`comment_group_id_id_index\` on \`comment\` (\`group_id\`, \`id\`);`);
    this.addSql(`create table \`digest_state\` (\`id\` integer not null primary key autoincrement, \`log_position\` bigint not null, \`counted_id\` bigint not null default '0', \`counting_id\` bigint not null default '0', \`counting_group\` bigint not null default '0');`);
    this.addSql(`create table \`dsn_key\` (\`id\` integer not null primary key autoincrement, \`project_id\` integer not null, \`label\` text not null, \`public_key\` text not null, \`status\` text not null default 'ACTIVE', \`events_per_minute\` integer null, \`created_at\` bigint not null, \`last_used_at\` bigint null);`);
    this.addSql(`create unique index \`dsn_key_public_key_unique\` on \`dsn_key\` (\`public_key\`);`);
    this.addSql(`create index \`dsn_key_project_id_index\` on \`dsn_key\` (\`project_id\`);`);
    this.addSql(`create table \`environment\` (\`project_id\` bigint not null, \`name\` text not null, \`first_seen_at\` bigint not null, primary key (\`project_id\`, \`name\`)) without rowid;`);
    this.addSql(`create table \`error_event\` (\`id\` integer not null primary key autoincrement, \`project_id\` bigint not null, \`group_id\` bigint not null, \`event_id\` blob not null, \`occurred_at\` bigint not null, \`timestamp\` bigint not null, \`received_at\` bigint not null, \`level\` text not null, \`environment\` text null, \`release\` text null, \`hash\` text not null, \`block_id\` bigint not null, \`block_index\` integer not null, \`key_id\` bigint null);`);
    this.addSql(`create index \`error_event_group_id_timestamp_id_index\` on \`error_event\` (\`group_id\`, \`timestamp\`, \`id\`);`);
    this.addSql(`create index \`error_event_block_id_index\` on \`error_event\` (\`block_id\`);`);
    this.addSql(`create unique index \`error_event_project_id_occurred_at_event_id_unique\` on \`error_event\` (\`project_id\`, \`occurred_at\`, \`event_id\`);`);
    this.addSql(`create table \`error_group\` (\`id\` integer not null primary key autoincrement, \`project_id\` bigint not null, \`number\` integer not null, \`title\` text not null, \`type\` text null, \`value\` text null, \`culprit\` text null, \`message_template\` text null, \`level\` text not null, \`status\` text not null, \`platform\` text not null, \`handled\` integer null, \`first_seen_at\` bigint not null, \`last_seen_at\` bigint not null, \`event_count\` bigint not null default '0', \`user_count\` bigint not null default '0', \`first_release\` text null, \`last_release\` text null, \`assignee_id\` bigint null, \`resolved_at\` bigint null, \`resolved_by_id\` bigint null, \`resolved_in_release\` text null, \`archived_until_at\` bigint null, \`comment_count\` integer not null default 0, \`deleted_at\` bigint null, \`updated_at\` bigint not null);`);
    this.addSql(`create index \`error_group_project_id_status_last_seen_at_id_deleted_at_index\` on \`error_group\` (\`project_id\`, \`status\`, \`last_seen_at\`, \`id\`, \`deleted_at\`);`);
    this.addSql(`create index \`error_group_status_last_seen_at_id_deleted_at_project_id_index\` on \`error_group\` (\`status\`, \`last_seen_at\`, \`id\`, \`deleted_at\`, \`project_id\`);`);
    this.addSql(`create index \`error_group_last_seen_at_id_deleted_at_project_id_index\` on \`error_group\` (\`last_seen_at\`, \`id\`, \`deleted_at\`, \`project_id\`);`);
    this.addSql(`create index \`error_group_project_id_first_seen_at_id_index\` on \`error_group\` (\`project_id\`, \`first_seen_at\`, \`id\`);`);
    this.addSql(`create unique index \`error_group_project_id_number_unique\` on \`error_group\` (\`project_id\`, \`number\`);`);
    this.addSql(`create table \`error_hour\` (\`group_id\` bigint not null, \`hour\` bigint not null, \`event_count\` bigint not null, primary key (\`group_id\`, \`hour\`)) without rowid;`);
    this.addSql(`create table \`error_tag\` (\`group_id\` bigint not null, \`key\` text not null, \`value\` text not null, \`event_count\` bigint not null, \`last_seen_at\` bigint not null, primary key (\`group_id\`, \`key\`, \`value\`)) without rowid;`);
    this.addSql(`create index \`error_tag_key_value_group_id_index\` on \`error_tag\` (\`key\`, \`value\`, \`group_id\`);`);
    this.addSql(`create table \`error_user\` (\`group_id\` bigint not null, \`user_hash\` text not null, primary key (\`group_id\`, \`user_hash\`)) without rowid;`);
    this.addSql(`create table \`event_block\` (\`id\` integer not null primary key autoincrement, \`project_id\` bigint not null, \`event_count\` integer not null, \`created_at\` bigint not null, \`data\` blob not null);`);
    this.addSql(`create index \`event_block_project_id_event_count_index\` on \`event_block\` (\`project_id\`, \`event_count\`);`);
    this.addSql(`create table \`grouping\` (\`project_id\` bigint not null, \`hash\` text not null, \`version\` text not null, \`group_id\` bigint not null, \`why\` json not null, primary key (\`project_id\`, \`hash\`)) without rowid;`);
    this.addSql(`create index \`grouping_group_id_index\` on \`grouping\` (\`group_id\`);`);
    this.addSql(`create table \`ingest_outcome\` (\`project_id\` bigint not null, \`hour\` bigint not null, \`key_id\` bigint not null, \`item\` text not null, \`outcome\` text not null, \`reason\` text not null, \`sdk\` text not null, \`quantity\` bigint not null, primary key (\`project_id\`, \`hour\`, \`key_id\`, \`item\`, \`outcome\`, \`reason\`, \`sdk\`)) without rowid;`);
    this.addSql(`create table \`invitation\` (\`id\` integer not null primary key autoincrement, \`token_hash\` text not null, \`email\` text null, \`role\` text not null, \`project_ids\` json not null, \`created_by_id\` bigint not null, \`created_at\` bigint not null, \`expires_at\` bigint not null, \`accepted_at\` bigint null);`);
    this.addSql(`create unique index \`invitation_token_hash_unique\` on \`invitation\` (\`token_hash\`);`);
    this.addSql(`create table \`project\` (\`id\` integer not null primary key autoincrement, \`slug\` text not null, \`name\` text not null, \`platform\` text null, \`status\` text not null default 'ACTIVE', \`settings\` json not null, \`created_at\` bigint not null, \`first_event_at\` bigint null, \`last_error_number\` integer not null default 0);`);
    this.addSql(`create unique index \`project_slug_unique\` on \`project\` (\`slug\`);`);
    this.addSql(`create table \`project_hour\` (\`hour\` bigint not null, \`project_id\` bigint not null, \`level\` text not null, \`event_count\` bigint not null, primary key (\`hour\`, \`project_id\`, \`level\`)) without rowid;`);
    this.addSql(`create table \`project_member\` (\`project_id\` bigint not null, \`user_id\` bigint not null, primary key (\`project_id\`, \`user_id\`)) without rowid;`);
    this.addSql(`create table \`project_minute\` (\`minute\` bigint not null, \`project_id\` bigint not null, \`level\` text not null, \`event_count\` bigint not null, primary key (\`minute\`, \`project_id\`, \`level\`)) without rowid;`);
    this.addSql(`create table \`release\` (\`project_id\` bigint not null, \`version\` text not null, \`first_seen_at\` bigint not null, \`last_seen_at\` bigint not null, \`event_count\` bigint not null, primary key (\`project_id\`, \`version\`)) without rowid;`);
    this.addSql(`create table \`session\` (\`id\` integer not null primary key autoincrement, \`token_hash\` text not null, \`user_id\` bigint not null, \`ip\` text null, \`user_agent\` text null, \`created_at\` bigint not null, \`last_seen_at\` bigint not null, \`expires_at\` bigint not null);`);
    this.addSql(`create unique index \`session_token_hash_unique\` on \`session\` (\`token_hash\`);`);
    this.addSql(`create index \`session_user_id_index\` on \`session\` (\`user_id\`);`);
    this.addSql(`create table \`undo_entry\` (\`token\` text not null primary key, \`user_id\` bigint null, \`kind\` text not null, \`expires_at\` bigint not null, \`before\` json not null);`);
    this.addSql(`create table \`app_user\` (\`id\` integer not null primary key autoincrement, \`email\` text not null, \`name\` text not null, \`password_hash\` text not null, \`role\` text not null, \`disabled_at\` bigint null, \`preferences\` json not null, \`created_at\` bigint not null, \`last_seen_at\` bigint null);`);
    this.addSql(`create unique index \`app_user_email_unique\` on \`app_user\` (\`email\`);`);
  }
}
