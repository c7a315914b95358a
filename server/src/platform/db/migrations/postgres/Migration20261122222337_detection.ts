import { Migration } from '@mikro-orm/migrations';

export class Migration20261122222337_detection extends Migration {
  override up(): void {
    this.addSql(`create table "artifact_bundle" ("id" bigserial primary key, "project_id" bigint not null, "kind" text not null, "checksum" text not null, "release" text not null, "dist" text not null, "file_count" int not null, "map_count" int not null, "size_bytes" bigint not null, "stored_bytes" bigint not null, "uploaded_at" bigint not null, "uploaded_by" text not null, "last_used_at" bigint null, "applied_at" bigint null, "problems" jsonb not null);`);
    this.addSql(`create index "artifact_bundle_project_id_uploaded_at_index" on "artifact_bundle" ("project_id", "uploaded_at");`);
    this.addSql(`create index "artifact_bundle_project_id_release_index" on "artifact_bundle" ("project_id", "release");`);
    this.addSql(`create index "artifact_bundle_applied_at_index" on "artifact_bundle" ("applied_at");`);
    this.addSql(`create table "artifact_file" ("id" bigserial primary key, "bundle_id" bigint not null, "project_id" bigint not null, "release" text not null, "dist" text not null, "type" text not null, "url" text not null, "debug_id" text null, "map_url" text null, "sha256" text null, "size_bytes" bigint not null, "stored_bytes" bigint not null, "problem" text null);`);
    this.addSql(`create index "artifact_file_project_id_debug_id_index" on "artifact_file" ("project_id", "debug_id");`);
    this.addSql(`create index "artifact_file_project_id_release_url_index" on "artifact_file" ("project_id", "release", "url");`);
    this.addSql(`create index "artifact_file_bundle_id_index" on "artifact_file" ("bundle_id");`);
    this.addSql(`create index "artifact_file_sha256_index" on "artifact_file" ("sha256");`);
    this.addSql(`create table "attachment" ("id" bigserial primary key, "project_id" bigint not null, "event_id" bytea not null, "owner" text not null, "filename" text not null, "content_type" text not null, "type" text not null, "size_bytes" bigint not null, "sha256" text not null, "received_at" bigint not null);`);
    this.addSql(`create index "attachment_sha256_index" on "attachment" ("sha256");`);
    this.addSql(`create index "attachment_project_id_id_index" on "attachment" ("project_id", "id");`);
    this.addSql(`create index "attachment_owner_received_at_index" on "attachment" ("owner", "received_at");`);
    this.addSql(`alter table "attachment" add constraint "attachment_project_id_event_id_sha256_type_filename_unique" unique ("project_id", "event_id", "sha256", "type", "filename");`);
    this.addSql(`create table "feedback" ("id" bigserial primary key, "project_id" bigint not null, "feedback_id" bytea not null, "event_id" bytea null, "group_id" bigint null, "status" text not null default 'UNREAD', "message" text not null, "name" text null, "email" text null, "url" text null, "environment" text null, "release" text null, "source" text not null, "timestamp" bigint not null, "received_at" bigint not null);`);
    this.addSql(`create index "feedback_project_id_status_id_index" on "feedback" ("project_id", "status", "id");`);
    this.addSql(`create index "feedback_group_id_id_index" on "feedback" ("group_id", "id");`);
    this.addSql(`create index "feedback_status_id_index" on "feedback" ("status", "id");`);
    this.addSql(`alter table "feedback" add constraint "feedback_project_id_feedback_id_unique" unique ("project_id", "feedback_id");`);
    this.addSql(`create table "log_source" ("id" serial primary key, "project_id" int not null, "name" text not null, "globs" jsonb not null, "exclusions" jsonb not null, "start_at" text not null default 'END', "start_lines" int not null default 0, "encoding" text not null default 'auto', "wrapper" text not null default 'auto', "time_zone" text null, "patterns_enabled" boolean not null default true, "min_level" text not null default 'error', "error_lines" boolean not null default true, "environment" text null, "release" text null, "tags" jsonb not null, "polling" text not null default 'AUTO', "poll_interval_ms" int not null default 500, "flush_after_ms" int not null default 1000, "enabled" boolean not null default true, "watcher" text not null default 'SERVER', "created_at" bigint not null, "revision" int not null default 1, "deleted_at" bigint null);`);
    this.addSql(`create index "log_source_project_id_index" on "log_source" ("project_id");`);
    this.addSql(`create table "monitor" ("id" bigserial primary key, "project_id" bigint not null, "slug" text not null, "name" text not null, "schedule_type" text not null, "schedule" text not null, "interval_unit" text null, "timezone" text not null, "margin_minutes" int not null, "max_runtime_minutes" int not null, "failure_threshold" int not null, "recovery_threshold" int not null, "origin" text not null, "paused" int not null default 0, "muted" int not null default 0, "created_at" bigint not null, "updated_at" bigint not null);`);
    this.addSql(`alter table "monitor" add constraint "monitor_project_id_slug_unique" unique ("project_id", "slug");`);
    this.addSql(`create table "monitor_check_in" ("id" bigserial primary key, "project_id" bigint not null, "monitor_id" bigint not null, "environment_id" bigint not null, "check_in_id" text not null, "ended_by" text null, "status" text not null, "started_at" bigint not null, "ended_at" bigint null, "duration_ms" bigint null, "expected_at" bigint null, "timeout_at" bigint null, "release" text null, "trace_id" text null, "incident_id" bigint null, "report_state" text null);`);
    this.addSql(`create index "monitor_check_in_environment_id_started_at_index" on "monitor_check_in" ("environment_id", "started_at");`);
    this.addSql(`create index "monitor_check_in_environment_id_ended_at_index" on "monitor_check_in" ("environment_id", "ended_at");`);
    this.addSql(`create index "monitor_check_in_monitor_id_started_at_index" on "monitor_check_in" ("monitor_id", "started_at");`);
    this.addSql(`create index "monitor_check_in_project_id_check_in_id_index" on "monitor_check_in" ("project_id", "check_in_id");`);
    this.addSql(`create index "monitor_check_in_timeout_at_index" on "monitor_check_in" ("timeout_at");`);
    this.addSql(`create index "monitor_check_in_report_state_index" on "monitor_check_in" ("report_state");`);
    this.addSql(`create table "monitor_clock" ("id" serial primary key, "judged_up_to" bigint not null, "blinds" text not null);`);
    this.addSql(`create table "monitor_environment" ("id" bigserial primary key, "monitor_id" bigint not null, "project_id" bigint not null, "name" text not null, "state" text not null, "last_check_in_at" bigint null, "last_ok_at" bigint null, "next_expected_at" bigint null, "failures_in_row" int not null default 0, "ok_in_row" int not null default 0, "incident_id" bigint null, "created_at" bigint not null);`);
    this.addSql(`create index "monitor_environment_next_expected_at_index" on "monitor_environment" ("next_expected_at");`);
    this.addSql(`alter table "monitor_environment" add constraint "monitor_environment_monitor_id_name_unique" unique ("monitor_id", "name");`);
    this.addSql(`create table "monitor_incident" ("id" bigserial primary key, "project_id" bigint not null, "monitor_id" bigint not null, "environment_id" bigint not null, "started_at" bigint not null, "recovered_at" bigint null, "settle_state" text null);`);
    this.addSql(`create index "monitor_incident_environment_id_id_index" on "monitor_incident" ("environment_id", "id");`);
    this.addSql(`create index "monitor_incident_settle_state_index" on "monitor_incident" ("settle_state");`);
    this.addSql(`create table "pattern" ("id" bigserial primary key, "project_id" bigint not null, "name" text not null, "position" int not null, "enabled" boolean not null default true, "body" jsonb not null, "created_at" bigint not null, "updated_at" bigint not null);`);
    this.addSql(`alter table "pattern" add constraint "pattern_project_id_name_unique" unique ("project_id", "name");`);
    this.addSql(`create table "release_commit" ("project_id" bigint not null, "version" text not null, "place" int not null, "commit" text not null, "repository" text null, "message" text null, "author_name" text null, "author_email" text null, "committed_at" bigint null, primary key ("project_id", "version", "place"));`);
    this.addSql(`create table "release_day" ("project_id" bigint not null, "day" bigint not null, "release" text not null, "environment" text not null, "user_count" bigint not null, "crashed_user_count" bigint not null, primary key ("project_id", "day", "release", "environment"));`);
    this.addSql(`create table "release_deploy" ("id" bigserial primary key, "project_id" bigint not null, "version" text not null, "environment" text not null, "name" text null, "url" text null, "started_at" bigint null, "finished_at" bigint not null);`);
    this.addSql(`create index "release_deploy_project_id_version_index" on "release_deploy" ("project_id", "version");`);
    this.addSql(`create table "release_hour" ("project_id" bigint not null, "hour" bigint not null, "release" text not null, "environment" text not null, "session_count" bigint not null, "errored_count" bigint not null, "abnormal_count" bigint not null, "crashed_count" bigint not null, primary key ("project_id", "hour", "release", "environment"));`);
    this.addSql(`create table "release_note" ("project_id" bigint not null, "version" text not null, "url" text null, "ref" text null, "created_at" bigint not null, "started_at" bigint null, "released_at" bigint null, primary key ("project_id", "version"));`);
    this.addSql(`create table "release_session" ("project_id" bigint not null, "session_id" bytea not null, "sequence" bigint not null, "state" int not null, "release" text not null, "environment" text not null, "started_at" bigint not null, "user_hash" text null, primary key ("project_id", "session_id"));`);
    this.addSql(`create index "release_session_project_id_started_at_index" on "release_session" ("project_id", "started_at");`);
    this.addSql(`create table "release_user" ("project_id" bigint not null, "day" bigint not null, "release" text not null, "environment" text not null, "user_hash" text not null, "crashed" int not null, primary key ("project_id", "day", "release", "environment", "user_hash"));`);
    this.addSql(`create table "session_window" ("project_id" bigserial primary key, "kept" bigint not null, "forgotten_up_to" bigint not null);`);
    this.addSql(`create table "trace_link" ("id" bigserial primary key, "project_id" bigint not null, "trace_id" bytea not null, "transaction" text not null, "op" text null, "status" text null, "started_at" bigint not null, "duration_ms" int not null);`);
    this.addSql(`create index "trace_link_project_id_trace_id_index" on "trace_link" ("project_id", "trace_id");`);
    this.addSql(`alter table "dsn_key" add "quotas" jsonb not null default '[]';`);
  }
}
