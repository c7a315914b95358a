import { FOREIGN_SNIPPETS } from './snippets-foreign.ts';

/** One thing to do: words, and code to paste. */
export interface SetupStep {
  title: string;
  code: string;
  /** Where the code goes: a file name, or `terminal`. */
  file: string;
}

/** How to report to a DSN from one platform. */
export interface Snippet {
  id: string;
  name: string;
  /** Values of `Project.platform` that open this one, in Sentry's words. */
  platforms: readonly string[];
  steps: (dsn: string) => readonly SetupStep[];
}

/** The parts of a DSN that tools without an SDK need. */
export function dsnParts(dsn: string): { key: string; endpoint: string } {
  try {
    const url = new URL(dsn);
    const segments = url.pathname.split('/').filter(Boolean);
    const projectId = segments.pop() ?? '';
    const prefix = segments.length === 0 ? '' : `/${segments.join('/')}`;
    return { key: url.username, endpoint: `${url.protocol}//${url.host}${prefix}/api/${projectId}/envelope/` };
  } catch {
    return { key: '', endpoint: '' };
  }
}

const install = (code: string): SetupStep => ({ title: 'Install the SDK', file: 'terminal', code });

/** The commonest ways to report, in the order they are offered. */
export const SNIPPETS: readonly Snippet[] = [
  {
    id: 'browser',
    name: 'JavaScript (browser)',
    platforms: ['javascript', 'browser', 'javascript-browser'],
    steps: (dsn) => [
      install('npm install @sentry/browser'),
      {
        title: 'Start it before anything else runs',
        file: 'main.js',
        code: `import * as Sentry from '@sentry/browser';\n\nSentry.init({\n  dsn: '${dsn}',\n  environment: 'production',\n  release: 'my-app@1.0.0',\n});`,
      },
      {
        title: 'Send a first error',
        file: 'main.js',
        code: `setTimeout(() => {\n  throw new Error('First error from the browser');\n});`,
      },
    ],
  },
  {
    id: 'react',
    name: 'React',
    platforms: ['javascript-react', 'react'],
    steps: (dsn) => [
      install('npm install @sentry/react'),
      {
        title: 'Start it and catch what rendering throws (React 19)',
        file: 'main.jsx',
        code: `import * as Sentry from '@sentry/react';\nimport { createRoot } from 'react-dom/client';\n\nSentry.init({ dsn: '${dsn}', environment: 'production' });\n\ncreateRoot(document.getElementById('root'), {\n  onUncaughtError: Sentry.reactErrorHandler(),\n  onCaughtError: Sentry.reactErrorHandler(),\n  onRecoverableError: Sentry.reactErrorHandler(),\n}).render(<App />);`,
      },
      {
        title: 'Send a first error',
        file: 'App.jsx',
        code: `<button onClick={() => { throw new Error('First error from React'); }}>Break</button>`,
      },
    ],
  },
  {
    id: 'nextjs',
    name: 'Next.js',
    platforms: ['javascript-nextjs', 'nextjs'],
    steps: (dsn) => [
      install('npm install @sentry/nextjs'),
      {
        title: 'On the server',
        file: 'instrumentation.ts',
        code: `import * as Sentry from '@sentry/nextjs';\n\nexport function register() {\n  Sentry.init({ dsn: '${dsn}' });\n}\n\nexport const onRequestError = Sentry.captureRequestError;`,
      },
      {
        title: 'In the browser',
        file: 'instrumentation-client.ts',
        code: `import * as Sentry from '@sentry/nextjs';\n\nSentry.init({ dsn: '${dsn}' });\n\nexport const onRouterTransitionStart = Sentry.captureRouterTransitionStart;`,
      },
      {
        title: 'Send a first error',
        file: 'app/api/break/route.ts',
        code: `export function GET() {\n  throw new Error('First error from Next.js');\n}`,
      },
    ],
  },
  {
    id: 'node',
    name: 'Node.js',
    platforms: ['node', 'javascript-node', 'node-express', 'node-fastify', 'bun', 'deno'],
    steps: (dsn) => [
      install('npm install @sentry/node'),
      {
        title: 'Start it first of all',
        file: 'instrument.mjs',
        code: `import * as Sentry from '@sentry/node';\n\nSentry.init({\n  dsn: '${dsn}',\n  environment: process.env.NODE_ENV,\n  release: 'my-service@1.0.0',\n});`,
      },
      { title: 'Run your program with it', file: 'terminal', code: 'node --import ./instrument.mjs app.mjs' },
      {
        title: 'Send a first error',
        file: 'app.mjs',
        code: `setTimeout(() => {\n  throw new Error('First error from Node.js');\n}, 100);`,
      },
    ],
  },
  {
    id: 'python',
    name: 'Python',
    platforms: ['python'],
    steps: (dsn) => [
      install('pip install sentry-sdk'),
      {
        title: 'Start it at the top of your program',
        file: 'main.py',
        code: `import sentry_sdk\n\nsentry_sdk.init(\n    dsn="${dsn}",\n    environment="production",\n    release="my-service@1.0.0",\n)`,
      },
      { title: 'Send a first error', file: 'main.py', code: '1 / 0' },
    ],
  },
  {
    id: 'django',
    name: 'Django',
    platforms: ['python-django', 'django'],
    steps: (dsn) => [
      install('pip install sentry-sdk'),
      {
        title: 'In the settings; Django is found by itself',
        file: 'settings.py',
        code: `import sentry_sdk\n\nsentry_sdk.init(\n    dsn="${dsn}",\n    environment="production",\n)`,
      },
      {
        title: 'Send a first error',
        file: 'urls.py',
        code: `from django.urls import path\n\ndef break_something(request):\n    return 1 / 0\n\nurlpatterns = [\n    path("break/", break_something),\n]`,
      },
    ],
  },
  {
    id: 'flask',
    name: 'Flask',
    platforms: ['python-flask', 'flask', 'python-fastapi'],
    steps: (dsn) => [
      install('pip install "sentry-sdk[flask]"'),
      {
        title: 'Before the application is made; FastAPI works the same way',
        file: 'app.py',
        code: `import sentry_sdk\nfrom flask import Flask\n\nsentry_sdk.init(dsn="${dsn}", environment="production")\n\napp = Flask(__name__)`,
      },
      {
        title: 'Send a first error',
        file: 'app.py',
        code: `@app.route("/break")\ndef break_something():\n    return str(1 / 0)`,
      },
    ],
  },
  {
    id: 'spring',
    name: 'Java (Spring Boot)',
    platforms: ['java', 'java-spring', 'java-spring-boot', 'kotlin'],
    steps: (dsn) => [
      {
        title: 'Add the SDK (for Spring Boot 3; the version is the newest you can get)',
        file: 'build.gradle.kts',
        code: `dependencies {\n    implementation("io.sentry:sentry-spring-boot-starter-jakarta:8.+")\n    implementation("io.sentry:sentry-logback:8.+")\n}`,
      },
      {
        title: 'Configure it',
        file: 'application.properties',
        code: `sentry.dsn=${dsn}\nsentry.environment=production\nsentry.in-app-includes=com.example`,
      },
      {
        title: 'Send a first error',
        file: 'BreakController.java',
        code: `@GetMapping("/break")\nString breakSomething() {\n    throw new IllegalStateException("First error from Spring");\n}`,
      },
    ],
  },
  {
    id: 'java',
    name: 'Java (Logback)',
    platforms: ['java-logback', 'java-log4j2'],
    steps: (dsn) => [
      {
        title: 'Add the SDK; with Gradle: implementation("io.sentry:sentry-logback:8.+")',
        file: 'pom.xml',
        code: `<dependency>\n  <groupId>io.sentry</groupId>\n  <artifactId>sentry-logback</artifactId>\n  <version>[8,9)</version>\n</dependency>`,
      },
      {
        title: 'Start it first of all, and send a first error; logged errors are sent, too',
        file: 'Main.java',
        code: `import io.sentry.Sentry;\n\npublic class Main {\n  public static void main(String[] args) {\n    Sentry.init(options -> {\n      options.setDsn("${dsn}");\n      options.setEnvironment("production");\n      options.addInAppInclude("com.example");\n    });\n\n    throw new IllegalStateException("First error from Java");\n  }\n}`,
      },
      {
        title: 'Send what is logged as an error',
        file: 'src/main/resources/logback.xml',
        code: `<configuration>\n  <appender name="sentry" class="io.sentry.logback.SentryAppender" />\n  <root level="info"><appender-ref ref="sentry" /></root>\n</configuration>`,
      },
    ],
  },
  {
    id: 'go',
    name: 'Go',
    platforms: ['go', 'go-http', 'go-gin'],
    steps: (dsn) => [
      install('go get github.com/getsentry/sentry-go'),
      {
        title: 'Start it in main, and send a first error',
        file: 'main.go',
        code: `package main\n\nimport (\n\t"errors"\n\t"log"\n\t"time"\n\n\t"github.com/getsentry/sentry-go"\n)\n\nfunc main() {\n\terr := sentry.Init(sentry.ClientOptions{\n\t\tDsn:              "${dsn}",\n\t\tEnvironment:      "production",\n\t\tAttachStacktrace: true,\n\t})\n\tif err != nil {\n\t\tlog.Fatalf("sentry.Init: %s", err)\n\t}\n\tdefer sentry.Flush(2 * time.Second)\n\n\tsentry.CaptureException(errors.New("first error from Go"))\n}`,
      },
    ],
  },
  {
    id: 'rust',
    name: 'Rust',
    platforms: ['rust', 'rust-actix', 'rust-axum'],
    steps: (dsn) => [
      install('cargo add sentry'),
      {
        title: 'Start it in main, and send a first error: any panic',
        file: 'src/main.rs',
        code: `fn main() {\n    let mut options = sentry::ClientOptions::default();\n    options.release = sentry::release_name!();\n    options.environment = Some("production".into());\n    let _guard = sentry::init(("${dsn}", options));\n\n    panic!("first error from Rust");\n}`,
      },
    ],
  },
  {
    id: 'laravel',
    name: 'PHP (Laravel)',
    platforms: ['php', 'php-laravel', 'laravel', 'php-symfony'],
    steps: (dsn) => [
      install('composer require sentry/sentry-laravel'),
      {
        title: 'Report what Laravel catches',
        file: 'bootstrap/app.php',
        code: `->withExceptions(function (Exceptions $exceptions) {\n    \\Sentry\\Laravel\\Integration::handles($exceptions);\n})`,
      },
      { title: 'Name the DSN', file: '.env', code: `SENTRY_LARAVEL_DSN=${dsn}` },
      { title: 'Send a first error', file: 'terminal', code: 'php artisan sentry:test' },
    ],
  },
  {
    id: 'rails',
    name: 'Ruby (Rails)',
    platforms: ['ruby', 'ruby-rails', 'rails', 'ruby-rack'],
    steps: (dsn) => [
      { title: 'Add the SDK', file: 'Gemfile', code: 'gem "sentry-ruby"\ngem "sentry-rails"' },
      {
        title: 'Configure it',
        file: 'config/initializers/sentry.rb',
        code: `Sentry.init do |config|\n  config.dsn = "${dsn}"\n  config.breadcrumbs_logger = [:active_support_logger, :http_logger]\nend`,
      },
      {
        title: 'Send a first error',
        file: 'terminal',
        code: `bin/rails runner 'Sentry.capture_exception(RuntimeError.new("First error from Rails"))'`,
      },
    ],
  },
  {
    id: 'dotnet',
    name: '.NET',
    platforms: ['csharp', 'dotnet', 'dotnet-aspnetcore', 'aspnetcore'],
    steps: (dsn) => [
      install('dotnet add package Sentry.AspNetCore'),
      {
        title: 'Start it with the host',
        file: 'Program.cs',
        code: `var builder = WebApplication.CreateBuilder(args);\n\nbuilder.WebHost.UseSentry(options =>\n{\n    options.Dsn = "${dsn}";\n    options.Environment = "production";\n});\n\nvar app = builder.Build();`,
      },
      {
        title: 'Send a first error',
        file: 'Program.cs',
        code: `app.MapGet("/break", string () => throw new InvalidOperationException("First error from .NET"));`,
      },
    ],
  },
  ...FOREIGN_SNIPPETS,
  {
    id: 'curl',
    name: 'curl, no SDK',
    platforms: ['other', 'native'],
    steps: (dsn) => {
      const { key, endpoint } = dsnParts(dsn);
      return [
        {
          title: 'Send an event as it goes over the wire',
          file: 'terminal',
          code: `curl '${endpoint}?sentry_key=${key}' \\\n  -H 'content-type: application/x-sentry-envelope' \\\n  --data-binary $'{}\\n{"type":"event"}\\n{"level":"error","platform":"other","exception":{"values":[{"type":"FirstError","value":"Hello from curl"}]}}\\n'`,
        },
      ];
    },
  },
];

/** The snippet a project of this platform most likely wants. */
export const snippetFor = (platform: string | null): Snippet =>
  SNIPPETS.find((one) => platform !== null && (one.platforms.includes(platform) || one.id === platform)) ??
  (SNIPPETS[0] as Snippet);
