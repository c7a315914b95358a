import { csharpFrame } from './csharp.ts';
import { javaFrame } from './java.ts';
import { isJavascriptMarker } from './javascript.ts';
import { javascriptFrame } from './javascript-frame.ts';
import { pythonFrame } from './python.ts';
import type { Language } from './types.ts';

/** Lines that are looked at to tell the language. */
const LOOK = 400;

/**
 * The languages a text may be a trace of, the most likely first: every line that has the shape of one language's frame or
 * of a sentence that only its traces have is a vote.
 */
export function likelyLanguages(lines: readonly string[]): Language[] {
  const votes = new Map<Language, number>();
  for (let i = 0; i < lines.length && i < LOOK; i += 1) {
    const language = lineLanguage(lines[i] as string);
    if (language !== undefined) votes.set(language[0], (votes.get(language[0]) ?? 0) + language[1]);
  }
  return [...votes].sort((a, b) => b[1] - a[1]).map(([language]) => language);
}

type Vote = readonly [Language, number];

/** The language whose traces have such a line, and how sure that is; undefined for lines that stand anywhere. */
export function lineLanguage(raw: string): Vote | undefined {
  if (raw.length > 8_000) return undefined;
  const line = raw.trim();
  if (line.length < 3) return undefined;
  switch (line[0]) {
    case 'a':
      if (line.startsWith('at ')) return atLine(line);
      break;
    case 'F':
      if (line.startsWith('File "') && pythonFrame(line) !== undefined) return ['python', 3];
      break;
    case '#':
      return numbered(line);
    case '*':
      if (line.startsWith('** (')) return ['elixir', 5];
      break;
    case '[':
      if (line === '[native code]') return ['javascript', 1];
      break;
    case '.':
      if (/^\.{3} ?\d{1,6} (?:more$|common frames)/.test(line)) return ['java', 2];
      break;
  }
  return sentence(line) ?? placeLine(raw, line);
}

/** `at …`: JavaScript, Java, C#, PowerShell, and Rust's second lines. */
function atLine(line: string): Vote | undefined {
  if (/^at (?:<ScriptBlock>|[\w-]{1,80}(?:<\w{1,20}>)?), .{1,400}: line \d{1,7}$/.test(line)) return ['powershell', 5];
  if (javaFrame(line) !== undefined) return ['java', 2];
  if (csharpFrame(line) !== undefined) return ['csharp', 2];
  if (javascriptFrame(line) !== undefined) return ['javascript', 2];
  return undefined;
}

/** `#0 …`: PHP, Dart, gdb, sanitizers, Android's tombstones. */
function numbered(line: string): Vote | undefined {
  let i = 1;
  while (i < line.length && i < 6 && line.charCodeAt(i) >= 48 && line.charCodeAt(i) <= 57) i += 1;
  if (i === 1) return undefined;
  const rest = line.slice(i).trimStart();
  if (rest === '{main}' || rest.startsWith('[internal function]')) return ['php', 4];
  if (/^0x[0-9a-f]{4,16} /.test(rest) || rest.startsWith('pc 0') || rest.startsWith('<signal handler')) return ['native', 3];
  if (rest.endsWith(')') && /\((?:package:|dart:|file:\/\/|org-dartlang|https?:\/\/)/.test(rest)) return ['dart', 3];
  if (rest.startsWith('abs ') && rest.includes(' virt ')) return ['dart', 4];
  if (/\(\d{1,7}\): /.test(rest)) return ['php', 3];
  if (/ (?:at|from) \S/.test(rest) && rest.includes('(')) return ['native', 2];
  return undefined;
}

function sentence(line: string): Vote | undefined {
  if (line.includes('raceback (most recent call last)')) return ['python', 6];
  if (line.startsWith('Caused by: ') || line.startsWith('Exception in thread "')) return ['java', 1];
  if (line.startsWith('---> ') || line.startsWith('--- End of ') || line.includes(' ---> ')) return ['csharp', 3];
  if (isJavascriptMarker(line)) return ['javascript', 2];
  return undefined;
}

function placeLine(_raw: string, line: string): Vote | undefined {
  if (line.includes('@') || /:\d{1,7}:\d{1,7}$/.test(line.slice(-20))) return javascriptFrame(line) ? ['javascript', 1] : undefined;
  if (line.startsWith('in ') || line.startsWith('Line ') || line.startsWith('eval at ')) return javascriptFrame(line) ? ['javascript', 1] : undefined;
  return undefined;
}
