// `npm start [-- --demo]`: installs, builds and serves Errata on an embedded database. Nothing else is needed.
import { demo } from './demo.mjs';
import { become, build, environment, install, node, serverEnvironment, serverFlags } from './node24.mjs';

install();
build();
const args = process.argv.slice(2).filter((arg) => arg !== '--demo');
if (process.argv.includes('--demo')) await demo(args);
else become(node(), [...serverFlags, 'server/dist/main.js', 'serve', ...args], { env: environment(serverEnvironment) });
