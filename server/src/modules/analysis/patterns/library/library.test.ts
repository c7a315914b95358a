import { describe, expect, it } from 'vitest';
import { checkPattern } from '../check.ts';
import { compilePatterns } from '../compile.ts';
import { scanLines } from '../scan.ts';
import { libraryPattern, PATTERN_LIBRARY } from './library.ts';

/** For each pattern: what its sample gives, and lines that come close and are none. */
const CASES: Record<string, { level?: string; fields: Record<string, string>; not: readonly string[] }> = {
  'nginx-error': {
    level: 'error',
    fields: {
      client: '203.0.113.9',
      request: 'POST /checkout HTTP/1.1',
      upstream: 'http://10.0.3.4:8080/checkout',
      vhost: 'shop.example',
    },
    not: [
      '2026/11/22 10:14:07 [notice] 31#31: signal process started',
      '2026/11/22 10:14:07 [warn] 31#31: *48 an upstream response is buffered to a temporary file',
      '2026/11/22 10:14:07 [error] is what this document is about',
    ],
  },
  'nginx-5xx': {
    fields: { client: '203.0.113.9', user: 'ann', path: '/checkout', status: '502', method: 'POST' },
    not: [
      '203.0.113.9 - - [22/Nov/2026:10:14:07 +0000] "GET /500 HTTP/1.1" 200 5021 "-" "-"',
      '203.0.113.9 - - [22/Nov/2026:10:14:07 +0000] "GET / HTTP/1.1" 404 502 "-" "-"',
    ],
  },
  'apache-error': {
    level: 'error',
    fields: { module: 'proxy', os_message: 'Connection refused', client: '203.0.113.9:51234', code: 'AH00957' },
    not: [
      '[Sun Nov 22 10:14:07.512384 2026] [mpm_event:notice] [pid 812:tid 140231] AH00489: Apache/2.4.62 configured',
      '[Sun Nov 22 2026] [proxy:error] no process id',
    ],
  },
  'haproxy-5xx': {
    fields: { frontend: 'https~', backend: 'shop', server: 'web2', status: '503', termination: 'sC--', path: '/api/cart' },
    not: [
      'Nov 22 10:14:07 lb1 haproxy[2201]: 203.0.113.9:51234 [22/Nov/2026:10:14:06.901] https~ shop/web2 0/0/1/20/21 200 5030 - - ---- 41/40/12/3/0 0/0 "GET /api/503 HTTP/1.1"',
    ],
  },
  'haproxy-down': {
    level: 'fatal',
    fields: { backend: 'shop', server: 'web2', reason: 'Layer4 timeout' },
    not: ['Nov 22 10:14:07 lb1 haproxy[2201]: Server shop/web2 is UP, reason: Layer7 check passed, code: 200'],
  },
  'traefik-error': {
    level: 'error',
    fields: { message: 'the service \\"shop@docker\\" does not exist' },
    not: [
      'time="2026-11-22T10:14:07Z" level=info msg="level=error is not meant"',
      '2026-11-22T10:14:07Z INF Starting provider error=none',
    ],
  },
  'envoy-5xx': {
    fields: { method: 'GET', path: '/api/cart', status: '503', flags: 'UF' },
    not: ['[2026-11-22T10:14:07.331Z] "GET /api/cart HTTP/2" 200 - via_upstream - "-" 0 503 30'],
  },
  'php-fpm': {
    level: 'warning',
    fields: { pool: 'www' },
    not: ['[22-Nov-2026 10:14:07] NOTICE: ready to handle connections', '[22-Nov-2026 10:14:07] WARNING: [pool www] seems busy'],
  },
  'php-error': {
    level: 'fatal',
    fields: { type: 'Shop\\CartEmpty', message: 'nothing to pay', file: '/srv/shop/src/Checkout.php', line: '48' },
    not: ['[22-Nov-2026 10:14:07 UTC] PHP Warning:  Undefined variable $cart in /srv/shop/src/Checkout.php on line 3'],
  },
  uwsgi: { fields: { worker: '3', pid: '4711' }, not: ['Sun Nov 22 10:14:07 2026 - worker 3 (pid: 4711) has been spawned'] },
  gunicorn: {
    level: 'fatal',
    fields: { message: 'WORKER TIMEOUT (pid:4711)' },
    not: [
      '[2026-11-22 10:14:07 +0000] [31] [INFO] Worker exiting (pid: 4711)',
      '[2026-11-22 10:14:07 +0000] [31] [WARNING] Worker (pid:7) is slow',
    ],
  },
  postgresql: {
    level: 'error',
    fields: { timestamp: '2026-11-22 10:14:07.512', message: 'duplicate key value violates unique constraint "orders_pkey"' },
    not: [
      '2026-11-22 10:14:07.512 UTC [4711] LOG:  checkpoint complete: wrote 12 buffers',
      "2026-11-22 10:14:07.512 UTC [4711] LOG:  statement: select 'ERROR' as level",
    ],
  },
  mysql: {
    fields: { code: 'MY-012574', subsystem: 'InnoDB' },
    not: ['2026-11-22T10:14:07.512384Z 4711 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.'],
  },
  mongodb: {
    level: 'error',
    fields: { component: 'STORAGE', code: '22435', message: 'WiredTiger error' },
    not: [
      '{"t":{"$date":"2026-11-22T10:14:07.512+00:00"},"s":"I",  "c":"NETWORK",  "id":22943,   "ctx":"listener","msg":"s\\":\\"E"}',
    ],
  },
  redis: {
    fields: { message: 'Background saving error: failed opening the temp file, No space left on device' },
    not: [
      '4711:M 22 Nov 2026 10:14:07.512 * Background saving started by pid 4712',
      '4711:M 22 Nov 2026 10:14:07.512 # Server initialized',
    ],
  },
  elasticsearch: {
    level: 'error',
    fields: { logger: 'o.e.b.ElasticsearchUncaughtExceptionHandler', node: 'node-1' },
    not: ['[2026-11-22T10:14:07,512][INFO ][o.e.n.Node               ] [node-1] started, no ERROR'],
  },
  rabbitmq: {
    level: 'error',
    fields: { process: '<0.4711.0>' },
    not: ['2026-11-22 10:14:07.512384+00:00 [info] <0.4711.0> closing AMQP connection', '2026-11-22 10:14:07 [error] no process'],
  },
  kafka: {
    level: 'error',
    fields: { part: 'ReplicaManager broker=2', logger: 'kafka.server.ReplicaManager' },
    not: ['[2026-11-22 10:14:07,512] INFO [ReplicaManager broker=2] ERROR count is 0 (kafka.server.ReplicaManager)'],
  },
  'systemd-failed': {
    fields: { unit: 'shop-worker.service', result: 'exit-code' },
    not: [
      'Nov 22 10:14:07 web1 systemd[1]: shop-worker.service: Deactivated successfully.',
      'Nov 22 10:14:07 web1 systemd[1]: x.service: Main process exited, code=exited, status=0/SUCCESS',
    ],
  },
  'kernel-oom': {
    level: 'fatal',
    fields: { pid: '4711', process: 'node', rss: '1048120kB' },
    not: [
      'Nov 22 10:14:07 web1 kernel: oom_reaper: reaped process 4711 (node), now anon-rss:0kB',
      'Out of memory error in report',
    ],
  },
  'kernel-segfault': {
    level: 'fatal',
    fields: { process: 'resize', pid: '4711', address: '10', object: 'libvips.so.42' },
    not: ['Nov 22 10:14:07 web1 app[4711]: the segfault at midnight was solved'],
  },
  'kernel-disk': {
    level: 'fatal',
    fields: { fs_device: 'sda2' },
    not: ['Nov 22 10:14:07 db1 kernel: [3.1] EXT4-fs (sda2): mounted filesystem with ordered data mode'],
  },
  'disk-full': { level: 'fatal', fields: {}, not: ['disk is 95 % full', 'no space in the meeting room'] },
  'sshd-failed': {
    level: 'warning',
    fields: { method: 'password', user: 'admin', client: '203.0.113.9' },
    not: ['Nov 22 10:14:07 web1 sshd[4711]: Accepted publickey for ann from 203.0.113.9 port 51234 ssh2'],
  },
  'sudo-failed': {
    level: 'warning',
    fields: { user: 'guest', message: 'user NOT in sudoers', command: '/bin/cat /etc/shadow' },
    not: ['Nov 22 10:14:07 web1 sudo:      ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/apt update'],
  },
  'cron-failed': {
    fields: { user: 'root' },
    not: ['Nov 22 10:14:07 web1 CRON[4711]: (root) CMD (/usr/local/bin/report-failed-logins)'],
  },
  'tls-certificate': { fields: {}, not: ['certificate for shop.example renewed, expires 2027-02-20'] },
  'windows-event': {
    level: 'error',
    fields: { source: 'Application Error', event_id: '1000' },
    not: ['2026-11-22T10:14:07.512Z\tInformation\tError Reporting\t1001\tFault bucket'],
  },
  'docker-daemon': {
    level: 'error',
    fields: {},
    not: ['time="2026-11-22T10:14:07.512384Z" level=warning msg="level=error is not meant"'],
  },
  'kubernetes-event': {
    fields: { reason: 'BackOff', object: 'pod/cart-7d9c6b5f4-x2x7k' },
    not: ['shop  41s  Normal   Pulled  pod/cart-7d9c  Container image already present', 'Warning  Nothing  pod/x  y'],
  },
  'kubernetes-klog': {
    level: 'error',
    fields: { place: 'pod_workers.go:1298' },
    not: ['I1122 10:14:07.512384    4711 kubelet.go:2433] "SyncLoop (PLEG)" E1122', 'E1122 is a number of a part'],
  },
  'node-oom': {
    level: 'fatal',
    fields: { message: 'Reached heap limit Allocation failed - JavaScript heap out of memory' },
    not: ['how to fix JavaScript heap out of memory', 'FATAL ERROR: v8::FromJust Maybe value is Nothing.'],
  },
  'jvm-oom': {
    level: 'fatal',
    fields: { type: 'java.lang.OutOfMemoryError', message: 'Java heap space' },
    not: ['-XX:+HeapDumpOnOutOfMemoryError is set', 'catches java.lang.OutOfMemoryErrors'],
  },
  'jvm-crash': { level: 'fatal', fields: {}, not: ['# A fatal error in this chapter'] },
  'go-panic': {
    level: 'fatal',
    fields: { message: 'runtime error: index out of range [3] with length 3' },
    not: ['do not panic: it is only a test', '2026/11/22 10:14:07 recovered from panic: x'],
  },
  'python-fatal': { level: 'fatal', fields: { message: 'Segmentation fault' }, not: ['ERROR Fatal Python error: quoted'] },
  'rust-panic': { level: 'fatal', fields: { thread: 'main', place: 'src/cart.rs:31:9' }, not: ["thread 'main' started"] },
  'dotnet-unhandled': {
    level: 'fatal',
    fields: { type: 'System.InvalidOperationException', message: 'Sequence contains no elements' },
    not: ['fail: Unhandled exception. in the middle', 'Unhandled exception handler installed'],
  },
  terraform: { fields: {}, not: ['No Error: nothing happened', '│ Warning: Argument is deprecated'] },
  'gitlab-runner': { fields: { message: 'exit code 1' }, not: ['Job succeeded', 'ERROR: Preparation failed'] },
  'github-actions': {
    fields: { message: 'Process completed with exit code 1.' },
    not: ['##[warning]Node.js 16 actions are deprecated.', 'std::errors::are::not'],
  },
  'ignore-health-checks': {
    level: 'ignore',
    fields: {},
    not: ['10.0.0.1 - - [22/Nov/2026:10:14:07 +0000] "GET /health-insurance HTTP/1.1" 500 12 "-" "-"'],
  },
  'ignore-client-gone': { level: 'ignore', fields: {}, not: ['the connection was reset by us'] },
};

