import { CST, Lexer } from 'yaml';

/** What is wrong with a YAML text, and on which line (from 1) and column (from 1). */
export interface YamlFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Characters of a YAML text that is read at all: that of a full set of patterns with room to spare. */
export const LONGEST_YAML = 512 * 1024;
const MOST_TOKENS = 60_000;
const DEEPEST = { flow: 8, indent: 40, perLine: 12 };
const REFUSED: Record<string, string> = {
  alias: 'Aliases (*name) are not accepted.',
  anchor: 'Anchors (&name) are not accepted.',
  tag: 'Tags (!name) are not accepted.',
  'explicit-key-ind': 'Explicit keys (?) are not accepted.',
  'directive-line': 'Directives (%) are not accepted.',
};

/**
 * Looks over a hostile YAML text by its tokens alone, before the parser, which is recursive: nesting deep enough exhausts
 * the stack inside it and V8 ends the whole process. Aliases, of which "bombs" are made, are not needed here.
 */
export function guardYaml(text: string): YamlFault | undefined {
  if (text.length > LONGEST_YAML) return { line: 1, column: 1, message: `At most ${LONGEST_YAML / 1024} KiB of YAML.` };
  let [line, column, flow, perLine, count, fresh] = [1, 1, 0, 0, 0, true];
  const fault = (message: string): YamlFault => ({ line, column, message });
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token) ?? 'scalar';
    if (++count > MOST_TOKENS) return fault('This is too long for a set of patterns.');
    if (REFUSED[type] !== undefined) return fault(REFUSED[type]);
    if (type === 'space' && fresh && token.length > DEEPEST.indent) return fault('This is indented too deeply.');
    if (type === 'flow-seq-start' || type === 'flow-map-start') flow++;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') flow = Math.max(0, flow - 1);
    else if (type === 'seq-item-ind' || (type === 'map-value-ind' && flow === 0)) perLine++;
    if (flow > DEEPEST.flow || perLine > DEEPEST.perLine) return fault('This is nested too deeply.');
    fresh = type === 'newline';
    if (fresh) perLine = 0;
    // The lexer marks the beginnings of documents and scalars with control characters that are not in the text.
    if (type === 'doc-mode' || (type === 'scalar' && token === '\u001f') || type === 'flow-error-end') continue;
    const breaks = token.split('\n').length - 1;
    line += breaks;
    column = breaks > 0 ? token.length - token.lastIndexOf('\n') : column + token.length;
  }
  return undefined;
}
