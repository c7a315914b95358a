import { isObject } from '../normalize/reading.ts';
import { isNoise } from './security-noise.ts';

/** One report of a browser, as an event in Sentry's shape, or why it is not wanted. */
export type SecurityReport = { value: Record<string, unknown> } | { unwanted: string } | { invalid: string };

type Json = Record<string, unknown>;
/** Of one request; a browser sends what it gathered in a minute. */
const MAX_REPORTS = 100;
const MAX_TEXT = 2_048;
const TOO_MANY: SecurityReport = { invalid: 'too_many' };

/**
 * Reads what browsers report by themselves: `csp-report` (CSP 2), `expect-ct-report`, `expect-staple-report`,
 * `known-pins` (HPKP), and lists of the Reporting API (application/reports+json: csp-violation, deprecation, intervention,
 * crash, network-error). Told apart by their content, because browsers and proxies differ in their content types.
 * @param receivedAt moment of arrival, ms: the Reporting API tells how long ago it was
 * @returns one for each report, in order; those beyond the hundredth say that they are too many. Undefined when it is none of these
 */
export function readSecurityReports(body: unknown, receivedAt: number): SecurityReport[] | undefined {
  if (Array.isArray(body)) {
    if (body.length === 0 || !body.every((one) => isObject(one) && typeof one['type'] === 'string')) return undefined;
    return body.map((one, i) => (i < MAX_REPORTS ? ofReportingApi(one as Json, receivedAt) : TOO_MANY));
  }
  if (!isObject(body)) return undefined;
  if (isObject(body['csp-report'])) return [ofCsp(dashed(body['csp-report']), undefined)];
  if (isObject(body['expect-ct-report'])) return [ofCertificate('expect-ct', body['expect-ct-report'])];
  if (isObject(body['expect-staple-report'])) return [ofCertificate('expect-staple', body['expect-staple-report'])];
  if (Array.isArray(body['known-pins'])) return [ofCertificate('hpkp', body)];
  if (typeof body['type'] === 'string' && isObject(body['body'])) return [ofReportingApi(body, receivedAt)];
  return undefined;
}

function ofReportingApi(report: Json, receivedAt: number): SecurityReport {
  const { type, age, url } = report;
  const body = isObject(report['body']) ? report['body'] : {};
  const at = typeof age === 'number' && age >= 0 && age < 7 * 86_400_000 ? (receivedAt - age) / 1000 : receivedAt / 1000;
  const agent = text(report['user_agent']);
  const common: Json = {
    timestamp: at,
    request: { url: text(url), ...(agent === undefined ? {} : { headers: { 'User-Agent': agent } }) },
  };
  if (type === 'csp-violation') return withCommon(ofCsp(dashed(body), text(url)), common);
  if (type === 'network-error') return { value: { ...common, ...ofNetworkError(body, text(url)) } };
  const id = text(body['id']) ?? text(body['reason']) ?? 'unknown';
  const said = text(body['message']) ?? text(body['reason']);
  const level = type === 'crash' ? 'fatal' : type === 'deprecation' || type === 'intervention' ? 'warning' : 'info';
  const title = type === 'crash' ? `The page crashed: ${id}` : `${capital(String(type))}: ${said ?? id}`;
  return {
    value: {
      ...common,
      ...event('browser-report', level, title, ['browser-report', String(type).slice(0, 64), id], text(url)),
      tags: { report: String(type).slice(0, 64), id },
      contexts: { report: body },
    },
  };
}

function withCommon(report: SecurityReport, common: Json): SecurityReport {
  if (!('value' in report)) return report;
  return { value: { ...report.value, ...common, contexts: report.value['contexts'] } };
}

