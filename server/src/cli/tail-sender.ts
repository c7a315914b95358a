import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Delivered, TailReport } from '../modules/detection/tail/tail-source.ts';
import { VERSION } from '../platform/version.ts';
import { post } from './client.ts';
import { CommandFailure, EXIT } from './output.ts';
import type { TailTarget } from './tail-target.ts';

const pack = promisify(gzip);
/** Unpacked bytes of one request; the server takes 20 MB. */
const REQUEST_BYTES = 4 * 1024 * 1024;
const DEFAULT_WAIT_MS = 1_000;

interface Result {
  outcome?: string;
  reason?: string;
}

/** Reports events over the bulk route. */
export class TailSender {
  readonly #target: TailTarget;
  readonly #failed: (failure: CommandFailure) => void;
  readonly #note: (text: string) => void;
  #isAway = false;
  accepted = 0;

  /** @param deps.failed the server refuses for good; nothing more is sent */
  constructor(deps: { target: TailTarget; failed: (failure: CommandFailure) => void; note: (text: string) => void }) {
    this.#target = deps.target;
    this.#failed = deps.failed;
    this.#note = deps.note;
  }

  async deliver(reports: readonly TailReport[]): Promise<Delivered> {
    const again: number[] = [];
    let waitMs = 0;
    let reason = '';
    let accepted = 0;
    for (let from = 0; from < reports.length; ) {
      const lines: string[] = [];
      for (let bytes = 0; from + lines.length < reports.length && (lines.length === 0 || bytes < REQUEST_BYTES); ) {
        const line = JSON.stringify((reports[from + lines.length] as TailReport).value);
        bytes += line.length;
        lines.push(line);
      }
      const sent = await this.#send(lines);
      accepted += sent.accepted;
      for (const place of sent.again) again.push(from + place);
      from += lines.length;
      if (sent.again.length === 0) continue;
      // What comes after it would most likely meet the same; the order is kept, too.
      for (let place = from; place < reports.length; place += 1) again.push(place);
      ({ waitMs, reason } = sent);
      break;
    }
    this.accepted += accepted;
    return { accepted, again, waitMs, reason };
  }

  async #send(lines: readonly string[]): Promise<Delivered> {
    const all = lines.map((_, place) => place);
    try {
      const body = (await pack(`${lines.join('\n')}\n`)) as Buffer<ArrayBuffer>;
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        'user-agent': `errata-tail/${VERSION}`,
        'x-sentry-auth': `Sentry sentry_version=7, sentry_client=errata.tail/${VERSION}, sentry_key=${this.#target.key}`,
      };
      const posted = await this.#post(headers, body);
      if ([400, 401, 403, 404, 405, 415].includes(posted.status)) {
        const detail = (posted.body?.['detail'] as string | undefined) ?? 'not an address of Errata';
        this.#failed(new CommandFailure(`the server refuses (${posted.status}): ${detail}`, EXIT.refused));
        return { accepted: 0, again: all, waitMs: DEFAULT_WAIT_MS, reason: detail };
      }
      if (this.#isAway) this.#note('the server is back');
      this.#isAway = false;
      const results = posted.body?.['results'];
      if (!Array.isArray(results)) return this.#later(all, posted.retryAfterMs, `the server answers ${posted.status}`);
      const outcomes = results as Result[];
      const again = all.filter((place) => {
        const { outcome, reason } = outcomes[place] ?? { outcome: 'failed' };
        return (outcome === 'rate_limited' && reason !== 'spike') || (outcome === 'failed' && reason !== 'internal');
      });
      const accepted = outcomes.filter(({ outcome }) => outcome === 'accepted').length;
      if (again.length === 0) return { accepted, again, waitMs: 0, reason: '' };
      const waiting =
        outcomes[again[0] as number]?.outcome === 'rate_limited' ? 'a quota is used up' : 'the server takes no more';
      return { ...this.#later(again, posted.retryAfterMs, waiting), accepted };
    } catch (error) {
      const text = (error as Error).message;
      if (!this.#isAway) this.#note(`${text}; trying again`);
      this.#isAway = true;
      return this.#later(all, 0, text);
    }
  }

  async #post(headers: Record<string, string>, bytes: Uint8Array<ArrayBuffer>) {
    const response = await post(this.#target.url, bytes, headers);
    const wait = Number(response.headers.get('retry-after'));
    let body: Record<string, unknown> | undefined;
    try {
      body = JSON.parse(response.text) as Record<string, unknown>;
    } catch {
      body = undefined; // a proxy's page
    }
    return { status: response.status, retryAfterMs: Number.isFinite(wait) ? wait * 1000 : 0, body };
  }

  #later(again: readonly number[], retryAfterMs: number, reason: string): Delivered {
    return { accepted: 0, again, waitMs: Math.min(30_000, retryAfterMs || DEFAULT_WAIT_MS), reason };
  }
}
