import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './errata.ts';

it('a server whose port is taken says so and ends, whatever it had begun', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const dataDir = mkdtempSync(join(tmpdir(), 'errata-serve-'));
  try {
    const { code, stderr } = await run(['serve', '--port', String(port), '--data-dir', dataDir]);
    expect(code).toBe(1);
    expect(stderr).toContain('address already in use');
  } finally {
    await new Promise((resolve) => other.close(resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);
