/**
 * Function names of grouping v1, the same over builds, browsers and runtimes. Part of a released grouping version: copy
 * it for a new version, never edit it once released.
 */

/**
 * `anonymous`: the name says nothing. `guard`: it checks what its callers were given (assert…, verify…); they failed.
 * `reporter`: it only makes or passes on the failure (createError…, request…); its caller is the place.
 */
export type Specificity = 'named' | 'anonymous' | 'guard' | 'reporter';

export interface FunctionName {
  /** Empty if anonymous. */
  name: string;
  specificity: Specificity;
}

const ANONYMOUS: FunctionName = { name: '', specificity: 'anonymous' };

const NAMELESS = new Set([
  '?',
  '??',
  'anonymous',
  'Anonymous function',
  'anonymous function',
  '<unknown>',
  'unknown',
  '<redacted>',
  'redacted',
  'eval',
  'eval code',
  'global code',
  'module code',
  'null',
  'undefined',
  '<lambda>',
  '<listcomp>',
  '<genexpr>',
  '<dictcomp>',
  '<setcomp>',
  '<module>',
  '<main>',
  '<top (required)>',
  'lambda_method',
  '{closure}',
  '{main}',
  '[unknown]',
  '<global>',
  'main()',
]);

const GUARD =
  /^_*(?:assert|check|verify|validate|require|ensure|expect|throw|raise|rethrow|reraise|fail|panic|abort|bail|invariant|unwrap|must|Assert|Check|Verify|Validate|Require|Ensure|Throw|Raise|Rethrow|Fail|Panic|Must)(?:[A-Z_\d]|s?!?$)|(?:[a-z\d]|_)(?:Invariant|Assert|(?<=_)(?:invariant|assert))$/;
/** `orElseThrow`, `find_or_fail`: throws what its caller would have had to. */
const OR_THROW = /(?:_or_|Or|Else)_?(?:[Tt]hrow|[Ff]ail|[Dd]ie|[Pp]anic|[Rr]aise|[Aa]bort)$/;
/** Classes that hold nothing but guards: `Assert.notNull`, `Guard.AgainstNull`, `ParamChecks.notEmpty`. */
const GUARDS =
  /(?:^|[a-z\d])(?:Assert|Asserts|Assertion|Assertions|Guard|Guards|Preconditions?|Checks|Ensure|Invariants?|Contracts?)$|^(?:Require|Validate|Verify|Check)$/;
/**
 * Sends what its caller asked for and reports what came back: `request`, `apiFetch`, `sendRequest`, `execCommand`,
 * `handleResponse`, `onError`. That the other side refused is not its fault.
 */
const MESSENGER =
  /^_*(?:(?:(?:do|make|send|perform|exec|execute|run|spawn|call|issue|api|http|rest|json|auth\w{0,8})_?)?(?:[Rr]equest|[Ff]etch|[Cc]md|[Cc]ommand|[Aa]pi)(?:_?(?:[Aa]sync|[Jj]son|[Aa]pi))?|(?:do|run|send|exec|execute)_?[Qq]uery|(?:get|post|put|patch|delete|load)_?(?:[Jj]son|JSON)|(?:http|api)_?(?:[Gg]et|[Pp]ost|[Pp]ut|[Pp]atch|[Dd]elete|[Cc]all)|(?:handle|on|parse|process)_?(?:[Rr]esponse|[Ee]rrors?|[Ff]ailure|[Rr]ejection))$/;
const RAISES = /^_*(?:throw|raise|rethrow|reraise|fail|panic|abort|bail)/i;
const ERROR_FACTORY =
  /^_*(?:create|make|new|build|to|get|throw|raise|wrap|generate|format|report|[Cc]reate|New|Make|Build|Wrap|Throw)_?\w*(?:[Ee]rror|[Ee]xception)s?$/;

/**
 * Normalises one function name.
 * @param raw as the SDK sent it
 * @param module of the same frame: async state machines and lambdas carry their method's name there
 * @param kind `script`: receivers are cut, because they depend on the browser and on the subclass; `script-with-receiver`:
 *   kept, for a caller on a server, where they are stable and tell whose method it was
 */
export function functionName(
  raw: string | undefined,
  module: string | undefined,
  kind: 'script' | 'script-with-receiver' | 'compiled',
): FunctionName {
  let name = raw === undefined ? '' : raw.length > 300 ? raw.slice(0, 300) : raw;
  // C#: the compiler's state machine. Type+<Method>d__4.MoveNext is Type.Method.
  if (name === 'MoveNext' && module !== undefined) {
    const method = /<(\w+)>d__\d+/.exec(module);
    if (method !== null) name = method[1] as string;
  }
  if (name === '' || NAMELESS.has(name)) return ANONYMOUS;
  name = kind === 'compiled' ? compiledName(name) : scriptName(name, kind === 'script-with-receiver');
  if (name === '' || NAMELESS.has(name)) return ANONYMOUS;
  return { name, specificity: specificityOf(name, module) };
}

