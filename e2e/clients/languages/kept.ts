import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunningServer } from '../../server.ts';
import { expect } from './expect.ts';

export interface KeptFrame {
  function: string | null;
  module: string | null;
  package: string | null;
  filename: string | null;
  absPath: string | null;
  line: number | null;
  inApp: boolean;
  context: string | null;
  vars: Record<string, unknown> | null;
}

export interface KeptEvent {
  id: string;
  eventId: string;
  title: string;
  culprit: string | null;
  platform: string;
  level: string;
  source: string;
  release: string | null;
  environment: string | null;
  message: string | null;
  logger: string | null;
  transaction: string | null;
  serverName: string | null;
  user: Record<string, unknown> | null;
  sdk: { name: string; version: string } | null;
  request: { method?: string; url?: string; queryString?: string; data?: unknown } | null;
  contexts: Record<string, Record<string, unknown>>;
  extra: Record<string, unknown>;
  modules: Record<string, string> | null;
  tags: { key: string; value: string }[];
  notes: { field: string; reason: string }[];
  grouping: { why: string[] } | null;
  partOf: { transaction: string; op: string | null } | null;
  traceId: string | null;
  breadcrumbs: { category: string | null; message: string | null; level: string | null; data: unknown }[];
  attachments: { filename: string; sizeBytes: number; contentType: string }[];
  exceptions: {
    type: string | null;
    value: string | null;
    module: string | null;
    handled: boolean | null;
    mechanism: string | null;
    frames: KeptFrame[];
  }[];
  threads: { id: string | null; name: string | null; crashed: boolean; current: boolean; frames: KeptFrame[] }[];
  group: { id: string; handled: boolean | null };
}

/** Everything that a project kept, as its owner reads it. */
export interface Kept {
  events: KeptEvent[];
  feedback: { message: string; email: string | null; error: { id: string } | null }[];
  health: { sessionCount: number; crashedCount: number; erroredCount: number } | null;
  monitors: {
    slug: string;
    status: string;
    schedule: { text: string };
    latestRuns: { status: string; environment: string; release: string | null; durationMs: number | null }[];
  }[];
  /** `item OUTCOME reason` → how many. */
  outcomes: Record<string, number>;
}

const FRAMES = 'frames { function module package filename absPath line inApp context vars }';
const EVENT = `query ($id: ID!) {
  errorEvent(id: $id) {
    id eventId title culprit platform level source release environment message logger transaction serverName user sdk request
    contexts extra modules tags { key value } notes { field reason } grouping { why } partOf { transaction op } traceId
    breadcrumbs { category message level data } attachments { filename sizeBytes contentType }
    exceptions { type value module handled mechanism ${FRAMES} }
    threads { id name crashed current ${FRAMES} } group { id handled }
  }
}`;
const QUERY = `query ($id: ID!, $release: String!) {
  errorEvents(projectId: $id, first: 50) { edges { node { id } } }
  feedback(filter: { projectIds: [$id] }, first: 10) { edges { node { message email error { id } } } }
  release(projectId: $id, version: $release) { health { sessionCount crashedCount erroredCount } }
  monitors(projectIds: [$id]) { slug status schedule { text } latestRuns { status environment release durationMs } }
  project(id: $id) { outcomes { item outcome reason quantity } }
}`;

interface Answer {
  errorEvents: { edges: { node: { id: string } }[] };
  feedback: { edges: { node: Kept['feedback'][number] }[] };
  release: { health: Kept['health'] } | null;
  monitors: Kept['monitors'];
  project: { outcomes: { item: string; outcome: string; reason: string; quantity: number }[] };
}

/** Reads back what a project kept; events oldest first. */
export async function readBack(server: RunningServer, projectId: string, release: string): Promise<Kept> {
  const answer = await server.graphql<Answer>(QUERY, { id: projectId, release });
  const outcomes: Record<string, number> = {};
  for (const { item, outcome, reason, quantity } of answer.project.outcomes) {
    const name = `${item} ${outcome} ${reason}`.trim();
    outcomes[name] = (outcomes[name] ?? 0) + quantity;
  }
  return {
    events: await Promise.all(answer.errorEvents.edges.map(({ node }) => eventOf(server, node.id)).reverse()),
    feedback: answer.feedback.edges.map(({ node }) => node),
    health: answer.release?.health ?? null,
    monitors: answer.monitors,
    outcomes,
  };
}

async function eventOf(server: RunningServer, id: string): Promise<KeptEvent> {
  return (await server.graphql<{ errorEvent: KeptEvent }>(EVENT, { id })).errorEvent;
}

/** The event whose title begins so. */
export function event(kept: Kept, title: string): KeptEvent {
  const found = kept.events.find((one) => one.title.startsWith(title));
  if (found === undefined) throw new Error(`no event ${title}; there are ${kept.events.map((one) => one.title).join(' | ')}`);
  return found;
}

/** Own frames of an exception (that which was thrown, unless another is named), `function file:line`, the crash last. */
export function own(one: KeptEvent, type?: string): string[] {
  const exception = type === undefined ? one.exceptions.at(-1) : one.exceptions.find((each) => each.type === type);
  return (exception?.frames ?? [])
    .filter(({ inApp }) => inApp)
    .map((frame) => `${frame.function} ${(frame.filename ?? frame.absPath)?.split('/').at(-1)}:${frame.line}`);
}

/** Names places of a program as {@link own} does, by a text of the line; `as` the file was called when it was built. */
export function placesOf(file: string, as = basename(file)): (name: string, text: string) => string {
  const lines = readFileSync(join(import.meta.dirname, '..', file), 'utf8').split('\n');
  return (name, text) => {
    const at = lines.findIndex((line) => line.includes(text));
    if (at < 0) throw new Error(`${file} has no line with ${text}`);
    return `${name} ${as}:${at + 1}`;
  };
}

/** `Type: value` of the exceptions, root cause first. */
export const chain = (one: KeptEvent) => one.exceptions.map(({ type, value }) => `${type}: ${value}`);

export const tag = (one: KeptEvent, key: string) => one.tags.find((each) => each.key === key)?.value;

/** What every event of the shops says of who met it, and before what. */
export function checkScope(one: KeptEvent): void {
  const { release, environment, user, contexts } = one;
  expect({ release, environment, id: user?.['id'], email: user?.['email'], plan: tag(one, 'plan') }).toEqual({
    release: 'shop@1.2.3',
    environment: 'e2e',
    id: '7',
    email: 'ada@example.org',
    plan: 'gold',
  });
  expect(Number(contexts['basket']?.['items'])).toBe(3);
  expect(one.breadcrumbs.some(({ category, message }) => category === 'cart' && message === 'checkout pressed')).toBe(true);
}

/** Two monitors: `backup` is well, `import` failed and is an error. */
export function checkMonitors(kept: Kept): void {
  const [backup, imported] = ['backup', 'import'].map((slug) => kept.monitors.find((one) => one.slug === slug));
  expect(backup).toMatchObject({ status: 'OK', latestRuns: [{ status: 'OK', environment: 'e2e' }] });
  expect(backup?.schedule.text).toMatch(/^0 4 \* \* \* /);
  expect(imported).toMatchObject({ status: 'FAILED', schedule: { text: 'every hour' } });
  event(kept, 'Monitor import failed');
}

export function checkAttachment(one: KeptEvent): void {
  expect(one.attachments).toEqual([{ filename: 'order.csv', sizeBytes: 20, contentType: 'text/csv' }]);
}

export function checkTransaction(kept: Kept, title: string): void {
  expect(event(kept, title).partOf).toEqual({ transaction: 'nightly-report', op: 'task' });
}
