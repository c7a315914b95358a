import { ApiToken, Invitation, ProjectMember, Session, User } from './modules/access/access.entity.ts';
import { IngestOutcome } from './modules/detection/ingest-outcome.entity.ts';
import { Activity, Comment, UndoEntry } from './modules/errors/activity.entity.ts';
import { Attachment } from './modules/errors/attachments/attachment.entity.ts';
import { ErrorEvent, EventBlock } from './modules/errors/error-event.entity.ts';
import { ErrorGroup, Grouping } from './modules/errors/error-group.entity.ts';
import { Feedback } from './modules/errors/feedback/feedback.entity.ts';
import {
  Monitor,
  MonitorCheckIn,
  MonitorClock,
  MonitorEnvironment,
  MonitorIncident,
} from './modules/errors/monitors/monitor.entity.ts';
import {
  ReleaseDay,
  ReleaseHour,
  ReleaseSession,
  ReleaseUser,
  SessionWindow,
} from './modules/errors/release-health/release-health.entity.ts';
import { DigestState, ErrorHour, ErrorTag, ErrorUser, ProjectHour, ProjectMinute } from './modules/errors/rollups.entity.ts';
import { TraceLink } from './modules/errors/traces/trace-link.entity.ts';
import {
  ArtifactBundle,
  ArtifactFile,
  ReleaseCommit,
  ReleaseDeploy,
  ReleaseNote,
} from './modules/projects/artifacts/artifact.entity.ts';
import { LogSource } from './modules/projects/log-source.entity.ts';
import { Pattern } from './modules/projects/pattern.entity.ts';
import { DsnKey, Environment, Project, Release } from './modules/projects/project.entity.ts';

/** Every table, for the ORM and the migrations. */
export const entities = [
  User,
  Session,
  ApiToken,
  Invitation,
  ProjectMember,
  Project,
  DsnKey,
  Pattern,
  Release,
  Environment,
  ArtifactBundle,
  ArtifactFile,
  ReleaseNote,
  ReleaseDeploy,
  ReleaseCommit,
  LogSource,
  IngestOutcome,
  ErrorGroup,
  Grouping,
  ErrorEvent,
  EventBlock,
  ErrorTag,
  ErrorUser,
  ErrorHour,
  ProjectMinute,
  ProjectHour,
  DigestState,
  Activity,
  Comment,
  UndoEntry,
  Attachment,
  Feedback,
  TraceLink,
  ReleaseHour,
  ReleaseDay,
  ReleaseUser,
  ReleaseSession,
  SessionWindow,
  Monitor,
  MonitorEnvironment,
  MonitorCheckIn,
  MonitorIncident,
  MonitorClock,
];
