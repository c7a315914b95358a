const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
const ISO = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(Z|z|[+-]\d\d:?\d\d)?$/;

/** A client whose clock differs by less than this is left alone: sending takes time too. */
const TOLERATED_DRIFT_MS = 30_000;

/**
 * Milliseconds UTC from what SDKs send: RFC 3339 (without a zone: UTC) or seconds since the epoch as number or text; a
 * number that can only be milli-, micro- or nanoseconds is read as that. Undefined for anything else, and for times
 * before 2000 or after 2099.
 */
export function parseTime(value: unknown): number | undefined {
  let ms: number;
  if (typeof value === 'number') ms = fromNumber(value);
  else if (typeof value === 'string') {
    const iso = ISO.exec(value);
    if (iso) {
      const plain = value.trim().replace(' ', 'T').replace(',', '.').toUpperCase();
      ms = Date.parse(iso[1] === undefined && plain.length > 10 ? `${plain}Z` : plain.replace(/\s+/g, ''));
    } else if (/^\d{9,19}(?:\.\d{1,9})?$/.test(value)) ms = fromNumber(Number(value));
    else return undefined;
  } else return undefined;
  return ms >= EARLIEST && ms < LATEST ? Math.round(ms) : undefined;
}

function fromNumber(value: number): number {
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1000 : value / 1e6;
}

/**
 * When an event happened, best knowledge. `sentAt` is the client's clock when it sent (envelope header): the difference to
 * ours, if it is no mere delay, is taken off. Never in the future.
 */
export function correctTime(
  occurredAt: number | undefined,
  receivedAt: number,
  sentAt: number | undefined,
): { timestamp: number; note?: string } {
  if (occurredAt === undefined) return { timestamp: receivedAt };
  const drift = sentAt === undefined ? 0 : receivedAt - sentAt;
  const drifted = Math.abs(drift) >= TOLERATED_DRIFT_MS;
  const corrected = drifted ? occurredAt + drift : occurredAt;
  if (corrected > receivedAt) {
    const ahead = Math.round((corrected - receivedAt) / 1000);
    return { timestamp: receivedAt, ...(ahead >= 60 ? { note: `was ${ahead} s in the future` } : {}) };
  }
  return {
    timestamp: corrected,
    ...(drifted ? { note: `the client's clock is off by ${Math.round(-drift / 1000)} s; corrected` } : {}),
  };
}
