/** Which frames are the project's own code. */
export interface InAppRules {
  readonly inAppInclude: readonly string[];
  readonly inAppExclude: readonly string[];
}

/** What a frame is known by. */
export interface FramePlace {
  function?: string;
  module?: string;
  package?: string;
  filename?: string;
  absPath?: string;
}

interface PlatformRule {
  /** Parts of a path that make it somebody else's code. */
  paths: readonly string[];
  /** Beginnings of a path or file name that do. */
  starts?: readonly string[];
  /** Beginnings of a module or package name that do, at a dot, colon or slash. */
  modules?: readonly string[];
  /** Somebody else's even when the SDK says that it is the project's own: it has no way to know, and says so of everything. */
  never?: (place: FramePlace) => boolean;
}

// biome-ignore format: a table
const JAVA = [
  'java', 'javax', 'jakarta', 'jdk', 'sun', 'com.sun', 'kotlin', 'kotlinx', 'scala', 'groovy', 'clojure',
  'android', 'androidx', 'dalvik', 'com.android', 'com.google.android', 'org.springframework', 'org.apache', 'org.hibernate',
  'org.junit', 'org.gradle', 'org.eclipse', 'org.jboss', 'org.slf4j', 'io.netty', 'io.undertow', 'io.reactivex', 'reactor',
  'okhttp3', 'retrofit2', 'com.fasterxml', 'com.zaxxer', 'ch.qos.logback', 'io.sentry',
];

const RUST_PATHS = [
  '/rustc/',
  '/registry/src/', // below $CARGO_HOME, wherever that is
  '\\registry\\src\\',
  '/git/checkouts/',
  '/library/std/',
  '/library/core/',
  '/library/alloc/',
  '/rustlib/',
];
const RUST_CRATES = ['std', 'core', 'alloc', 'backtrace', 'sentry', 'sentry_', 'tokio', '__rust', 'rust_'];

/** Paths of crates are certain; so are functions of no crate (`main` of the C library) outside of Rust's files. */
function foreignToRust(place: FramePlace): boolean {
  const path = place.absPath ?? place.filename;
  if (path !== undefined && RUST_PATHS.some((part) => path.includes(part))) return true;
  const crate = place.package ?? place.module;
  if (crate !== undefined) return RUST_CRATES.some((prefix) => begins(crate, prefix));
  return path?.endsWith('.rs') !== true && place.function?.includes('::') !== true;
}

