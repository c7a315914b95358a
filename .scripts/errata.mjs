// `npm run errata -- <command>`: the command line from a checkout.
import { join } from 'node:path';
import { become, build, install, node, root } from './node24.mjs';

install();
build();
become(node(), [join(root, 'server/bin/errata.mjs'), ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
