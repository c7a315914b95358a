import type { SideFate, SideWriter } from '../digest/side-writers.ts';

/**
 * Attachments → rows, in the digest's transaction, after the batch's events: one that came with its event is kept only if
 * the event is there (it may have been refused after all).
 */
export const writeAttachments: SideWriter<'attachment'> = async (tx, records) => {
  const fates: SideFate[] = [];
  for (const { projectId, receivedAt, data } of records) {
    const { owner, occurredAt, filename, contentType, type, sizeBytes, sha256 } = data;
    if (!/^[0-9a-f]{32}$/.test(data.eventId) || !/^[0-9a-f]{64}$/.test(sha256) || !Number.isSafeInteger(sizeBytes)) {
      fates.push({ outcome: 'invalid', reason: 'no_event_id', id: 0 });
      continue;
    }
    const eventId = Buffer.from(data.eventId, 'hex');
    const found =
      owner !== 'event' ||
      (await tx.get('select 1 as there from error_event where project_id = ? and occurred_at = ? and event_id = ?', [
        projectId,
        occurredAt ?? 0,
        eventId,
      ])) !== undefined;
    if (!found) {
      fates.push({ outcome: 'invalid', reason: 'no_event', id: 0 });
      continue;
    }
    const row = await tx.get<{ id: number }>(
      `insert into attachment (project_id, event_id, owner, filename, content_type, type, size_bytes, sha256, received_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (project_id, event_id, sha256, type, filename) do nothing returning id`,
      [projectId, eventId, owner, filename, contentType, type, sizeBytes, sha256, receivedAt],
    );
    fates.push(row === undefined ? { outcome: 'duplicate', reason: '', id: 0 } : { outcome: 'accepted', reason: '', id: row.id });
  }
  return fates;
};
