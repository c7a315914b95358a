/** Codes that colour and move: CSI, OSC and the short ones (ECMA-48 §8.3). Linear: every part has its own characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ANSI = /\u001b(?:\[[0-9;:?<=>!]{0,40}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)?|[ -/]{0,3}[0-~])/g;
/** NUL and the other controls that no text holds; tab stays. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
/** How colours look where the escape itself was written as text by journald or a JSON logger. */
const SHOWN_ANSI = /#033\[[0-9;]{0,20}m/g;

/** Decodes a line of bytes. Invalid UTF-8 becomes U+FFFD and never throws. */
export function decode(bytes: Buffer, from: number, to: number, latin1: boolean): string {
  return bytes.toString(latin1 ? 'latin1' : 'utf8', from, to);
}

/** A line without colours, NULs and other controls. */
export function withoutControls(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c < 32 && c !== 9) || c === 127) {
      const plain = c === 0 || text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
      return plain.replace(ANSI, '').replace(CONTROLS, '');
    }
  }
  return text.includes('#033[') ? text.replace(SHOWN_ANSI, '') : text;
}

/** First bytes of files that are no logs: gzip, zip, zstd, xz, bzip2, ELF, PNG, JPEG, PDF, SQLite, systemd's journal. */
const MAGIC = [
  '1f8b08',
  '504b0304',
  '28b52ffd',
  'fd377a585a00',
  '425a68',
  '7f454c46',
  '89504e47',
  'ffd8ff',
  '25504446',
  '53514c69746520',
  '4c504b5348485248',
];

/** Whether a stream that begins so is no text. UTF-16 has to be told apart before. */
export function looksBinary(head: Buffer): boolean {
  const hex = head.subarray(0, 8).toString('hex');
  if (MAGIC.some((magic) => hex.startsWith(magic))) return true;
  let odd = 0;
  let counted = 0;
  for (const byte of head.subarray(0, 4096)) {
    if (byte === 0) continue; // a file that was cut short while its writer stayed where it was begins with NULs
    counted += 1;
    if (byte < 7 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) odd += 1;
  }
  return counted >= 32 && odd / counted > 0.1;
}

/** Whether a line is no text. */
export function isBinaryLine(bytes: Buffer, from: number, to: number): boolean {
  const end = Math.min(to, from + 512);
  let odd = 0;
  for (let i = from; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte !== 0 && (byte < 7 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32))) odd += 1;
  }
  return odd > 2 && odd * 8 > end - from;
}
