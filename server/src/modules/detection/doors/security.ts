import type { Fate, Report } from '../preparation.ts';
import { jsonText } from '../protocols/json-text.ts';
import { refusals } from '../protocols/refusal.ts';
import { readSecurityReports } from '../protocols/security-report.ts';
import { refusedFate } from './answers.ts';
import { addressOf, type Door, type DoorCall } from './door.ts';

const PATH = /^\/api\/(?<project>[^/]{1,64})\/(?<endpoint>security|csp-report|nel)(?:\/(?<key>[0-9a-fA-F]{32}))?\/?$/;
const BODY = { wireBytes: 1024 * 1024, unpackedBytes: 1024 * 1024 };

/**
 * What browsers report by themselves, at `/api/<project>/security/`, the old `/csp-report/`, and `/nel/`. The query names
 * key, `sentry_release` and `sentry_environment`, because nothing else can be set. An empty 200 answers (reference §1.1).
 */
export const securityDoor: Door = {
  source: 'security',
  item: 'security',
  methods: ['POST'],
  match: (path) => addressOf(PATH, path),
  async answer(call) {
    const delivery = call.letIn();
    const body = parse(await call.body(BODY));
    const found = readSecurityReports(body, delivery.receivedAt);
    if (found === undefined) throw refusals.report('none that browsers send');
    const item = call.path.parts?.['endpoint'] === 'nel' ? 'nel' : 'security';
    const named = names(call);
    const reports: Report[] = [];
    for (const one of found) {
      if ('unwanted' in one) call.count(item, 'filtered', one.unwanted);
      else if ('invalid' in one) call.count(item, 'invalid', one.invalid);
      else reports.push({ value: { ...one.value, ...named }, bytes: jsonText(one.value).length, item });
    }
    const fates = await call.pipeline.deliverReports(reports, delivery);
    return answerOf(fates) ?? { status: 200 };
  },
};

/** Refused only when nothing of it was taken: what was must not be sent again. */
function answerOf(fates: readonly Fate[]) {
  const refused = fates.map(refusedFate);
  return refused.every((answer) => answer !== undefined) ? refused[0] : undefined;
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) throw refusals.empty();
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw refusals.report('no JSON');
  }
}

function names({ query }: DoorCall): Record<string, string> {
  const release = query.get('sentry_release');
  const environment = query.get('sentry_environment');
  return { ...(release ? { release } : {}), ...(environment ? { environment } : {}) };
}
