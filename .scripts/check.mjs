// `npm run check`: everything a change must pass before its tests are worth running. Seconds, not minutes.
import { install, run } from './node24.mjs';

install();
run('node', ['.scripts/check-lock.mjs']);
run('biome', ['check', '.']);
run('turbo', ['run', 'build', 'types', '--output-logs=errors-only']);
run('knip', ['--no-progress']);
