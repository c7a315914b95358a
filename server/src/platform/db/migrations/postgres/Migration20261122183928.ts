import { Migration } from '@mikro-orm/migrations';

export class Migration20261122183928 extends Migration {
  override up(): void {
    this.addSql(`create table "activity" ("id" bigserial primary key, "group_id" bigint not null, "kind" text not null, "actor" text not null, "user_id" bigint null, "data" jsonb not null, "at" bigint not null);`);
    this.addSql(`create index "activity_group_id_id_index" on "activity" ("group_id", "id");`);
    this.addSql(`create table "api_token" ("id" bigserial primary key, "user_id" bigint not null, "name" text not null, "token_hash" text not null, "prefix" text not null, "scopes" jsonb not null, "project_ids" jsonb null, "created_at" bigint not null, "expires_at" bigint null, "last_used_at" bigint null, "revoked_at" bigint null);`);
    this.addSql(`alter table "api_token" add constraint "api_token_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "api_token_user_id_index" on "api_token" ("user_id");`);
    this.addSql(`create table "comment" ("id" bigserial primary key, "group_id" bigint not null, "user_id" bigint null, "author_name" text not null, "body" text not null, "created_at" bigint not null, "edited_at" bigint null);`);
    this.addSql(`create index "comment_group_id_id_index" on "comment" ("group_id", "id");`);
    this.addSql(`create table "digest_state" ("id" serial primary key, "log_position" bigint not null, "counted_id" bigint not null default '0', "counting_id" bigint not null default '0', "counting_group" bigint not null default '0');`);
    this.addSql(`create table "dsn_key" ("id" serial primary key, "project_id" int not null, "label" text not null, "public_key" text not null, "status" text not null default 'ACTIVE', "events_per_minute" int null, "created_at" bigint not null, "last_used_at" bigint null);`);
    this.addSql(`alter table "dsn_key" add constraint "dsn_key_public_key_unique" unique ("public_key");`);
    this.addSql(`create index "dsn_key_project_id_index" on "dsn_key" ("project_id");`);
    this.addSql(`create table "environment" ("project_id" bigint not null, "name" text not null, "first_seen_at" bigint not null, primary key ("project_id", "name"));`);
    this.addSql(`create table "error_event" ("id" bigserial primary key, "project_id" bigint not null, "group_id" bigint not null, "event_id" bytea not null, "occurred_at" bigint not null, "timestamp" bigint not null, "received_at" bigint not null, "level" text not null, "environment" text null, "release" text null, "hash" text not null, "block_id" bigint not null, "block_index" int not null, "key_id" bigint null);`);
    this.addSql(`create index "error_event_group_id_timestamp_id_index" on "error_event" ("group_id", "timestamp", "id");`);
    this.addSql(`create index "error_event_block_id_index" on "error_event" ("block_id");`);
    this.addSql(`alter table "error_event" add constraint "error_event_project_id_occurred_at_event_id_unique" unique ("project_id", "occurred_at", "event_id");`);
    this.addSql(`create table "error_group" ("id" bigserial primary key, "project_id" bigint not null, "number" int not null, "title" text not null, "type" text null, "value" text null, "culprit" text null, "message_template" text null, "level" text not null, "status" text not null, "platform" text not null, "handled" boolean null, "first_seen_at" bigint not null, "last_seen_at" bigint not null, "event_count" bigint not null default '0', "user_count" bigint not null default '0', "first_release" text null, "last_release" text null, "assignee_id" bigint null, "resolved_at" bigint null, "resolved_by_id" bigint null, "resolved_in_release" text null, "archived_until_at" bigint null, "comment_count" int not null default 0, "deleted_at" bigint null, "updated_at" bigint not null);`);
    this.addSql(`create index "error_group_project_id_status_last_seen_at_id_deleted_at_index" on "error_group" ("project_id", "status", "last_seen_at", "id", "deleted_at");`);
    this.addSql(`create index "error_group_status_last_seen_at_id_deleted_at_project_id_index" on "error_group" ("status", "last_seen_at", "id", "deleted_at", "project_id");`);
    this.addSql(`create index "error_group_last_seen_at_id_deleted_at_project_id_index" on "error_group" ("last_seen_at", "id", "deleted_at", "project_id");`);
    this.addSql(`create index "error_group_project_id_first_seen_at_id_index" on "error_group" ("project_id", "first_seen_at", "id");`);
    this.addSql(`alter table "error_group" add constraint "error_group_project_id_number_unique" unique ("project_id", "number");`);
    this.addSql(`create table "error_hour" ("group_id" bigint not null, "hour" bigint not null, "event_count" bigint not null, primary key ("group_id", "hour"));`);
    this.addSql(`create table "error_tag" ("group_id" bigint not null, "key" text not null, "value" text not null, "event_count" bigint not null, "last_seen_at" bigint not null, primary key ("group_id", "key", "value"));`);
    this.addSql(`create index "error_tag_key_value_group_id_index" on "error_tag" ("key", "value", "group_id");`);
    this.addSql(`create table "error_user" ("group_id" bigint not null, "user_hash" text not null, primary key ("group_id", "user_hash"));`);
    this.addSql(`create table "event_block" ("id" bigserial primary key, "project_id" bigint not null, "event_count" int not null, "created_at" bigint not null, "data" bytea not null);`);
    this.addSql(`create index "event_block_project_id_event_count_index" on "event_block" ("project_id", "event_count");`);
    this.addSql(`create table "grouping" ("project_id" bigint not null, "hash" text not null, "version" text not null, "group_id" bigint not null, "why" jsonb not null, primary key ("project_id", "hash"));`);
    this.addSql(`create index "grouping_group_id_index" on "grouping" ("group_id");`);
    this.addSql(`create table "ingest_outcome" ("project_id" bigint not null, "hour" bigint not null, "key_id" bigint not null, "item" text not null, "outcome" text not null, "reason" text not null, "sdk" text not null, "quantity" bigint not null, primary key ("project_id", "hour", "key_id", "item", "outcome", "reason", "sdk"));`);
    this.addSql(`create table "invitation" ("id" bigserial primary key, "token_hash" text not null, "email" text null, "role" text not null, "project_ids" jsonb not null, "created_by_id" bigint not null, "created_at" bigint not null, "expires_at" bigint not null, "accepted_at" bigint null);`);
    this.addSql(`alter table "invitation" add constraint "invitation_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create table "project" ("id" serial primary key, "slug" text not null, "name" text not null, "platform" text null, "status" text not null default 'ACTIVE', "settings" jsonb not null, "created_at" bigint not null, "first_event_at" bigint null, "last_error_number" int not null default 0);`);
    this.addSql(`alter table "project" add constraint "project_slug_unique" unique ("slug");`);
    this.addSql(`create table "project_hour" ("hour" bigint not null, "project_id" bigint not null, "level" text not null, "event_count" bigint not null, primary key ("hour", "project_id", "level"));`);
    this.addSql(`create table "project_member" ("project_id" bigint not null, "user_id" bigint not null, primary key ("project_id", "user_id"));`);
    this.addSql(`create table "project_minute" ("minute" bigint not null, "project_id" bigint not null, "level" text not null, "event_count" bigint not null, primary key ("minute", "project_id", "level"));`);
    this.addSql(`create table "release" ("project_id" bigint not null, "version" text not null, "first_seen_at" bigint not null, "last_seen_at" bigint not null, "event_count" bigint not null, primary key ("project_id", "version"));`);
    this.addSql(`create table "session" ("id" bigserial primary key, "token_hash" text not null, "user_id" bigint not null, "ip" text null, "user_agent" text null, "created_at" bigint not null, "last_seen_at" bigint not null, "expires_at" bigint not null);`);
    this.addSql(`alter table "session" add constraint "session_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "session_user_id_index" on "session" ("user_id");`);
    this.addSql(`create table "undo_entry" ("token" text not null, "user_id" bigint null, "kind" text not null, "expires_at" bigint not null, "before" jsonb not null, primary key ("token"));`);
    this.addSql(`create table "app_user" ("id" bigserial primary key, "email" text not null, "name" text not null, "password_hash" text not null, "role" text not null, "disabled_at" bigint null, "preferences" jsonb not null, "created_at" bigint not null, "last_seen_at" bigint null);`);
    this.addSql(`alter table "app_user" add constraint "app_user_email_unique" unique ("email");`);
  }
}
