/**
 * About how many instructions an expression compiles to, counted without compiling it: `\pL{1000}` two hundred times over
 * takes a second to compile and is refused here at once. Counts one for each character or class and multiplies by
 * repetitions; nothing is checked, that is the compiler's work. Never recursive: `((((…` is input too.
 */
export function programEstimate(expression: string): number {
  const sums: number[] = [0];
  let last = 0;
  const add = (cost: number) => {
    sums[sums.length - 1]! += cost;
    last = cost;
  };
  for (let i = 0; i < expression.length; i++) {
    const char = expression[i]!;
    if (char === '\\') {
      const quoted = expression[i + 1] === 'Q' ? expression.indexOf('\\E', i + 2) : -1;
      if (expression[i + 1] === 'Q') {
        const end = quoted < 0 ? expression.length : quoted;
        add(end - i - 2);
        last = 1;
        i = end + 1;
      } else {
        const braced = /^[pPx]\{[^}]*\}/.exec(expression.slice(i + 1, i + 60));
        add(1);
        i += braced === null ? 1 : braced[0].length;
      }
    } else if (char === '[') {
      i = endOfClass(expression, i);
      add(1);
    } else if (char === '(') {
      sums.push(2);
    } else if (char === ')') {
      if (sums.length === 1) continue;
      add(sums.pop()!);
    } else if (char === '{') {
      const times = /^\{(\d{1,4})(?:,(\d{0,4}))?\}/.exec(expression.slice(i, i + 12));
      if (times === null) {
        add(1);
        continue;
      }
      const count = Math.max(Number(times[1]), Number(times[2] || 0), 1);
      const repeated = last * count * (times[2] === undefined ? 1 : 2);
      sums[sums.length - 1]! += repeated - last;
      last = repeated;
      i += times[0].length - 1;
    } else {
      // `a*` is a loop around what stands before it: what a following {n} would repeat is the loop.
      const loop = char === '*' || char === '+' || char === '?';
      const operand = last;
      add(1);
      if (loop) last = operand + 1;
    }
  }
  return sums.reduce((sum, cost) => sum + cost, 0);
}

/** Index of the bracket that closes the class which begins at `start`, or the last character when none does. */
export function endOfClass(expression: string, start: number): number {
  let i = start + 1;
  if (expression[i] === '^') i++;
  if (expression[i] === ']') i++;
  for (; i < expression.length; i++) {
    if (expression[i] === '\\') i++;
    else if (expression[i] === '[' && expression[i + 1] === ':') {
      const end = expression.indexOf(':]', i + 2);
      if (end >= 0) i = end + 1;
    } else if (expression[i] === ']') return i;
  }
  return expression.length - 1;
}
