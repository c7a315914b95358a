import type { ContentStore } from '../../platform/files/content-store.ts';
import { attachmentsDoor } from './doors/attachments.ts';
import type { Door } from './doors/door.ts';
import { minidumpDoor } from './doors/minidump.ts';
import { securityDoor } from './doors/security.ts';
import { unrealDoor } from './doors/unreal.ts';
import { crashDialogDoor, userFeedbackDoor } from './doors/user-feedback.ts';
import type { ItemRoom } from './item-room.ts';
import { attachmentRoom } from './items/attachment.ts';
import { feedbackRoom } from './items/feedback.ts';
import { logRoom } from './items/log.ts';
import { securityRoom } from './items/security.ts';
import { spanRoom, transactionRoom } from './items/transaction.ts';
import type { TraceLinks } from './trace-links.ts';

/** What Sentry's SDKs send in envelopes besides events: files, feedback, logs, reports, transactions and spans. */
export function sentryRooms(store: ContentStore, traces: TraceLinks): ItemRoom[] {
  return [attachmentRoom(store), feedbackRoom, logRoom(traces), securityRoom, transactionRoom(traces), spanRoom(traces)];
}

/** Their addresses besides envelope and store. */
export function sentryDoors(store: ContentStore): Door[] {
  return [attachmentsDoor(store), minidumpDoor(store), unrealDoor(store), securityDoor, userFeedbackDoor, crashDialogDoor];
}
