/** Control characters (C0 but tab, C1, DEL), and those that turn the direction of text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const COMMANDS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A value as one line of NDJSON that no terminal obeys: JSON itself leaves DEL, C1 and marks of direction as they are. */
export function jsonLine(value: unknown): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replace(COMMANDS, escaped)}\n`;
}

/** The same for a text of several lines that are meant. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * Foreign text on its way to a terminal: what a terminal would obey (colours, titles, moving about, answering back) is
 * written out as `\x1b`, and everything stays on its line. Only for text that people read; NDJSON is escaped by JSON.
 */
export function printable(text: string): string {
  return text.replace(COMMANDS, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
