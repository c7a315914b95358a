import type { Attributes, OtlpSource } from './otlp-model.ts';

type Json = Record<string, unknown>;

/** `telemetry.sdk.language` (semantic conventions) → Sentry's platform. */
const PLATFORMS: Readonly<Record<string, string>> = {
  nodejs: 'node',
  webjs: 'javascript',
  python: 'python',
  java: 'java',
  android: 'java',
  go: 'go',
  dotnet: 'csharp',
  ruby: 'ruby',
  php: 'php',
  rust: 'rust',
  cpp: 'native',
  erlang: 'elixir',
  swift: 'cocoa',
};

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The language a resource names, as a hint for stack traces; empty if it names none. */
export function languageOf(resource: Attributes): string {
  return textOf(resource, 'telemetry.sdk.language').toLowerCase();
}

/**
 * What all events of one resource have in common, in the shape of a Sentry event. Names of attributes are those of the
 * semantic conventions (https://opentelemetry.io/docs/specs/semconv/resource/), the stable ones and their predecessors.
 */
export function eventOfResource({ resource }: OtlpSource): Json {
  const of = (...names: string[]) => textOf(resource, ...names);
  const language = languageOf(resource);
  const platform = PLATFORMS[language];
  const release = releaseOf(of('service.name'), of('service.version'));
  // SDKs make up a UUID for each run of a program: it names nothing, and would be another value on every event.
  const given = of('service.instance.id');
  const instance = UUID.test(given) ? '' : given;
  return filled({
    platform: platform ?? 'other',
    release,
    environment: of('deployment.environment.name', 'deployment.environment'),
    server_name: of('host.name', 'k8s.pod.name', 'container.name') || instance || of('host.id'),
    sdk: sdkOf(of('telemetry.sdk.name') || 'opentelemetry', language, of('telemetry.sdk.version')),
    tags: filled({
      'service.name': of('service.name'),
      'service.namespace': of('service.namespace'),
      'service.instance.id': instance,
      'k8s.namespace.name': of('k8s.namespace.name'),
      'k8s.deployment.name': of('k8s.deployment.name'),
      'cloud.region': of('cloud.region'),
    }),
    contexts: contextsOf(resource),
  });
}

/** `service@version`, as Sentry names releases; a version that is one already stays. */
export function releaseOf(service: string, version: string): string {
  if (version === '' || service === '' || version.includes('@')) return version;
  return `${service}@${version}`;
}

function sdkOf(name: string, language: string, version: string): Json {
  return filled({ name: language === '' ? name : `${name}.${language}`, version });
}

function contextsOf(resource: Attributes): Json {
  const of = (...names: string[]) => textOf(resource, ...names);
  return filled({
    runtime: named({ name: of('process.runtime.name'), version: of('process.runtime.version') }, 'name', {
      raw_description: of('process.runtime.description'),
    }),
    os: named({ name: of('os.name', 'os.type'), version: of('os.version') }, 'name', {
      build: of('os.build_id'),
      raw_description: of('os.description'),
    }),
    device: filled({
      arch: of('host.arch'),
      model: of('device.model.name', 'device.model.identifier', 'host.type'),
      manufacturer: of('device.manufacturer'),
      device_unique_identifier: of('device.id'),
    }),
    resource: Object.fromEntries(resource),
  });
}

/** A context that says nothing without its name. */
function named(context: Json, key: string, more: Json): Json {
  return context[key] === '' && more['raw_description'] === '' ? {} : filled({ ...context, ...more });
}

/** The first of these attributes that is text or a number; empty if none is. */
export function textOf(attributes: Attributes, ...names: string[]): string {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return '';
}

/** Without what is empty: absent, empty text, objects without a key. */
export function filled(from: Json): Json {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}
