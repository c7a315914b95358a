// `npm run build`: installs what the lockfile says and builds everything, for a server that a supervisor runs.
import { build, install } from './node24.mjs';

install();
build();
