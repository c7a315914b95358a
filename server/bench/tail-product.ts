import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountingSocket } from './live-sockets.ts';
import type { BenchOptions } from './options.ts';
import { sleep } from './processes.ts';
import { Product } from './product.ts';
import { type Gate, gateTable, mb, ms, percentile, table, times, whole } from './report.ts';

const BYTES = 100 * 1024 * 1024;
const FILES = 4;
const PROBES = 60;
const TRACE = [
  'java.lang.IllegalStateException: order is paid twice',
  ...Array.from({ length: 12 }, (_, i) => `\tat org.example.shop.Cart$Step.run${i}(Cart.java:${100 + i})`),
].join('\n');

/** Reads the same files line by line and does nothing with the lines; prints lines and CPU milliseconds. */
const BARE = `const fs=require('fs');let n=0;const b=Buffer.allocUnsafe(262144);const c=process.cpuUsage();
for(const p of process.argv.slice(1)){const fd=fs.openSync(p,'r');let k;while((k=fs.readSync(fd,b,0,b.length,null))>0){
let s='';const t=b.latin1Slice(0,k);let from=0;for(let at=t.indexOf('\\n');at>=0;at=t.indexOf('\\n',from)){s=t.slice(from,at);from=at+1;n++}}fs.closeSync(fd)}
const u=process.cpuUsage(c);console.log(JSON.stringify({n,ms:(u.user+u.system)/1000}))`;

interface Status {
  logSource: { status: { lagBytes: number; lines: number; events: number; state: string } };
}

/** The tail of the built product: 100 MB followed at once, and how long a line takes to the open dashboard. */
export async function benchTailProduct({ note }: BenchOptions): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'errata-bench-logs-'));
  const product = await Product.start({ env: { ERRATA_LOG_ROOTS: folder } });
  try {
    await product.signIn();
    const [target] = await product.targets(1);
    const projectId = (target as { projectId: string }).projectId;
    const { paths, lines, traces } = await writeFiles(folder);
    note(`${whole(lines)} lines in ${FILES} files, ${traces} traces`);
    const bare = JSON.parse(spawnSync(process.execPath, ['-e', BARE, ...paths], { encoding: 'utf8' }).stdout) as {
      n: number;
      ms: number;
    };
    await sleep(2000); // the start is over
    const before = { cpu: product.process.cpuMs(), rss: product.process.memory().rss, at: performance.now() };
    const id = await makeSource(product, projectId, { name: 'bulk', globs: [join(folder, 'big-*.log')], startAt: 'BEGINNING' });
    let peak = before.rss;
    let halfway = 0;
    for (;;) {
      const { logSource } = await product.query<Status>(
        'query ($id: ID!) { logSource(id: $id) { status { lagBytes lines events state } } }',
        { id },
      );
      peak = Math.max(peak, product.process.memory().rss);
      if (halfway === 0 && logSource.status.lines > lines / 2) halfway = product.process.memory().rss;
      if (logSource.status.lines >= lines && logSource.status.events >= traces && logSource.status.lagBytes === 0) break;
      if (performance.now() - before.at > 120_000) throw new Error(`not read in time: ${JSON.stringify(logSource.status)}`);
      await sleep(100);
    }
    const wallMs = performance.now() - before.at;
    const cpuMs = product.process.cpuMs() - before.cpu;
    const end = product.process.memory().rss;
    note(`read in ${ms(wallMs)}, ${ms(cpuMs)} of CPU`);
    const rate = (lines / cpuMs) * 1000;
    const bareRate = (bare.n / bare.ms) * 1000;
    const latencies = await probe(product, projectId, folder, note);
    const p95 = percentile(latencies, 0.95);
    const gates: Gate[] = [
      { name: 'a line written → the open dashboard, p95', measured: ms(p95), demand: '< 2 s', holds: p95 < 2000 },
      {
        name: 'memory from the middle of 100 MB to their end',
        measured: mb(end - halfway),
        demand: '< 32 MB',
        holds: end - halfway < 32 * 1024 * 1024,
      },
    ];
    const rows = [
      ['lines/s per core, product (all its threads)', whole(rate)],
      ['lines/s per core, reading the same files line by line', whole(bareRate)],
      ['ratio', times(rate / bareRate)],
      ['MB/s on the clock', whole(BYTES / 1e3 / wallMs)],
      ['resident memory: before · halfway · end · most', [before.rss, halfway, end, peak].map(mb).join(' · ')],
      ['line → dashboard: median · p95 · most', [0.5, 0.95, 1].map((p) => ms(percentile(latencies, p))).join(' · ')],
    ];
    return `### Followed by the product\n\n100 MB of application log in ${FILES} files, a stack trace of 13 lines in every 5,000.\n\n${table(['', ''], rows)}\n\n${gateTable(gates)}`;
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string): Promise<{ paths: string[]; lines: number; traces: number }> {
  let lines = 0;
  let traces = 0;
  const paths: string[] = [];
  for (let f = 0; f < FILES; f += 1) {
    const path = join(folder, `big-${f}.log`);
    paths.push(path);
    const out = createWriteStream(path);
    for (let bytes = 0, i = 0; bytes < BYTES / FILES; i += 1) {
      const at = new Date(Date.UTC(2026, 10, 22) + i * 7).toISOString();
      let text = `${at} INFO [http-nio-8080-exec-${i % 20}] org.example.shop.Cart - order ${i} paid in ${i % 700} ms by customer ${i * 7}\n`;
      if (i % 5000 === 4999) {
        text += `${at} ERROR [main] org.example.shop.Cart - could not pay ${f}-${i}\n${TRACE}\n`;
        lines += 14;
        traces += 1;
      }
      lines += 1;
      bytes += text.length;
      if (!out.write(text)) await once(out, 'drain');
    }
    // The last line shows that a trace before it is over.
    out.end();
    await once(out, 'close');
  }
  return { paths, lines, traces };
}

