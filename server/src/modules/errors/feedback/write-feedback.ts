import type { SideFate, SideWriter } from '../digest/side-writers.ts';

/** Feedback → rows, in the digest's transaction. Links are found afterwards, off this path. */
export const writeFeedback: SideWriter<'feedback'> = async (tx, records) => {
  const fates: SideFate[] = [];
  for (const { projectId, receivedAt, data } of records) {
    const { feedbackId, eventId, message, name, email, url, environment, release, source, timestamp } = data;
    const row = await tx.get<{ id: number }>(
      `insert into feedback (project_id, feedback_id, event_id, status, message, name, email, url, environment, release,
         source, timestamp, received_at)
       values (?, ?, ?, 'UNREAD', ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (project_id, feedback_id) do nothing returning id`,
      [
        projectId,
        Buffer.from(feedbackId, 'hex'),
        eventId === undefined ? null : Buffer.from(eventId, 'hex'),
        message,
        name ?? null,
        email ?? null,
        url ?? null,
        environment ?? null,
        release ?? null,
        source,
        timestamp,
        receivedAt,
      ],
    );
    fates.push(row === undefined ? { outcome: 'duplicate', reason: '', id: 0 } : { outcome: 'accepted', reason: '', id: row.id });
  }
  return fates;
};
