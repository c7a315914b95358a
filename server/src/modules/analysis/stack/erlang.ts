import { messageOf, wholeNumber } from './text.ts';
import type { ParsedFrame, TraceDraft } from './types.ts';

/**
 * Erlang/OTP: crash and error reports, `Reason for termination`, `Error in process`, the shell's `exception error`; frames
 * as `in function m:f/1 (m.erl, line 3)` and as terms `{m,f,1,[{file,"m.erl"},{line,3}]}`.
 */
export function parseErlang(lines: readonly string[]): TraceDraft | undefined {
  const shell = shellFrames(lines);
  const text = lines.join('\n');
  const inner = shell.length > 0 ? shell : termFrames(text);
  if (inner.length === 0) return undefined;
  const { type, value } = reasonOf(lines, text);
  return {
    thrown: {
      ...(type === undefined ? {} : { type }),
      ...(value === undefined ? {} : { value }),
      frames: inner.reverse(),
      children: [],
    },
    unhandled: /CRASH REPORT|Error in process|terminating|crasher/.test(text.slice(0, 5_000)),
  };
}

/** `in function  cart:charge/2 (src/cart.erl, line 12)`, `in call from shop:pay/1 (shop.erl, line 3)`, `called as …`. */
export function erlangFrame(raw: string): ParsedFrame | undefined {
  const text = raw.trim();
  if (text.length > 2_000) return undefined;
  const found = /^(?:\*\* |\d\| |\| )?in (?:function|call from) {1,4}(\S{1,300})(?: \(([^(),]{1,400}), line (\d{1,8})\))?$/.exec(
    text,
  );
  if (found === null) return undefined;
  const name = found[1] as string;
  const line = wholeNumber(found[3]);
  return {
    ...qualified(name),
    ...(found[2] === undefined ? {} : { filename: found[2] }),
    ...(line === undefined ? {} : { line }),
  };
}

function shellFrames(lines: readonly string[]): ParsedFrame[] {
  const found: ParsedFrame[] = [];
  for (const line of lines) {
    const frame = erlangFrame(line);
    if (frame !== undefined) found.push(frame);
  }
  return found;
}

function qualified(name: string): ParsedFrame {
  const colon = name.indexOf(':');
  return colon <= 0 ? { function: name } : { module: name.slice(0, colon), function: name.slice(colon + 1) };
}

const PLACE = '{file,';

/** Terms of a stack: from each `{file,"…"}` back to the module, function and arity in front of it. */
function termFrames(text: string): ParsedFrame[] {
  const found: ParsedFrame[] = [];
  for (let at = text.indexOf(PLACE); at >= 0 && found.length < 500; at = text.indexOf(PLACE, at + 1)) {
    const before =
      /\{\s*('[^'\n]{1,100}'|[a-z][\w@]{0,100}),\s*('[^'\n]{1,150}'|[a-z][\w@]{0,150}),\s*(\d{1,3}|\[[^\n]{0,100}\]),\s*\[$/.exec(
        text.slice(Math.max(0, at - 500), at),
      );
    const after = /^\{file,\s*"([^"\n]{1,400})"\},\s*\{line,\s*(\d{1,8})\}/.exec(text.slice(at, at + 500));
    if (before === null || after === null) continue;
    const [, module, name, arity] = before as unknown as [string, string, string, string];
    found.push({
      module: module.replaceAll("'", ''),
      function: `${name.replaceAll("'", '')}${/^\d/.test(arity) ? `/${arity}` : ''}`,
      filename: after[1] as string,
      line: Number(after[2]),
    });
  }
  return found;
}

function reasonOf(lines: readonly string[], text: string): { type?: string; value?: string } {
  for (const line of lines) {
    const found = /exception (error|exit|throw): (.{0,2000})$/.exec(line.slice(0, 2_200));
    if (found !== null) return { type: found[1] as string, value: (found[2] as string).trim() };
  }
  const stack = text.search(/,\s*\[\{/);
  let open = stack - 1;
  for (let depth = 0; open >= 0; open -= 1) {
    if (text[open] === '}') depth += 1;
    else if (text[open] === '{') depth -= 1;
    if (depth < 0) break;
  }
  if (open < 0) return {};
  const reason = text.slice(open + 1, stack).trim();
  const value = messageOf([reason.slice(0, 2_000)]);
  const atom = /^\{{0,5}([a-z]\w{0,60})/.exec(reason)?.[1];
  return { ...(atom === undefined ? {} : { type: atom }), ...(value === undefined ? {} : { value }) };
}
