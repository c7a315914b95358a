import type { Delivery } from '../delivery.ts';
import { readUserReport } from '../items/feedback.ts';
import { isObject } from '../normalize/reading.ts';
import { readEventId } from '../normalize.ts';
import { refusals } from '../protocols/refusal.ts';
import { parseDsn } from '../protocols/sentry-auth.ts';
import { overLimit } from './answers.ts';
import { dialogScript } from './crash-dialog.ts';
import type { Door, DoorAnswer, DoorCall } from './door.ts';

const LEGACY = /^\/api\/0\/projects\/[^/]{1,64}\/[^/]{1,64}\/user-feedback\/?$/;
const EMBED = /^\/api\/embed\/error-page\/?$/;
const BODY = { wireBytes: 64 * 1024, unpackedBytes: 64 * 1024 };

/**
 * `POST /api/0/projects/<organisation>/<project>/user-feedback/`: the old way to hand in what a user wrote, with
 * `Authorization: DSN <dsn>`. Organisation and slug in the address are passed over: the key names the project.
 */
export const userFeedbackDoor: Door = {
  source: 'user-feedback',
  item: 'user_report',
  methods: ['POST'],
  match: (path) => (LEGACY.test(path) ? {} : undefined),
  async answer(call) {
    const dsn = /^dsn\s+(\S{1,1024})$/i.exec(call.headers.authorization ?? '')?.[1];
    let value: unknown;
    const delivery = call.letIn(dsn === undefined ? undefined : credentialsOf(dsn));
    try {
      value = JSON.parse((await call.body(BODY)).toString('utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) throw refusals.feedback('no JSON');
      throw error;
    }
    if (!isObject(value)) throw refusals.feedback('no JSON object');
    if (readEventId(value['event_id']) === undefined) throw refusals.noEventId();
    const refusal = await keep(call, delivery, value);
    const said = (field: string) => (typeof value[field] === 'string' ? value[field] : null);
    const body = { eventID: said('event_id'), name: said('name'), email: said('email'), comments: said('comments') };
    return refusal ?? { status: 200, body };
  },
};

/**
 * `/api/embed/error-page/`: what `showReportDialog` of the browser SDKs loads (GET: a script that shows the form) and what
 * its form sends (POST). DSN and event id come in the query.
 */
export const crashDialogDoor: Door = {
  source: 'crash-dialog',
  item: 'user_report',
  methods: ['GET', 'POST'],
  match: (path) => (EMBED.test(path) ? {} : undefined),
  async answer(call) {
    const { query } = call;
    const dsn = query.get('dsn') ?? '';
    const eventId = readEventId(query.get('eventId'));
    const delivery = call.letIn(credentialsOf(dsn));
    if (eventId === undefined) throw refusals.noEventId();
    if (call.method === 'GET') {
      const script = dialogScript(query);
      const headers = {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
      };
      return { status: 200, body: script, type: 'text/javascript; charset=utf-8', headers };
    }
    const form = new URLSearchParams((await call.body(BODY)).toString('utf8'));
    const report = { event_id: eventId, name: form.get('name'), email: form.get('email'), comments: form.get('comments') };
    return (await keep(call, delivery, report)) ?? { status: 200, body: {} };
  },
};

function credentialsOf(dsn: string): { key: string; client: undefined } {
  return { key: parseDsn(dsn).key, client: undefined };
}

/** @returns the answer when it was not kept */
async function keep(call: DoorCall, delivery: Delivery, report: Record<string, unknown>): Promise<DoorAnswer | undefined> {
  const limited = overLimit(call, delivery, 'feedback', 'user_report');
  if (limited !== undefined) return limited;
  const data = readUserReport(report, delivery);
  await call.pipeline.deliverRecords([{ kind: 'side', side: 'feedback', data }], 'user_report', delivery);
  return undefined;
}