const PLATFORMS: Record<string, PlatformRule> = {
  javascript: {
    paths: ['/node_modules/', '/bower_components/', 'webpack/runtime', 'webpack/bootstrap', '/@vite/', '/~/'],
    starts: [
      'node:',
      'internal/',
      '<anonymous>',
      '[native code]',
      'native ',
      'chrome-extension://',
      'moz-extension://',
      'safari-extension://',
      'safari-web-extension://',
      'extensions::',
      'node_modules/',
      'ext:',
      'bun:',
    ],
    modules: ['@sentry'],
  },
  python: {
    paths: ['/site-packages/', '/dist-packages/', '/lib/python', '/lib64/python', '\\site-packages\\', '\\Python3', '/lib/pypy'],
    starts: ['<frozen', '<string>', '<__array_function__', 'site-packages/'],
    modules: ['sentry_sdk', 'raven'],
  },
  ruby: {
    paths: ['/gems/', '/rubygems/', '/lib/ruby/', '/.rbenv/', '/.rvm/', '/vendor/bundle/'],
    starts: ['<internal:', '(eval'],
  },
  php: { paths: ['/vendor/', '\\vendor\\'], starts: ['[internal]', 'phar://'] },
  java: { paths: [], modules: JAVA },
  csharp: {
    paths: [],
    modules: ['System', 'Microsoft', 'mscorlib', 'MS.Internal', 'Sentry', 'Newtonsoft', 'Serilog', 'Interop', 'Windows'],
  },
  go: {
    paths: ['/pkg/mod/', '/vendor/', '/go/src/', '/libexec/src/'],
    modules: [
      'runtime',
      'net',
      'net/http',
      'reflect',
      'sync',
      'testing',
      'os',
      'io',
      'fmt',
      'bufio',
      'encoding',
      'database/sql',
      'github.com/getsentry/sentry-go',
    ],
    // sentry-go takes all for own but the standard library; closures that were inlined even bear the caller's package.
    never: ({ absPath }) => absPath !== undefined && (absPath.includes('/pkg/mod/') || /@v\d/.test(absPath)),
  },
  rust: {
    paths: RUST_PATHS,
    modules: RUST_CRATES,
    // The sentry crate takes for own what its list of crates does not name: its own panic hook and the C library, too.
    never: foreignToRust,
  },
  elixir: { paths: ['/deps/', 'lib/elixir/', 'lib/ecto', '/elixir/lib/'], starts: ['deps/'] },
  dart: {
    paths: ['/.pub-cache/', '/flutter/packages/'],
    starts: ['dart:', 'package:flutter/', 'package:sentry', 'org-dartlang-sdk:'],
  },
  perl: { paths: ['/perl5/', '/share/perl', '/lib/perl'] },
  native: {
    paths: [
      '/system/lib',
      '/apex/',
      '\\windows\\system32\\',
      '/System/Library/',
      '/usr/lib/',
      '.framework/Versions/',
      '/libswift',
    ],
    starts: ['/lib/', '/lib64/', 'C:\\Windows\\'],
  },
};
const SAME: Record<string, string> = {
  node: 'javascript',
  cocoa: 'native',
  objc: 'native',
  c: 'native',
  swift: 'native',
  other: '',
};

/**
 * Whether a frame is the project's own code. The project's own rules decide first, then the SDK's word (unless it is one that
 * cannot know), then what is known of the platform's libraries. Undefined when nothing is known of the platform or the place.
 */
export function inApp(said: boolean | undefined, place: FramePlace, platform: string, rules: InAppRules): boolean | undefined {
  if (rules.inAppExclude.length > 0 && named(place, rules.inAppExclude)) return false;
  if (rules.inAppInclude.length > 0 && named(place, rules.inAppInclude)) return true;
  const rule = PLATFORMS[SAME[platform] ?? platform];
  if (said === true && rule?.never?.(place) === true) return false;
  if (said !== undefined) return said;
  const path = place.absPath ?? place.filename ?? place.package;
  const module = place.module ?? place.package;
  if (rule === undefined || (path === undefined && module === undefined)) return undefined;
  if (path !== undefined) {
    if (rule.paths.some((part) => path.includes(part))) return false;
    if (rule.starts?.some((start) => path.startsWith(start))) return false;
    if (place.filename !== undefined && rule.starts?.some((start) => place.filename?.startsWith(start))) return false;
  }
  if (module !== undefined && rule.modules?.some((prefix) => begins(module, prefix))) return false;
  return true;
}

/** A name begins with a prefix that ends at a boundary: `java` begins `java.lang` but not `javascript`. */
function begins(name: string, prefix: string): boolean {
  if (!name.startsWith(prefix)) return false;
  const next = name[prefix.length];
  return next === undefined || !/\w/.test(next) || !/\w/.test(prefix.at(-1) as string) || prefix.endsWith('_');
}

function named(place: FramePlace, prefixes: readonly string[]): boolean {
  return prefixes.some(
    (prefix) =>
      prefix !== '' &&
      ((place.module !== undefined && begins(place.module, prefix)) ||
        (place.package?.startsWith(prefix) ?? false) ||
        (place.filename?.startsWith(prefix) ?? false) ||
        (place.absPath?.startsWith(prefix) ?? false) ||
        (prefix.startsWith('/') && prefix.endsWith('/') && (place.absPath?.includes(prefix) ?? false))),
  );
}
