import type { IngestKey } from './ingest-keys.ts';
import { wellFormed } from './normalize/reading.ts';
import { parseTime } from './normalize/time.ts';
import { type NormalizeSource, readEventId } from './normalize.ts';
import type { EnvelopeHeader } from './protocols/sentry-envelope.ts';

/** Everything about a request that is not in its items. */
export interface Delivery {
  key: IngestKey;
  /** How it came in: sentry-envelope, sentry-store, otlp, graphql, log-line, … */
  source: string;
  receivedAt: number;
  /** Empty if the connection is gone. */
  clientIp: string;
  userAgent: string | undefined;
  /** `name/version` of the SDK from the key header; the envelope header's word wins. */
  client: string | undefined;
  header: EnvelopeHeader;
  /**
   * Whoever brings this keeps it and brings it again (a log file is its own buffer): what meets a limit or a full disk has
   * no outcome yet.
   */
  returns?: boolean;
  /**
   * Read out of a file that is followed, here or by `errata tail` elsewhere: it may be of long ago, and catching up with it
   * looks like a spike. Quotas hold it up; spike protection, which drops, leaves it alone.
   */
  followed?: boolean;
}

/** What normalising an event needs to know of its delivery. `escapes`: its JSON text had `\u` escapes. */
export function sourceOf(delivery: Delivery, escapes: boolean): NormalizeSource {
  const { header } = delivery;
  const eventId = readEventId(header.eventId);
  const sentAt = parseTime(header.sentAt);
  const sdk = sdkOf(delivery);
  return {
    source: delivery.source,
    receivedAt: delivery.receivedAt,
    settings: delivery.key.settings,
    escapes,
    ...(eventId === undefined ? {} : { eventId }),
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(delivery.clientIp === '' ? {} : { clientIp: delivery.clientIp }),
    ...(delivery.userAgent === undefined ? {} : { userAgent: delivery.userAgent }),
    ...(sdk === undefined ? {} : { sdk }),
    ...(typeof header.traceId === 'string' ? { traceId: header.traceId } : {}),
  };
}

/** `name/version` of the SDK behind a delivery; empty if unknown. */
export function sdkText(delivery: Delivery): string {
  const sdk = sdkOf(delivery);
  return sdk === undefined ? '' : sdk.version === undefined ? (sdk.name ?? '') : `${sdk.name}/${sdk.version}`;
}

function sdkOf({ header, client }: Delivery): { name?: string; version?: string } | undefined {
  const said = header.sdk;
  if (typeof said === 'object' && said !== null) {
    const { name, version } = said as Record<string, unknown>;
    if (typeof name === 'string' && name !== '')
      return { name: short(name), ...(typeof version === 'string' ? { version: short(version) } : {}) };
  }
  if (client === undefined || client === '') return undefined;
  const slash = client.lastIndexOf('/');
  return slash > 0 ? { name: short(client.slice(0, slash)), version: short(client.slice(slash + 1)) } : { name: short(client) };
}

function short(text: string): string {
  return wellFormed(text.length > 64 ? text.slice(0, 64) : text);
}
