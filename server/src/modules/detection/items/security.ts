import type { ItemRoom } from '../item-room.ts';
import { refusals } from '../protocols/refusal.ts';
import { readSecurityReports } from '../protocols/security-report.ts';

/** Items `security`, `raw_security` and `nel`: a browser's report inside an envelope, as tunnels send it. */
export const securityRoom: ItemRoom = {
  types: ['security', 'raw_security', 'nel'],
  category: 'security',
  maxBytes: 1024 * 1024,
  read(item, delivery) {
    const reports = readSecurityReports(parse(item.payload), delivery.receivedAt) ?? [];
    const [first] = reports;
    if (first === undefined) throw refusals.report('none that browsers send');
    // A list of reports is one item: it is kept when one of them is, and refused as the first is when none.
    const wanted = reports.flatMap((report) => ('value' in report ? [report.value] : []));
    if (wanted.length > 0) return { records: wanted.map((value) => ({ kind: 'event', value })) };
    if ('unwanted' in first) return { records: [], refused: { outcome: 'filtered', reason: first.unwanted } };
    throw refusals.report('invalid' in first ? first.invalid : 'none that browsers send');
  },
};

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8')) as unknown;
  } catch {
    throw refusals.report('no JSON');
  }
}