/** `Object.aha`, `async aha`, `new aha`, `aha [as b]`, `module.exports.aha` → aha. Firefox marks inner functions with `/<`. */
function scriptName(raw: string, receiver: boolean): string {
  let name = raw;
  const alias = name.indexOf(' [as ');
  if (alias >= 0) name = name.slice(0, alias);
  if (name.includes(' ')) name = name.replace(/^(?:async |new |get |set |bound )+/, '');
  if (name.endsWith('<') || name.endsWith('/') || name.includes('anonymous')) return '';
  const dot = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'), name.lastIndexOf('#'));
  if (dot >= 0 && (!receiver || name.startsWith('Object.'))) name = name.slice(dot + 1);
  // Bundlers number names that met: charge$1.
  if (name.includes('$')) name = name.replace(/\$\d+$/, '');
  return name;
}

function compiledName(raw: string): string {
  let name = raw;
  // Elixir: anonymous fn/2 in Shop.charge/1. Ruby: block (2 levels) in charge. Swift: closure #1 in Shop.charge().
  const inside = name.lastIndexOf(' in ');
  if (inside >= 0 && /^(?:anonymous fn|block|rescue|ensure|closure #|partial apply|implicit closure)/.test(name))
    name = name.slice(inside + 4);
  if (name.includes('{closure'))
    return name.includes('::{closure') || name.includes('\\{closure') ? '' : name.replace(/\{closure:[^}]*\}/, '');
  if (name.includes('@anonymous')) name = name.replace(/@anonymous.*?(?=::|->|$)/s, '@anonymous');
  if (name.startsWith('0x')) return '';
  if (name.includes('lambda$')) name = name.replace(/lambda\$(\w+?)\$\d+$/, 'lambda$$$1');
  if (name.includes('>b__') || name.includes('>g__')) name = name.replace(/^.*<([\w.]+)>[bg]__\w*(?:\|[\d_]+)?/, '$1');
  if (name.includes('.func')) name = name.replace(/(?:\.\.?func\d+(?:\.\d+)*)+(?:-fm)?$/, '.func');
  if (name.includes('::h')) name = name.replace(/::h[0-9a-f]{16}$/, '');
  if (name.includes('[clone ') || name.includes('.isra') || name.includes('.constprop') || name.includes('.cold')) {
    name = name.replace(/ ?\[clone [^\]]*\]|\.(?:isra|constprop|part|cold)(?:\.\d+)?/g, '');
  }
  if (name.includes('(') && !/^[-+][[(]/.test(name) && !name.startsWith('(*')) name = withoutArguments(name);
  if (name.includes('<anonymous closure>')) name = name.replace(/\.?<anonymous closure>/g, '');
  if (name.includes('`')) name = name.replace(/`\d+/g, '');
  return name.trim();
}

/** C++ and friends: `void shop::charge<int>(int, char*) const` → shop::charge. Template arguments vary with the build. */
function withoutArguments(raw: string): string {
  let depth = 0;
  let out = '';
  for (const c of raw) {
    if (c === '<' || c === '(') {
      if (c === '(' && depth === 0 && out !== '' && !out.endsWith('operator')) break;
      depth += 1;
    } else if (c === '>' || c === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) out += c;
  }
  const space = out.trimEnd().lastIndexOf(' ');
  return (space >= 0 ? out.slice(space + 1) : out) || raw;
}

function specificityOf(name: string, module: string | undefined): Specificity {
  const at = Math.max(
    name.lastIndexOf('.'),
    name.lastIndexOf(':'),
    name.lastIndexOf('#'),
    name.lastIndexOf('\\'),
    name.lastIndexOf('>'),
  );
  const last = at >= 0 ? name.slice(at + 1) : name;
  if (MESSENGER.test(last) || ERROR_FACTORY.test(last) || OR_THROW.test(last)) return 'reporter';
  if (GUARD.test(last)) return RAISES.test(last) ? 'reporter' : 'guard';
  return GUARDS.test(ownClass(at > 0 ? name.slice(0, at).replace(/[.:#\\>-]+$/, '') : (module ?? ''))) ? 'guard' : 'named';
}

/** The class's own name, without namespace. */
function ownClass(raw: string): string {
  const name = raw.length > 300 ? raw.slice(-300) : raw;
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('\\'), name.lastIndexOf(':'), name.lastIndexOf('/')) + 1);
}
