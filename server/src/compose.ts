import { openFront } from './compose-front.ts';
import { openGround } from './compose-ground.ts';
import { openIntake } from './compose-intake.ts';
import { openRooms, type Rooms } from './compose-rooms.ts';
import { ensureFirstAdministrator } from './modules/access/first-administrator.ts';
import { ensureFirstProject } from './modules/projects/first-project.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import type { Log } from './platform/log.ts';

/** What a first start made, to be shown once. */
export interface FirstStart {
  administrator: { email: string; password: string | null } | null;
  dsn: string | null;
}

export interface Application {
  readonly url: string;
  readonly port: number;
  readonly firstStart: FirstStart;
  /** Stops taking requests, digests what was accepted, closes everything. Answers whether nothing was left undigested. */
  stop(): Promise<boolean>;
}

/**
 * Builds the whole application and starts it: the ground, the rooms, the way in, the front. Each opens what stands on the
 * one before, and leaves word how to close it; everything is closed in the opposite order, be it at the end or because the
 * start failed half-way.
 * @throws when another server has the data, the database cannot be reached or migrated, or the port is taken
 */
export async function startApplication(config: Config, log: Log, clock: Clock = systemClock): Promise<Application> {
  const closing = new AsyncDisposableStack();
  try {
    const ground = await openGround({ config, log, clock }, closing);
    const rooms = await openRooms(ground, closing);
    const intake = await openIntake(ground, rooms, closing);
    let isPrepared = false;
    const http = await openFront(ground, rooms, intake, () => isPrepared, closing);

    const { port, url } = await http.listen();
    // Only now: a password that was made for a start that failed would never be shown.
    const firstStart = await prepareFirstStart(config, rooms);
    isPrepared = true;
    intake.health.watch.start(intake.digest.drained());
    await intake.tail.start();
    log.info({ url }, 'listening');
    return {
      url,
      port,
      firstStart,
      async stop() {
        await closing.disposeAsync();
        return intake.digest.stop(); // stopped already: this is its answer
      },
    };
  } catch (error) {
    await closing.disposeAsync().catch((err: unknown) => log.error({ err }, 'what had been opened could not be closed'));
    throw error;
  }
}

/** Somebody to sign in and somewhere to send to: the first start makes both. */
async function prepareFirstStart(config: Config, { access, projects }: Rooms): Promise<FirstStart> {
  const administrator = await ensureFirstAdministrator({ users: access.users, config });
  const project = await ensureFirstProject(projects);
  return { administrator, dsn: project?.dsn ?? null };
}
