const HEAD = /^[\w.]{1,200} +Traceback \(most recent call last\)$/;
const PLACE =
  /^(?:File (\S.{0,500}?):(\d{1,7})|(Cell In ?\[\d{1,6}\]|Input In \[\d{1,6}\]), line (\d{1,7}))(?:, in (.{1,300}?)(?:\(.*)?)?$/;
/** Before IPython 8 the line stands only at the arrow: `<ipython-input-3-f2> in pay(cart)`, `~/shop/cart.py in total(self)`. */
const OLD_PLACE = /^(<ipython-input-[\w-]{1,60}>|[~/]\S{1,500}\.py) in (\S{1,200}?)(?:\(.*)?$/;

/** Whether a text has IPython's head of a traceback: the type, and `Traceback (most recent call last)` at the right. */
export function isNotebook(line: string): boolean {
  return line.endsWith(' Traceback (most recent call last)') && HEAD.test(line.slice(0, 300));
}

/**
 * A traceback of IPython or Jupyter as Python itself would print it: `Cell In[3], line 2, in pay(cart)`, the lines around it,
 * and an arrow at the one that failed.
 * @param traceback Python's own sentence
 */
export function withoutCells(lines: readonly string[], traceback: string): string[] {
  const plain: string[] = [];
  let old: { path: string; name: string } | undefined;
  let inFrames = false;
  for (const raw of lines) {
    const line = raw.slice(0, 1_500);
    if (isNotebook(line.trim())) {
      plain.push(traceback);
      inFrames = true;
      continue;
    }
    const place = inFrames ? PLACE.exec(line) : null;
    const before = inFrames && place === null ? OLD_PLACE.exec(line) : null;
    const arrow = inFrames ? /^-{1,8}> {0,3}(\d{1,7}) ?(.*)$/.exec(line) : null;
    if (place !== null) {
      old = undefined;
      plain.push(`  File "${place[1] ?? place[3]}", line ${place[2] ?? place[4]}, in ${place[5] ?? '<module>'}`);
    } else if (before !== null) old = { path: before[1] as string, name: before[2] as string };
    else if (arrow !== null) {
      if (old !== undefined) plain.push(`  File "${old.path}", line ${arrow[1]}, in ${old.name}`);
      old = undefined;
      plain.push(`    ${(arrow[2] as string).trim()}`);
    } else if (inFrames && (line.trim() === '' || /^ {0,8}(?:\d{1,7}(?: |$)|\(\.\.\.\)|\[\.\.\.)/.test(line))) continue;
    else {
      inFrames = false;
      if (!/^-{20,200}$/.test(line)) plain.push(raw);
    }
  }
  return plain;
}
