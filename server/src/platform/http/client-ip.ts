import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { Failure } from '../errors.ts';

/** `::ffff:10.0.0.1` → `10.0.0.1`; a zone index is cut off. */
function plain(address: string): string {
  const unmapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return unmapped ?? address.replace(/%.*$/, '');
}

/** The addresses whose `X-Forwarded-For` is believed. Everybody else may write into that header what they like. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #empty: boolean;

  /**
   * @param entries single addresses or CIDR ranges, v4 and v6
   * @throws Failure CONFIG_INVALID naming the entry that is neither
   */
  constructor(entries: readonly string[]) {
    this.#empty = entries.length === 0;
    for (const entry of entries) {
      const [address = '', prefix, ...rest] = entry.split('/');
      const version = isIP(address);
      const bits = prefix === undefined ? undefined : Number(prefix);
      const badPrefix = bits !== undefined && !(Number.isInteger(bits) && bits >= 0 && bits <= (version === 4 ? 32 : 128));
      if (version === 0 || rest.length > 0 || prefix === '' || badPrefix) {
        throw new Failure('CONFIG_INVALID', `ERRATA_TRUSTED_PROXIES: "${entry}" is neither an address nor a CIDR range.`);
      }
      const family = version === 4 ? 'ipv4' : 'ipv6';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, bits, family);
    }
  }

  isTrusted(address: string): boolean {
    if (this.#empty) return false;
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }

  /**
   * The address of the client: the peer, or, while the peer is a trusted proxy, the next address to the left in
   * `X-Forwarded-For`. Answers the last address that can be vouched for when the header holds nonsense; never throws.
   */
  clientIp(req: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    let address = plain(req.socket.remoteAddress ?? '');
    if (this.#empty || !this.isTrusted(address)) return address;
    const header = req.headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = plain((hops[i] as string).trim());
      if (isIP(hop) === 0) return address;
      address = hop;
      if (!this.isTrusted(hop)) return address;
    }
    return address;
  }
}

/** Whether the address is this very machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}
