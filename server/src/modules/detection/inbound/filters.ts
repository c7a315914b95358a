import type { BlockList } from 'node:net';
import { LRUCache } from 'lru-cache';
import { addressList, listHolds } from '../../projects/address-range.ts';
import type { InboundSettings } from '../../projects/inbound-settings.ts';
import type { NormalizedEvent } from '../normalized-event.ts';
import { GlobSet } from './glob.ts';
import { CRAWLERS, EXTENSION_MESSAGES, EXTENSION_SCHEMES, HEALTH_PATHS, INJECTED_HOSTS, PROBES } from './known-noise.ts';

/** A project's filters, made ready once. */
export class InboundFilters {
  readonly #settings: InboundSettings;
  readonly #releases: GlobSet;
  readonly #environments: GlobSet;
  readonly #messages: GlobSet;
  readonly #addresses: BlockList | undefined;

  constructor(settings: InboundSettings) {
    this.#settings = settings;
    this.#releases = new GlobSet(settings.filterReleases);
    this.#environments = new GlobSet(settings.filterEnvironments);
    this.#messages = new GlobSet(settings.filterMessages);
    this.#addresses = settings.filterIpAddresses.length === 0 ? undefined : addressList(settings.filterIpAddresses);
  }

  /** Which filter an event meets, as the reason of its outcome; undefined when none. `clientIp` may be empty. */
  reason(event: NormalizedEvent, clientIp: string): string | undefined {
    const { filterBrowserExtensions, filterCrawlers, filterLocalhost, filterHealthChecks } = this.#settings;
    if (event.release !== undefined && this.#releases.matches(event.release)) return 'release';
    if (event.environment !== undefined && this.#environments.matches(event.environment)) return 'environment';
    if (!this.#messages.isEmpty && textsOf(event).some((text) => this.#messages.matches(text))) return 'message';
    if (this.#addresses && (listHolds(this.#addresses, clientIp) || listHolds(this.#addresses, event.user?.ipAddress)))
      return 'ip_address';
    if (filterBrowserExtensions && event.platform === 'javascript' && isInjected(event)) return 'browser_extension';
    if (filterCrawlers || filterHealthChecks) {
      const agent = userAgentOf(event);
      if (agent !== undefined && filterCrawlers && isCrawler(agent)) return 'crawler';
      if (filterHealthChecks && isHealthCheck(event, agent)) return 'health_check';
    }
    if (filterLocalhost && isLocal(event)) return 'localhost';
    return undefined;
  }
}

/** The same few come again and again, and the list is long. */
const crawlers = new LRUCache<string, boolean>({ max: 500 });

function isCrawler(agent: string): boolean {
  const text = agent.length > 512 ? agent.slice(0, 512) : agent;
  let known = crawlers.get(text);
  if (known === undefined) {
    known = CRAWLERS.test(text);
    crawlers.set(text, known);
  }
  return known;
}

/** What a message filter is asked about: `Type: value`, the value, and the message. */
function textsOf(event: NormalizedEvent): string[] {
  const texts = event.exceptions.flatMap(({ type, value }) => [`${type ?? ''}: ${value ?? ''}`, value ?? '']);
  if (event.message !== undefined) texts.push(event.message);
  return texts;
}

function isInjected(event: NormalizedEvent): boolean {
  for (const { value, frames } of event.exceptions) {
    const text = value?.toLowerCase() ?? '';
    if (text !== '' && EXTENSION_MESSAGES.some((known) => text.includes(known))) return true;
    // Only where it was thrown: a page's own error that merely passed through an injected script is the page's.
    const last = frames.at(-1);
    const source = (last?.absPath ?? last?.filename ?? '').toLowerCase();
    if (source === '') continue;
    if (EXTENSION_SCHEMES.some((scheme) => source.startsWith(scheme))) return true;
    if (INJECTED_HOSTS.some((host) => source.includes(`//${host}`))) return true;
  }
  return false;
}

function userAgentOf(event: NormalizedEvent): string | undefined {
  return event.request?.headers?.find(([name]) => name.length === 10 && name.toLowerCase() === 'user-agent')?.[1];
}

function isHealthCheck(event: NormalizedEvent, agent: string | undefined): boolean {
  if (agent !== undefined && PROBES.test(agent)) return true;
  const path = pathOf(event.request?.url);
  if (path !== undefined && HEALTH_PATHS.test(path)) return true;
  const transaction = event.transaction?.replace(/^(?:GET|HEAD) /, '');
  return transaction?.startsWith('/') === true && HEALTH_PATHS.test(transaction);
}

function pathOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const rest = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? url.split(/[?#]/, 1)[0];
  return rest === '' ? undefined : rest;
}

function isLocal(event: NormalizedEvent): boolean {
  const address = event.user?.ipAddress;
  if (address === '::1' || address?.startsWith('127.') === true) return true;
  const url = event.request?.url;
  if (url === undefined) return false;
  if (url.startsWith('file://')) return true;
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(url)?.[1]?.toLowerCase();
  return host === 'localhost' || host?.endsWith('.localhost') === true || host === '[::1]' || host?.startsWith('127.') === true;
}
