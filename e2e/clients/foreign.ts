import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, type RunningServer } from '../server.ts';

/** An event as the API gives it back, as far as these tests look at it. */
export interface SeenEvent {
  title: string;
  source: string;
  platform: string;
  level: string;
  environment: string | null;
  release: string | null;
  transaction: string | null;
  message: string | null;
  user: { id?: string } | null;
  exceptions: { type: string | null; value: string | null; handled: boolean | null; frames: SeenFrame[] }[];
  breadcrumbs: { message: string | null }[];
}
interface SeenFrame {
  function: string | null;
  filename: string | null;
  line: number | null;
  inApp: boolean;
}

const QUERY = `{ errorEvents(first: 20) { edges { node {
  title source platform level environment release transaction message user
  exceptions { type value handled frames { function filename line inApp } }
  breadcrumbs { message }
} } } }`;

/** Every event, once there are so many. */
export async function eventsOf(server: RunningServer, count: number): Promise<SeenEvent[]> {
  const ask = () => server.graphql<{ errorEvents: { edges: { node: SeenEvent }[] } }>(QUERY);
  const { errorEvents } = await eventually(ask, (answer) => answer.errorEvents.edges.length >= count);
  return errorEvents.edges.map(({ node }) => node);
}

/** Own frames of what was thrown, the crash last: `function line`. */
export function ownFrames(event: SeenEvent): string[] {
  const frames = event.exceptions.at(-1)?.frames ?? [];
  return frames.filter(({ inApp }) => inApp).map((frame) => `${frame.function} ${frame.line}`);
}

/** Runs a program beside these tests with the server's address and DSN key; answers what it printed. */
export async function runApp(server: RunningServer, name: string, ...more: string[]): Promise<string> {
  const app = join(import.meta.dirname, name);
  const { stdout } = await promisify(execFile)(process.execPath, [app, server.url, new URL(server.dsn).username, ...more], {
    env: { PATH: process.env['PATH'] },
    timeout: 30_000,
  });
  return stdout;
}

/** What came in, as `item OUTCOME reason` → how many, once a row is there. */
export async function outcomesOf(server: RunningServer, awaited: string): Promise<Record<string, number>> {
  type Row = { item: string; outcome: string; reason: string; quantity: number };
  const ask = async () => {
    const { projects } = await server.graphql<{ projects: { outcomes: Row[] }[] }>(
      '{ projects { outcomes { item outcome reason quantity } } }',
    );
    const sums: Record<string, number> = {};
    for (const { item, outcome, reason, quantity } of projects.flatMap(({ outcomes }) => outcomes)) {
      const name = `${item} ${outcome} ${reason}`.trim();
      sums[name] = (sums[name] ?? 0) + quantity;
    }
    return sums;
  };
  return eventually(ask, (sums) => sums[awaited] !== undefined);
}
