// The lockfile must name every platform package it will look for (a registry without some of them lets `npm install`
// drop entries silently; `npm ci` then fails for everybody), and no address it was downloaded from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const faults = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) faults.push(`${path}: holds a download address`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    let at = path;
    let found = false;
    for (;;) {
      found = Boolean(lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]);
      if (found || !at) break;
      const i = at.lastIndexOf('/node_modules/');
      at = i >= 0 ? at.slice(0, i) : '';
    }
    if (!found) faults.push(`${path || '(root)'}: ${name} is missing`);
  }
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`lockfile: ${Object.keys(lock.packages).length} packages, complete`);
