/**
 * Where a frame stands, in words that survive a deployment: module or file without content hashes, versions and the
 * machine's directories. Part of a released grouping version: copy it for a new version, never edit it once released.
 */
import type { NormalizedFrame } from '../../../detection/normalized-event.ts';

/** The last of these in an absolute path is where the part that is the same on every machine begins. */
const ROOTS = /^.*\/(?:site-packages|dist-packages|node_modules|vendor|gems|go\/pkg\/mod|go\/src)\//;
const SOURCE_ROOTS = /^.*?\/((?:src|app|lib|test|tests|spec)\/)/;
const SCHEME = /^(?:webpack(?:-internal)?|ng|app|async|file|capacitor|ionic|https?|node|turbopack|blob|[a-z-]+-extension):/;

const SCRIPT = /\.(?:[cm]?[jt]sx?|rb)$/;

/** Module of the frame, or its file; empty if unknown. */
export function frameLocation(frame: NormalizedFrame): string {
  const script = frame.filename ?? frame.absPath;
  // Node's SDK names modules relative to the main script, which a stack read from a log does not tell, and Ruby names classes
  // since 3.4 only: both have the file.
  const module = script !== undefined && SCRIPT.test(script) ? undefined : frame.module;
  if (module !== undefined && module !== '' && !module.startsWith('<') && module !== '__main__' && module !== '?')
    return moduleName(module);
  const file = frame.filename ?? frame.absPath;
  if (file !== undefined && file !== '' && file !== '<anonymous>' && file !== '[native code]') return fileName(file);
  return '';
}

function moduleName(raw: string): string {
  let name = raw.length > 300 ? raw.slice(0, 300) : raw;
  if (name.includes(',')) name = name.replace(/, ?(?:Version|Culture|PublicKeyToken)=.*$/, '');
  // C#: Type+<Method>d__4 (state machine), Type+<>c__DisplayClass4_0 (closure), List`1 (arity).
  if (name.includes('<')) name = name.replace(/\+<.*$/, '');
  if (name.includes('`')) name = name.replace(/`\d+/g, '');
  // Java: proxies and lambdas are numbered by the run, anonymous classes by their place in the file.
  if (name.includes('$'))
    name = name
      .replace(/\$\$(?:Lambda|EnhancerBy\w+|FastClassBy\w+|SpringCGLIB|Proxy).*$/, '$$$$')
      .replace(/\$(?:Proxy)?\d+/g, '$$');
  if (name.includes('GeneratedMethodAccessor')) name = name.replace(/Accessor\d+/, 'Accessor');
  return name.includes('/') || name.includes('.js') ? withoutBuild(name) : name;
}

function fileName(raw: string): string {
  let name = raw.length > 400 ? raw.slice(-400) : raw;
  if (name.includes('\\')) name = name.replaceAll('\\', '/');
  const remote = /^https?:/.test(name);
  const cut = name.search(/[?#]/);
  if (cut >= 0 && (remote || SCHEME.test(name))) name = name.slice(0, cut);
  let absolute = name.startsWith('/') || /^[A-Za-z]:\//.test(name);
  while (SCHEME.test(name)) {
    absolute ||= name.startsWith('file:');
    // The host is the deployment's; webpack's first part is the bundle's name.
    name = name.replace(SCHEME, '').replace(/^\/\/[^/]*\//, '');
  }
  name = name.replace(/^(?:\.{0,2}\/|~\/)+/, '');
  const rooted = ROOTS.exec(name) ?? ROOTS.exec(`/${name}`);
  if (rooted !== null && (absolute || remote)) name = `/${name}`.replace(ROOTS, '');
  else if (absolute) name = ofDeployment(`/${name}`);
  // A page, not a script: its path holds ids.
  if (remote && !/\.\w{1,5}$/.test(name)) return '<page>';
  return withoutBuild(name);
}

/** An absolute path: from its source directory, else its last directory and file; a page by its name alone. */
function ofDeployment(path: string): string {
  const source = SOURCE_ROOTS.exec(path);
  if (source !== null) return path.slice(source[0].length - (source[1] as string).length);
  const parts = path.split('/');
  return /\.(?:html?|php)$/i.test(path) || parts.length < 4 ? (parts.at(-1) as string) : parts.slice(-2).join('/');
}

/** Content hashes and versions out: app.min.956fa066.js → app.min.*.js, jquery-3.6.0.js → jquery-*.js. */
function withoutBuild(path: string): string {
  if (!/\d/.test(path) && !path.includes('assets/')) return path;
  return path
    .replace(
      /(^|[-._~/@])v?\d{1,9}\.\d{1,9}(?:\.\d{1,9})*(?:[-+.]?(?:alpha|beta|rc|dev|pre|snapshot)[\d.]{0,9})?(?=[-./_]|$)/gi,
      '$1*',
    )
    .replace(/(^|[-._~/])(?=[a-f]{0,40}\d)[0-9a-f]{6,64}(?=[-./_]|$)/gi, '$1*')
    .replace(/(assets\/(?:[^/]+\/)*[^/]*?-)[\w-]{8}(?=\.(?:m?js|css)$)/, '$1*')
    .replace(/(^|\/)\d{1,6}(?=(?:\.\*)?(?:\.chunk|\.bundle)?\.(?:m?js|css)$)/, '$1*');
}
