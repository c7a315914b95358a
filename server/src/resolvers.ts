import { ApiTokenResolver } from './modules/access/api-token.resolver.ts';
import { InvitationResolver } from './modules/access/invitation.resolver.ts';
import { SessionResolver } from './modules/access/session.resolver.ts';
import { UserResolver } from './modules/access/user.resolver.ts';
import { ViewerResolver } from './modules/access/viewer.resolver.ts';
import { ProjectOutcomesResolver } from './modules/detection/outcome.resolver.ts';
import { PatternPreviewResolver } from './modules/detection/preview/pattern-preview.resolver.ts';
import { ReportResolver } from './modules/detection/report.resolver.ts';
import { ProjectSpikeResolver } from './modules/detection/spike.resolver.ts';
import { LogSourceStatusResolver, LogSourceTailResolver } from './modules/detection/tail/log-source-status.resolver.ts';
import { AttachmentResolver, EventAttachmentsResolver } from './modules/errors/attachments/attachment.resolver.ts';
import { ActivityResolver, CommentsResolver } from './modules/errors/comments.resolver.ts';
import { ErrorChangesResolver } from './modules/errors/error-changes.resolver.ts';
import { ErrorEventConnectionResolver, ErrorEventResolver } from './modules/errors/error-event.resolver.ts';
import { ErrorGroupResolver } from './modules/errors/error-group.resolver.ts';
import { ErrorsResolver } from './modules/errors/errors.resolver.ts';
import {
  ErrorFeedbackResolver,
  FeedbackConnectionResolver,
  FeedbackResolver,
} from './modules/errors/feedback/feedback.resolver.ts';
import { ErrorChangedResolver, ReceivedEventsResolver } from './modules/errors/live-errors.resolver.ts';
import { LogSourceErrorsResolver } from './modules/errors/log-source-errors.resolver.ts';
import { MonitorChangedResolver, MonitorResolver } from './modules/errors/monitors/monitor.resolver.ts';
import { OverviewResolver } from './modules/errors/overview.resolver.ts';
import { ProjectErrorsResolver } from './modules/errors/project-errors.resolver.ts';
import { ReleaseConnectionResolver, ReleaseResolver } from './modules/errors/release-health/release.resolver.ts';
import { EventLinksResolver } from './modules/errors/traces/trace-link.resolver.ts';
import { SystemResolver } from './modules/metrics/system.resolver.ts';
import {
  ApiTokenProjectsResolver,
  InvitationProjectsResolver,
  UserProjectsResolver,
} from './modules/projects/access-projects.resolver.ts';
import {
  ArtifactBundleResolver,
  ProjectArtifactsResolver,
  ReleaseRecordsResolver,
} from './modules/projects/artifacts/artifact.resolver.ts';
import { DsnKeyResolver } from './modules/projects/dsn-key.resolver.ts';
import { LogSourceResolver, ProjectLogSourcesResolver } from './modules/projects/log-source.resolver.ts';
import { PatternResolver, ProjectPatternsResolver } from './modules/projects/pattern.resolver.ts';
import { ProjectResolver } from './modules/projects/project.resolver.ts';
import { ProjectFieldsResolver } from './modules/projects/project-fields.resolver.ts';

/** Every resolver class, for the schema and its printed form. `compose.ts` makes the instances. */
// biome-ignore lint/complexity/noBannedTypes: a class as type-graphql takes it
export const RESOLVERS: readonly Function[] = [
  ApiTokenResolver,
  InvitationResolver,
  SessionResolver,
  UserResolver,
  ViewerResolver,
  CommentsResolver,
  ActivityResolver,
  ErrorChangesResolver,
  ErrorEventResolver,
  ErrorEventConnectionResolver,
  EventAttachmentsResolver,
  AttachmentResolver,
  FeedbackResolver,
  FeedbackConnectionResolver,
  ErrorFeedbackResolver,
  EventLinksResolver,
  ErrorGroupResolver,
  ErrorsResolver,
  ReceivedEventsResolver,
  ErrorChangedResolver,
  OverviewResolver,
  ProjectErrorsResolver,
  ReleaseResolver,
  ReleaseConnectionResolver,
  MonitorResolver,
  MonitorChangedResolver,
  SystemResolver,
  UserProjectsResolver,
  ApiTokenProjectsResolver,
  InvitationProjectsResolver,
  ProjectArtifactsResolver,
  ArtifactBundleResolver,
  ReleaseRecordsResolver,
  DsnKeyResolver,
  PatternResolver,
  ProjectPatternsResolver,
  PatternPreviewResolver,
  ProjectFieldsResolver,
  ProjectResolver,
  ProjectOutcomesResolver,
  ReportResolver,
  ProjectSpikeResolver,
  LogSourceResolver,
  ProjectLogSourcesResolver,
  LogSourceTailResolver,
  LogSourceStatusResolver,
  LogSourceErrorsResolver,
];
