import type { ItemRoom } from '../item-room.ts';
import { refusals } from '../protocols/refusal.ts';
import { readSecurityReports } from '../protocols/security-report.ts';

/** Items `security`, `raw_security` and `nel`: a browser's report inside an envelope, as tunnels send it. */
export const securityRoom: ItemRoom = {
  types: ['security', 'raw_security', 'nel'],
  category: 'security',
  maxBytes: 1024 * 1024,
  read(item, delivery) {
    const reports = readSecurityReports(parse(item.payload), delivery.receivedAt);
    const report = reports?.[0];
    if (report === undefined) throw refusals.report('none that browsers send');
    if ('unwanted' in report) return { records: [], refused: { outcome: 'filtered', reason: report.unwanted } };
    if ('invalid' in report) throw refusals.report(report.invalid);
    return { records: [{ kind: 'event', value: report.value }] };
  },
};

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8')) as unknown;
  } catch {
    throw refusals.report('no JSON');
  }
}