/** A Content-Security-Policy violation; grouped by directive and what was blocked. */
function ofCsp(report: Json, url: string | undefined): SecurityReport {
  const document = text(report['document-uri']) ?? text(report['document-url']) ?? url;
  const blocked = text(report['blocked-uri']) ?? text(report['blocked-url']) ?? 'self';
  const source = text(report['source-file']);
  const directive = (text(report['effective-directive']) ?? text(report['violated-directive']) ?? 'unknown').split(
    ' ',
  )[0] as string;
  const noise = isNoise({ blocked, source, document });
  if (noise !== undefined) return { unwanted: noise };
  const host = blockedName(blocked, document);
  const onlyReported = report['disposition'] === 'report';
  const verb = onlyReported ? 'Would block' : 'Blocked';
  const what = directive.replace(/-(?:src|elem|attr|uri)(?=-|$)/g, '');
  return {
    value: {
      ...event('csp', onlyReported ? 'warning' : 'error', `${verb} '${what}' from '${host}'`, ['csp', directive, host], document),
      request: { url: document, ...(text(report['referrer']) ? { headers: { Referer: text(report['referrer']) } } : {}) },
      tags: {
        'effective-directive': directive,
        'blocked-uri': host,
        ...(text(report['disposition']) === undefined ? {} : { disposition: text(report['disposition']) }),
      },
      contexts: { csp: report },
      ...(source === undefined ? {} : { extra: { source, line: report['line-number'], column: report['column-number'] } }),
    },
  };
}

/** Expect-CT, Expect-Staple, HPKP: a certificate was not as it should have been; grouped by host. */
function ofCertificate(kind: 'expect-ct' | 'expect-staple' | 'hpkp', report: Json): SecurityReport {
  const host = text(report['hostname']) ?? text(report['noted-hostname']) ?? 'unknown';
  const title = {
    'expect-ct': `Expect-CT failed for '${host}'`,
    'expect-staple': `Expect-Staple failed for '${host}'`,
    hpkp: `Public key pinning failed for '${host}'`,
  }[kind];
  return {
    value: {
      ...event(kind, 'error', title, [kind, host], host),
      tags: { hostname: host },
      contexts: { [kind.replace('-', '_')]: report },
    },
  };
}

/** Network Error Logging (W3C): grouped by what failed, and where. Successes are reported, too, when a site asks for them. */
function ofNetworkError(body: Json, url: string | undefined): Json {
  const type = text(body['type']) ?? 'unknown';
  const phase = text(body['phase']) ?? 'unknown';
  const host = hostOf(url) ?? 'unknown';
  const status = typeof body['status_code'] === 'number' && body['status_code'] > 0 ? ` (${body['status_code']})` : '';
  const level = type === 'ok' ? 'info' : 'warning';
  return {
    ...event('nel', level, `Network error '${type}'${status} at '${host}'`, ['nel', type, host], url),
    tags: { phase, type, ...(text(body['server_ip']) === undefined ? {} : { server_ip: text(body['server_ip']) }) },
    contexts: { nel: body },
  };
}

function event(logger: string, level: string, title: string, fingerprint: string[], where: string | undefined): Json {
  return {
    platform: 'javascript',
    logger,
    level,
    message: title.slice(0, 1_000),
    fingerprint,
    ...(where === undefined ? {} : { transaction: where.split(/[?#]/, 1)[0] }),
  };
}

/** What was blocked, as far as it makes a difference: `inline`, `eval`, `data`, `self`, or a host. */
function blockedName(blocked: string, document: string | undefined): string {
  if (!blocked.includes(':') && !blocked.includes('.')) return blocked || 'self';
  const host = hostOf(blocked);
  if (host === undefined) return blocked.split(':', 1)[0]?.slice(0, 100) || 'self';
  return host === hostOf(document) ? 'self' : host;
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).host || undefined;
}

/** The Reporting API writes names in camel case (`effectiveDirective`, `blockedURL`), reports of CSP 2 with dashes. */
function dashed(report: Json): Json {
  const plain: Json = {};
  for (const [name, value] of Object.entries(report).slice(0, 50)) {
    const key = name.replace(/URL$/, 'Url').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    plain[key.slice(0, 100)] = value;
  }
  return plain;
}

function text(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.slice(0, MAX_TEXT);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1, 64);
