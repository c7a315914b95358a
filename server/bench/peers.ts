import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Load, WrkResult } from './load.ts';
import { freePort, Measured, ready, sleep } from './processes.ts';

/** A fresh install resolves a hono with which Spotlight answers 500 to every request. */
const PACKAGE = { private: true, dependencies: { '@spotlightjs/spotlight': '4.11.8' }, overrides: { hono: '4.12.25' } };
const TARGET = [{ path: '/api/1/envelope/', auth: 'Sentry sentry_version=7, sentry_key=0123456789abcdef0123456789abcdef' }];

/** Spotlight's own server, as its package ships it: keeps the last 500 envelopes in memory, nothing on disk. */
export class Spotlight {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Installs it into a temporary folder. @throws when the registry cannot be reached */
  static async install(note: (line: string) => void): Promise<Spotlight> {
    const folder = mkdtempSync(join(tmpdir(), 'errata-peer-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(PACKAGE));
    note('installing Spotlight');
    const npm = new Measured('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      env: inherited(),
    });
    const code = await npm.finished(300_000);
    if (code !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`Spotlight could not be installed:\n${npm.output.slice(-1000)}`);
    }
    return new Spotlight(folder);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One round of the same load. */
  async round(
    load: Load,
    connections: number,
    seconds: number,
  ): Promise<WrkResult & { cpuUs: number; mainUs: number; otherUs: number; peak: number }> {
    const port = await freePort();
    const server = new Measured(join(this.#folder, 'node_modules/.bin/spotlight'), ['server', '--port', String(port)], {
      cwd: this.#folder,
    });
    try {
      await ready(`http://127.0.0.1:${port}/health`, server, 30_000);
      await sleep(500);
      await load.wrk(port, TARGET, connections, 5);
      const before = server.cpuMs();
      const start = performance.now();
      const result = await load.wrk(port, TARGET, connections, seconds);
      const took = (performance.now() - start) / 1000;
      const cpuUs = ((server.cpuMs() - before) * 1000) / (result.perSecond * took);
      return { ...result, cpuUs, mainUs: cpuUs, otherUs: 0, peak: server.memory().peak };
    } finally {
      await server.stop();
    }
  }
}

/** The registry's settings (proxy, certificates) stand in the environment. */
function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
