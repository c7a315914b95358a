/**
 * `tsx bench/patterns.ts`: how many log lines a second a set of patterns looks at, for lines that match none of them
 * (nearly all lines of a log), with twenty patterns and with the whole library.
 */
import { compilePatterns } from '../src/modules/analysis/patterns/compile.ts';
import { PATTERN_LIBRARY } from '../src/modules/analysis/patterns/library/library.ts';

const LINES: Record<string, (i: number) => string> = {
  'access log': (i) =>
    `203.0.113.${i % 255} - - [22/Nov/2026:10:14:${10 + (i % 50)} +0000] "GET /cart/${i} HTTP/1.1" 200 ${1000 + (i % 9000)} "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130"`,
  application: (i) =>
    `2026-11-22T10:14:${10 + (i % 50)}.${100 + (i % 900)}Z INFO [http-nio-8080-exec-${i % 20}] org.example.shop.Cart - order ${i} paid in ${i % 700} ms by customer ${i * 7}`,
  JSON: (i) =>
    `{"time":"2026-11-22T10:14:${10 + (i % 50)}Z","level":"info","msg":"request done","path":"/cart/${i}","status":200,"ms":${i % 700}}`,
  syslog: (i) => `Nov 22 10:14:${10 + (i % 50)} web1 systemd[1]: Started session ${i} of user ann.`,
};
const COUNT = 50_000;

for (const [name, library] of [
  ['20 patterns', PATTERN_LIBRARY.slice(0, 20)],
  [`${PATTERN_LIBRARY.length} patterns`, PATTERN_LIBRARY],
] as const) {
  const matcher = compilePatterns(library.map(({ definition }) => definition));
  for (const [kind, line] of Object.entries(LINES)) {
    const lines = Array.from({ length: COUNT }, (_, i) => line(i));
    for (const one of lines) matcher.start(one);
    const began = performance.now();
    for (let round = 0; round < 4; round++) for (const one of lines) matcher.start(one);
    const perSecond = Math.round((4 * COUNT) / ((performance.now() - began) / 1000));
    console.log(`${name.padEnd(12)} ${kind.padEnd(12)} ${perSecond.toLocaleString('en').padStart(10)} lines/s`);
  }
}
