import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bench, Client } from './client.ts';
import { event, own } from './kept.ts';

interface Snippet {
  id: string;
  steps(dsn: string): { title: string; file: string; code: string }[];
}
const root = join(import.meta.dirname, '../../..');
/** What the set-up page of a project says, as it stands there. */
const { SNIPPETS } = (await import(pathToFileURL(join(root, 'web/src/features/projects/snippets.ts')).href)) as {
  SNIPPETS: Snippet[];
};

/** Code of all steps for a file, in their order. */
function code(id: string, dsn: string, file: string, nth?: number): string {
  const steps = SNIPPETS.find((one) => one.id === id)?.steps(dsn) ?? [];
  const found = steps.filter((step) => step.file === file).map((step) => step.code);
  const taken = nth === undefined ? found : found.slice(nth, nth + 1);
  if (taken.length === 0) throw new Error(`the set-up page has no ${file} of ${id}`);
  return `${taken.join('\n\n')}\n`;
}

/** A new folder below the bench's, where files are written as the page says. */
function place(bench: Bench, name: string, files: Record<string, string>) {
  const folder = join(bench.folder, `snippet-${name}`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  /** Runs lines of a shell there. */
  return (lines: string, code = 0) => bench.run('bash', ['-ec', `cd '${folder}'\n${lines}`], { code });
}

const arrives =
  (title: string, frame?: RegExp): Client['checks'][string] =>
  (kept) => {
    const one = event(kept, title);
    if (frame !== undefined && !own(one).some((line) => frame.test(line)))
      throw new Error(`no own frame ${frame} among ${own(one).join(', ')}`);
  };
const python = { language: 'python', needs: ['python3', 'bash'] };
const shell = { language: 'shell', needs: ['bash', 'curl'] };
const venv = 'python3 -m venv env; PATH="$PWD/env/bin:$PATH"';

export const ON_SET_UP_PAGE: readonly Client[] = [
  {
    ...python,
    name: 'set-up page: Python',
    send: (b) =>
      place(b, 'python', { 'main.py': code('python', b.dsn, 'main.py') })(
        `${venv}\n${code('python', b.dsn, 'terminal')}\npython main.py`,
        1,
      ),
    events: 1,
    checks: { 'a first error': arrives('ZeroDivisionError: division by zero', /^<module> main\.py:\d+$/) },
  },
  {
    ...python,
    name: 'set-up page: Django',
    send: (b) =>
      place(b, 'django', {
        'settings.py': `SECRET_KEY = "x"\nALLOWED_HOSTS = ["*"]\nROOT_URLCONF = "urls"\n${code('django', b.dsn, 'settings.py')}`,
        'urls.py': code('django', b.dsn, 'urls.py'),
        'ask.py':
          'import django\ndjango.setup()\nfrom django.test import Client\nClient(raise_request_exception=False).get("/break/")\n',
      })(`${venv}\npip install django\n${code('django', b.dsn, 'terminal')}\nDJANGO_SETTINGS_MODULE=settings python ask.py`),
    events: 1,
    checks: { 'a first error': arrives('ZeroDivisionError: division by zero', /^break_something urls\.py:\d+$/) },
  },
  {
    ...python,
    name: 'set-up page: Flask',
    send: (b) =>
      place(b, 'flask', {
        'app.py': code('flask', b.dsn, 'app.py'),
        'ask.py': 'from app import app\napp.test_client().get("/break")\n',
      })(`${venv}\n${code('flask', b.dsn, 'terminal')}\npython ask.py`),
    events: 1,
    checks: { 'a first error': arrives('ZeroDivisionError: division by zero', /^break_something app\.py:\d+$/) },
  },
  {
    language: 'go',
    needs: ['go', 'bash'],
    name: 'set-up page: Go',
    send: (b) =>
      place(b, 'go', { 'main.go': code('go', b.dsn, 'main.go') })(
        `export GOFLAGS=-mod=mod\ngo mod init example.org/first\n${code('go', b.dsn, 'terminal')}\ngo run .`,
      ),
    events: 1,
    checks: { 'a first error': arrives('*errors.errorString: first error from Go', /^main main\.go:\d+$/) },
  },
  {
    language: 'rust',
    needs: ['cargo', 'rustc', 'bash'],
    name: 'set-up page: Rust',
    send: (b) =>
      place(b, 'rust', { 'src/main.rs': code('rust', b.dsn, 'src/main.rs'), 'Cargo.toml': CARGO })(
        `export CARGO_TARGET_DIR='${join(b.folder, 'target')}'\n${code('rust', b.dsn, 'terminal')}\ncargo build --quiet\ncargo run --quiet`,
        101,
      ),
    events: 1,
    checks: { 'a first error': arrives('panic: first error from Rust', /^first::main main\.rs:\d+$/) },
  },
  {
    language: 'java',
    needs: ['java', 'mvn', 'bash'],
    name: 'set-up page: Java',
    send: (b) =>
      place(b, 'java', {
        'pom.xml': `<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><dependencies>${code('java', b.dsn, 'pom.xml')}</dependencies></project>`,
        'Main.java': code('java', b.dsn, 'Main.java'),
      })("mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory=lib\njava -cp 'lib/*' Main.java", 1),
    events: 1,
    checks: { 'a first error': arrives('IllegalStateException: First error from Java', /^main Main\.java:\d+$/) },
  },
  {
    ...shell,
    name: 'set-up page: curl',
    send: (b) => place(b, 'curl', { x: '' })(code('curl', b.dsn, 'terminal')),
    events: 1,
    checks: { 'a first error': arrives('FirstError: Hello from curl') },
  },
  {
    ...shell,
    name: 'set-up page: shell scripts',
    send(b) {
      const errata = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'server/dist/main.js')}' "$@"\n`;
      const job =
        '#!/bin/sh\necho "Traceback (most recent call last):\n  File \\"job.py\\", line 3, in work\n    go()\nKeyError: 7" >&2\nexit 1\n';
      const sh = place(b, 'shell', { 'bin/errata': errata, 'job.py': job });
      return sh(`chmod +x bin/errata job.py; PATH="$PWD/bin:$PATH"\n${code('shell', b.dsn, 'terminal')}`);
    },
    events: 4,
    checks: {
      'errata report': arrives('backup failed'),
      'with a trace': arrives('KeyError: 7', /^work job\.py:3$/),
      'many at once': (kept) => ['FirstError: Hello from curl', 'Only words, a warning'].map((title) => event(kept, title)),
    },
  },
  {
    language: 'python',
    needs: ['python3', 'bash', 'curl'],
    name: 'set-up page: OpenTelemetry',
    send(b) {
      const sh = place(b, 'otel', { x: '' });
      cpSync(join(b.programs, 'shop_otel.py'), join(b.folder, 'snippet-otel/main.py'));
      const install = 'pip install -q opentelemetry-sdk opentelemetry-exporter-otlp-proto-http';
      return sh(
        `${venv}\n${install}\n${code('opentelemetry', b.dsn, 'environment')}\npython main.py\n${code('opentelemetry', b.dsn, 'terminal')}`,
      );
    },
    events: 4,
    checks: { 'from a program': arrives('RuntimeError: order 4711'), 'by hand': arrives('First error over OTLP') },
  },
];

const CARGO = '[package]\nname = "first"\nversion = "1.0.0"\nedition = "2024"\n';
