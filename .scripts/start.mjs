// `npm start [-- --demo]`: installs, builds and serves Errata on an embedded database. Nothing else is needed.
import { become, build, install, node } from './node24.mjs';

install();
build();
become(node(), ['server/dist/main.js', 'serve', ...process.argv.slice(2)]);