describe('the library', () => {
  it('has a case here for each, and each key and name once', () => {
    expect(PATTERN_LIBRARY.map(({ key }) => key).sort()).toEqual(Object.keys(CASES).sort());
    expect(new Set(PATTERN_LIBRARY.map(({ definition }) => definition.name)).size).toBe(PATTERN_LIBRARY.length);
    expect(libraryPattern('nope')).toBeUndefined();
  });

  describe.each(PATTERN_LIBRARY.map((pattern) => [pattern.key, pattern] as const))('%s', (key, { definition }) => {
    const matcher = compilePatterns([definition]);
    const { level = 'error', fields, not } = CASES[key]!;
    const lines = definition.sample.split('\n');

    it('is sound', () => {
      expect(checkPattern(definition).faults).toEqual([]);
      expect(definition.description).not.toBe('');
    });

    it('takes its sample as one, whole', () => {
      const [found, ...more] = scanLines(matcher, lines);
      expect(found).toMatchObject({ first: 0, last: lines.length - 1 });
      expect(more).toEqual([]);
      expect(found!.hit.pattern.level).toBe(level);
      expect(found!.hit.fields).toMatchObject(fields);
    });

    it.each(not)('leaves alone: %s', (line) => {
      expect(matcher.start(line)).toBeUndefined();
    });
  });

  it('leaves an ordinary line alone', () => {
    const errors = compilePatterns(PATTERN_LIBRARY.map(({ definition }) => definition));
    for (const line of [
      '',
      'INFO: listening on 8080',
      '2026-11-22T10:14:07Z info order 1042 paid in 502 ms',
      '203.0.113.9 - - [22/Nov/2026:10:14:07 +0000] "GET /cart HTTP/1.1" 200 5021 "-" "Mozilla/5.0"',
    ])
      expect(errors.start(line)).toBeUndefined();
  });
});
