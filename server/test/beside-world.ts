import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SideKind, SideRecords } from '../src/modules/detection/records/side-records.ts';
import { buildBeside } from '../src/modules/errors/build-beside.ts';
import type { SideFact } from '../src/modules/errors/facts.ts';
import { ContentStore } from '../src/platform/files/content-store.ts';
import { buildGraphqlSchema } from '../src/platform/graphql/build.ts';
import { silentLog } from '../src/platform/log.ts';
import type { TestDatabase } from './databases.ts';
import { DigestKit, eventRecord } from './digest-kit.ts';
import { errorsWorld } from './errors-world.ts';
import { NOW } from './factories.ts';

/** The errors room with what stands beside events, over a digest that tells the bus what it wrote. */
export async function besideWorld(db: TestDatabase) {
  const world = await errorsWorld(db);
  const directory = mkdtempSync(join(tmpdir(), 'errata-files-'));
  const store = new ContentStore({ directory, clock: world.clock });
  const kit = new DigestKit(db, world.clock);
  kit.log.position = await kit.store.position();
  const deps = {
    read: db.read,
    write: db.write,
    bus: world.bus,
    clock: world.clock,
    log: silentLog,
    store,
    loaders: world.loaders,
  };
  const open = () => buildBeside({ ...deps, isDigested: async () => true });
  const beside = open();
  const container = new Map([...world.resolvers, ...beside.resolvers].map((instance) => [instance.constructor, instance]));
  const schema = buildGraphqlSchema({ resolvers: [...container.keys()], container });

  /** Digests what is in the log and tells the bus, events before sides, as the digest's host does. */
  const digest = async (): Promise<SideFact[]> => {
    const from = kit.steps.length;
    await kit.drain();
    const results = kit.steps.slice(from).flatMap((step) => (step.kind === 'committed' ? [step.result] : []));
    for (const { facts, sides } of results) {
      if (facts.length > 0) world.bus.publish('errorEventsDigested', { facts });
      if (sides.length > 0) world.bus.publish('sidesDigested', { facts: sides });
    }
    await beside.links.idle();
    return results.flatMap(({ sides }) => sides);
  };

  return {
    ...world,
    ...beside,
    beside: open,
    schema,
    store,
    kit,
    digest,
    run: ((actor, source, variables, root) => world.run(actor, source, variables, root, schema)) as typeof world.run,
    event(projectId: number, event: Parameters<typeof eventRecord>[1]) {
      kit.log.append(eventRecord(projectId, event));
    },
    side<K extends SideKind>(projectId: number, side: K, data: SideRecords[K], item: string = side) {
      const record = { kind: 'side', side, projectId, keyId: 1, receivedAt: world.clock.now(), item, sdk: '', data };
      kit.log.append(Buffer.from(JSON.stringify(record)));
    },
    /** Puts a file into the store and answers the record of it. */
    async file(
      eventId: string,
      content: string,
      more: Partial<SideRecords['attachment']> = {},
    ): Promise<SideRecords['attachment']> {
      const writer = store.begin(1e9);
      writer.write(Buffer.from(content));
      const stored = await writer.keep();
      return {
        eventId,
        owner: 'pending',
        filename: 'a.txt',
        contentType: 'text/plain',
        type: 'event.attachment',
        ...stored,
        ...more,
      };
    },
    async close() {
      await beside.close();
      await kit.close();
      await world.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
export type BesideWorld = Awaited<ReturnType<typeof besideWorld>>;

/** Feedback as detection hands it on. */
export function aFeedback(values: Partial<SideRecords['feedback']> & { feedbackId: string }): SideRecords['feedback'] {
  return { timestamp: NOW, message: 'It does not work', source: 'feedback', ...values };
}
