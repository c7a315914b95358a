import { compilePatterns } from '../src/modules/analysis/patterns/compile.ts';
import { PATTERN_LIBRARY } from '../src/modules/analysis/patterns/library/library.ts';
import type { PatternMatcher } from '../src/modules/analysis/patterns/matcher.ts';
import { LogDetector } from '../src/modules/detection/log/log-detector.ts';
import type { BenchOptions } from './options.ts';
import { type Gate, gateTable, interleaved, median, table, times, whole } from './report.ts';
import { benchTailProduct } from './tail-product.ts';

const CHUNK = 64 * 1024;
/** So many of the library are on where patterns take part. */
const PATTERNS = 20;
const LIBRARY = compilePatterns(PATTERN_LIBRARY.slice(0, PATTERNS).map(({ definition }) => definition));
const TRACE = [
  'java.lang.IllegalStateException: order 4711 is paid twice',
  ...Array.from({ length: 24 }, (_, i) => `\tat org.example.shop.Cart$Step.run${i}(Cart.java:${100 + i})`),
];

/** Benign lines as they stand in logs. */
const LINES: Record<string, (i: number) => string> = {
  'access log': (i) =>
    `203.0.113.${i % 255} - - [22/Nov/2026:10:14:${10 + (i % 50)} +0000] "GET /cart/${i} HTTP/1.1" 200 ${1000 + (i % 9000)} "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130"`,
  application: (i) =>
    `2026-11-22 10:14:${10 + (i % 50)},${100 + (i % 900)} INFO [http-nio-8080-exec-${i % 20}] org.example.shop.Cart - order ${i} paid in ${i % 700} ms by customer ${i * 7}`,
  JSON: (i) =>
    `{"time":"2026-11-22T10:14:${10 + (i % 50)}Z","level":"info","msg":"request done","path":"/cart/${i}","status":200,"ms":${i % 700}}`,
  syslog: (i) => `Nov 22 10:14:${10 + (i % 50)} web1 systemd[1]: Started session ${i} of user ann.`,
  docker: (i) =>
    JSON.stringify({
      log: `2026-11-22 10:14:${10 + (i % 50)} INFO shop.Cart - order ${i} paid in ${i % 700} ms\n`,
      stream: 'stdout',
      time: `2026-11-22T10:14:${10 + (i % 50)}.123456789Z`,
    }),
  'talk of errors': (i) =>
    `2026-11-22 10:14:${10 + (i % 50)},${100 + (i % 900)} INFO [main] org.example.shop.Cart - import ${i} done, 0 errors, no exception`,
};

/** How many lines a second a detector takes from memory, beside a loop that only makes a string of each of the same lines. */
export async function benchTail(options: BenchOptions): Promise<string> {
  const { rounds, events: count, note } = options;
  const rows: string[][] = [];
  const gates: Gate[] = [];
  for (const [kind, line] of Object.entries(LINES)) {
    const text = Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
    const measured = await measure(Buffer.from(text), count, rounds, note);
    rows.push([kind, ...measured.shown]);
    for (const [name, rate] of [
      [kind, measured.rate],
      [`${kind}, ${PATTERNS} patterns on`, measured.withPatterns],
    ] as const)
      gates.push({
        name: `${name}, lines/s on one core`,
        measured: whole(rate),
        demand: '≥ 200,000',
        holds: rate >= 200_000,
      });
  }
  rows.push(['application, 1 % of lines begin a trace of 25', ...(await withTraces(count, rounds, note)).shown]);
  const head = [
    'lines',
    'detector, lines/s',
    'MB/s',
    `with ${PATTERNS} patterns, lines/s`,
    'lines as strings only, lines/s',
    'ratio',
  ];
  return `${table(head, rows)}\n\n${gateTable(gates)}\n\n${await benchTailProduct(options)}`;
}

async function withTraces(count: number, rounds: number, note: (line: string) => void): Promise<{ shown: string[] }> {
  const lines: string[] = [];
  for (let i = 0; lines.length < count; i++) {
    lines.push(LINES['application']?.(i) ?? '');
    if (i % 100 === 99) lines.push(...TRACE);
  }
  return measure(Buffer.from(lines.map((line) => `${line}\n`).join('')), lines.length, rounds, note);
}

async function measure(
  bytes: Buffer,
  lines: number,
  rounds: number,
  note: (line: string) => void,
): Promise<{ rate: number; withPatterns: number; shown: string[] }> {
  const taken: Record<string, number[]> = await interleaved(
    rounds + 1, // the first round warms up
    {
      detector: async () => seconds(() => detect(bytes)),
      patterns: async () => seconds(() => detect(bytes, LIBRARY)),
      bare: async () => seconds(() => ends(bytes)),
    },
    note,
  );
  const rate = (name: string) => lines / median((taken[name] ?? []).slice(1));
  const detector = rate('detector');
  const bare = rate('bare');
  const megabytes = (detector * bytes.length) / lines / 1e6;
  const withPatterns = rate('patterns');
  const shown = [whole(detector), whole(megabytes), whole(withPatterns), whole(bare), times(detector / bare)];
  return { rate: detector, withPatterns, shown };
}

function seconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function detect(bytes: Buffer, patterns?: PatternMatcher): void {
  const referenceTime = Date.UTC(2026, 10, 22);
  const detector = new LogDetector({ referenceTime, ...(patterns === undefined ? {} : { patterns }) });
  for (let at = 0; at < bytes.length; at += CHUNK) {
    detector.write(bytes.subarray(at, at + CHUNK));
    detector.take();
  }
  detector.flush();
}

/** The least that any program does with lines: each as a string. */
function ends(bytes: Buffer): number {
  let characters = 0;
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      characters += chunk.toString('utf8', from, end).length;
      from = end + 1;
    }
  }
  return characters;
}