/** Milliseconds from the writing of an error line until a subscriber has it, one at a time. */
async function probe(product: Product, projectId: string, folder: string, note: (line: string) => void): Promise<number[]> {
  const path = join(folder, 'live.log');
  writeFileSync(path, 'INFO started\n');
  await makeSource(product, projectId, { name: 'live', globs: [path] });
  const waiting = new Map<string, (at: number) => void>();
  const query = 'subscription { errorEventReceived { id event { title message } } }';
  const socket = await CountingSocket.open(product.port, product.token, query, ['a'], (bytes) => {
    const text = bytes.toString('utf8');
    const mark = /probe-\d+-end/.exec(text)?.[0];
    if (mark !== undefined) waiting.get(mark)?.(performance.now());
  });
  await sleep(3000);
  const latencies: number[] = [];
  for (let i = 0; i < PROBES; i += 1) {
    const mark = `probe-${i}-end`;
    const seen = new Promise<number>((resolve) => waiting.set(mark, resolve));
    const at = performance.now();
    appendFileSync(path, `${new Date().toISOString()} ERROR [main] org.example.Probe - ${mark}\n`);
    const result = await Promise.race([seen, sleep(10_000, Number.POSITIVE_INFINITY)]);
    latencies.push(result - at);
    await sleep(50 + ((i * 37) % 200));
  }
  socket.close();
  note(`line → dashboard p95 ${ms(percentile(latencies, 0.95))}`);
  return latencies;
}

async function makeSource(product: Product, projectId: string, input: Record<string, unknown>): Promise<string> {
  const { createLogSource } = await product.query<{ createLogSource: { id?: string; message?: string } }>(
    'mutation ($projectId: ID!, $input: LogSourceInput!) { createLogSource(projectId: $projectId, input: $input) { ... on LogSource { id } ... on UserError { message } } }',
    { projectId, input },
  );
  if (createLogSource.id === undefined) throw new Error(createLogSource.message);
  return createLogSource.id;
}
