// `npm run dev`: the server restarts and the dashboard reloads on every change.
import { spawn } from 'node:child_process';
import { environment, install, root, run } from './node24.mjs';

install();
run('turbo', ['run', 'build', '--filter=@errata/schema', '--output-logs=errors-only']);
const children = ['server', 'web'].map((name) =>
  spawn('npm', ['run', 'dev', '--workspace', name], {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
    shell: process.platform === 'win32',
  }),
);
const stop = (signal) => {
  for (const child of children) child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal));
for (const child of children) child.on('exit', () => stop('SIGTERM'));
