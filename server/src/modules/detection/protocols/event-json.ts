import { refusals } from './refusal.ts';

/** A parsed event payload. */
export interface EventJson {
  value: Record<string, unknown>;
  /** Whether the text had `\u` escapes: only then can strings hold lone surrogates or NUL. */
  escapes: boolean;
}

/**
 * Parses an event. `NaN` and `Infinity`, which old raven for Python sends, are read as null. Deep nesting is no danger:
 * the engine parses without recursion.
 * @throws IngestRefusal 400 `json` when it is no JSON object.
 */
export function parseEvent(text: string): EventJson {
  const value = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusals.json('object expected');
  return { value: value as Record<string, unknown>, escapes: text.includes('\\u') };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.includes('NaN') || text.includes('Infinity')) {
      try {
        return JSON.parse(withoutNonFinite(text));
      } catch {
        // the first complaint is the better one
      }
    }
    throw refusals.json(describe(error));
  }
}

/** The engine's message without the payload it quotes: a refusal never prints what was sent. */
function describe(error: unknown): string {
  const place = /position (\d+)/.exec((error as Error).message)?.[1];
  return place === undefined ? 'no JSON' : `no JSON, at position ${place}`;
}

/** Replaces the words outside strings. One pass by hand: a pattern over strings with escapes can be made to run for hours. */
function withoutNonFinite(text: string): string {
  let clean = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (c === 'N' || c === 'I' || (c === '-' && text[i + 1] === 'I')) {
      const word = ['NaN', 'Infinity', '-Infinity'].find((w) => text.startsWith(w, i));
      if (word === undefined) continue;
      clean += `${text.slice(from, i)}null`;
      i += word.length - 1;
      from = i + 1;
    }
  }
  return clean + text.slice(from);
}
