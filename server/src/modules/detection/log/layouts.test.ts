import { describe, expect, it } from 'vitest';
import { type DetectedEvent, LogDetector, type LogDetectorOptions } from './log-detector.ts';

const REFERENCE = Date.UTC(2026, 2, 15, 12);

function detect(text: string, options: LogDetectorOptions = {}): DetectedEvent[] {
  const detector = new LogDetector({ referenceTime: REFERENCE, ...options });
  detector.write(Buffer.from(`${text}\n`));
  detector.flush();
  return detector.take();
}

const at = (text: string) => Date.parse(text) / 1000;
const T = at('2026-03-14T09:27:22Z');
const T592 = at('2026-03-14T09:27:22.592Z');

/** Error lines of loggers → what has to be known of them. */
const LAYOUTS: [name: string, line: string, expected: Record<string, unknown>][] = [
  [
    'log4j',
    '2026-03-14 09:27:22,592 ERROR [main] com.acme.Pay - no card',
    { logger: 'com.acme.Pay', timestamp: T592, tags: { thread: 'main' } },
  ],
  [
    'logback',
    '09:27:22.592 [main] ERROR c.a.Pay - no card',
    { logger: 'c.a.Pay', timestamp: at('2026-03-15T09:27:22.592Z'), tags: { thread: 'main' } },
  ],
  [
    'Hadoop',
    '2026-03-14 09:27:22,592 ERROR [IPC Server handler 4 on 62270] org.acme.Pay: no card',
    { logger: 'org.acme.Pay', tags: { thread: 'IPC Server handler 4 on 62270' } },
  ],
  ['HDFS', '260314 092722 34 ERROR dfs.Pay: no card', { logger: 'dfs.Pay', timestamp: T, tags: { pid: '34' } }],
  ['Spark', '26/03/14 09:27:22 ERROR executor.Pay: no card', { logger: 'executor.Pay', timestamp: T }],
  ['Zookeeper', '2026-03-14 09:27:22,592 - ERROR [QuorumPeer:Pay@774] - no card', { timestamp: T592 }],
  [
    'Spring Boot',
    '2026-03-14T09:27:22.592+01:00 ERROR 4711 --- [shop] [nio-8080-exec-1] c.acme.shop.Pay   : no card',
    { logger: 'c.acme.shop.Pay', timestamp: T592 - 3600, tags: { pid: '4711' } },
  ],
  ['java.util.logging', 'Mar 14, 2026 9:27:22 AM com.acme.Pay charge\nSEVERE: no card', { timestamp: T }],
  ['Tomcat', '14-Mar-2026 09:27:22.592 SEVERE [main] org.acme.Pay.charge no card', { timestamp: T592 }],
  ['Python', '2026-03-14 09:27:22,592 - shop.pay - ERROR - no card', { timestamp: T592 }],
  ['Python, basicConfig', 'ERROR:shop.pay:no card', { logger: 'shop.pay' }],
  ['Python, time and name', '2026-03-14 09:27:22,592 ERROR:shop.pay:no card', { logger: 'shop.pay', timestamp: T592 }],
  ['Django', '[14/Mar/2026 09:27:22] ERROR [shop.pay:41] no card', { timestamp: T }],
  ['Celery', '[2026-03-14 09:27:22,592: ERROR/MainProcess] no card', { logger: 'MainProcess', timestamp: T592 }],
  ['Airflow', '[2026-03-14T09:27:22.592+0000] {pay.py:12} ERROR - no card', { timestamp: T592 }],
  ['gunicorn', '[2026-03-14 09:27:22 +0000] [12] [ERROR] no card', { timestamp: T, tags: { pid: '12' } }],
  ['uvicorn', 'ERROR:    no card', {}],
  ['loguru', '2026-03-14 09:27:22.592 | ERROR    | shop.pay:charge:41 - no card', { timestamp: T592 }],
  [
    'Rails',
    'E, [2026-03-14T09:27:22.592000 #4711] ERROR -- shop: no card',
    { logger: 'shop', timestamp: T592, tags: { pid: '4711' } },
  ],
  ['Monolog', '[2026-03-14T09:27:22.592000+00:00] shop.ERROR: no card', { logger: 'shop', timestamp: T592 }],
  ['Serilog', '[09:27:22 ERR] no card', { timestamp: at('2026-03-15T09:27:22Z') }],
  ['Serilog file', '2026-03-14 09:27:22.592 +00:00 [ERR] no card', { timestamp: T592 }],
  ['.NET console', 'fail: Acme.Shop.Pay[13]\n      no card', { logger: 'Acme.Shop.Pay' }],
  ['NLog', '2026-03-14 09:27:22.5920|ERROR|Acme.Shop.Pay|no card', { logger: 'Acme.Shop.Pay', timestamp: T592 }],
  ['zap', '2026-03-14T09:27:22.592Z\terror\tshop/pay.go:12\tno card', { timestamp: T592 }],
  ['winston', 'error: no card', {}],
  ['winston with a time', '2026-03-14T09:27:22.592Z [error]: no card', { timestamp: T592 }],
  ['pino-pretty', '[09:27:22.592] ERROR (4711): no card', {}],
  ['klog', 'E0314 09:27:22.592000       1 pay.go:12] no card', { logger: 'pay.go:12', timestamp: T592 }],
  ['Rust tracing', '2026-03-14T09:27:22.592000Z ERROR shop::pay: no card', { logger: 'shop::pay', timestamp: T592 }],
  ['Rust env_logger', '[2026-03-14T09:27:22Z ERROR shop::pay] no card', { logger: 'shop::pay', timestamp: T }],
  ['Elixir', '09:27:22.592 [error] no card', {}],
  ['nginx', '2026/03/14 09:27:22 [error] 4711#4711: *9 no card, client: 10.0.0.1', { timestamp: T, tags: { pid: '4711' } }],
  [
    'Apache',
    '[Sat Mar 14 09:27:22.592000 2026] [core:error] [pid 4711:tid 22] no card',
    { timestamp: T592, tags: { pid: '4711' } },
  ],
  ['Apache 2.2', '[Sat Mar 14 09:27:22 2026] [error] [client 10.0.0.1] no card', { timestamp: T }],
  ['PostgreSQL', '2026-03-14 09:27:22.592 UTC [4711] shop@db ERROR:  no card', { timestamp: T592, tags: { pid: '4711' } }],
  ['MySQL', '2026-03-14T09:27:22.592000Z 0 [ERROR] [MY-010123] [Server] no card', { timestamp: T592 }],
  [
    'Android',
    '03-14 09:27:22.592  1702  2395 E Pay: no card',
    { logger: 'Pay', timestamp: T592, tags: { pid: '1702', thread: '2395' } },
  ],
  ['Android, brief', 'E/Pay     ( 1702): no card', { logger: 'Pay', tags: { pid: '1702' } }],
  ['OpenStack', 'nova-api.log.1 2026-03-14 09:27:22.592 4711 ERROR nova.pay [req-1 - - -] no card', { timestamp: T592 }],
  [
    'logfmt',
    'time=2026-03-14T09:27:22.592Z level=error msg="no card" order=12 trace_id=0af7651916cd43dd8448eb211c80319c',
    { timestamp: T592, extra: { order: '12' }, contexts: { trace: { trace_id: '0af7651916cd43dd8448eb211c80319c' } } },
  ],
  ['slog text', 'time=2026-03-14T09:27:22.592Z level=ERROR msg="no card" err="refused"', { extra: { err: 'refused' } }],
  [
    'pino',
    '{"level":50,"time":1773480442592,"pid":4711,"hostname":"web3","msg":"no card","order":12}',
    { timestamp: T592, server_name: 'web3', extra: { order: 12 }, tags: { pid: '4711' } },
  ],
  [
    'bunyan',
    '{"name":"shop","hostname":"web3","pid":4711,"level":60,"msg":"no card","time":"2026-03-14T09:27:22.592Z","v":0}',
    { level: 'fatal', logger: 'shop', timestamp: T592 },
  ],
  ['winston JSON', '{"level":"error","message":"no card","timestamp":"2026-03-14T09:27:22.592Z"}', { timestamp: T592 }],
  [
    'zap JSON',
    '{"level":"error","ts":1773480442.592,"logger":"shop","caller":"pay.go:12","msg":"no card"}',
    { logger: 'shop', timestamp: T592 },
  ],
  ['slog JSON', '{"time":"2026-03-14T09:27:22.592Z","level":"ERROR","msg":"no card"}', { timestamp: T592 }],
  [
    'Serilog compact',
    '{"@t":"2026-03-14T09:27:22.592Z","@l":"Error","@mt":"no {What}","@m":"no card","What":"card"}',
    { timestamp: T592 },
  ],
  [
    'ECS',
    '{"@timestamp":"2026-03-14T09:27:22.592Z","log.level":"ERROR","message":"no card","log.logger":"shop","process.thread.name":"main"}',
    { logger: 'shop', timestamp: T592, tags: { thread: 'main' } },
  ],
  ['GCP', '{"severity":"ERROR","message":"no card","timestamp":"2026-03-14T09:27:22.592Z"}', { timestamp: T592 }],
  [
    'Logstash',
    '{"@timestamp":"2026-03-14T09:27:22.592Z","@version":"1","message":"no card","logger_name":"shop","thread_name":"main","level":"ERROR"}',
    { logger: 'shop' },
  ],
  [
    'log4j JSON',
    '{"instant":{"epochSecond":1773480442,"nanoOfSecond":592000000},"thread":"main","level":"ERROR","loggerName":"shop","message":"no card"}',
    { logger: 'shop' },
  ],
  [
    'structlog',
    '{"event":"no card","level":"error","logger":"shop","timestamp":"2026-03-14T09:27:22.592Z"}',
    { logger: 'shop', timestamp: T592 },
  ],
  [
    'Monolog JSON',
    '{"message":"no card","context":{"order":12},"level":400,"level_name":"ERROR","channel":"shop","datetime":"2026-03-14T09:27:22.592+00:00"}',
    { logger: 'shop', timestamp: T592 },
  ],
  [
    'mongod',
    '{"t":{"$date":"2026-03-14T09:27:22.592+00:00"},"s":"E","c":"PAY","id":1,"ctx":"main","msg":"no card"}',
    { logger: 'PAY', timestamp: T592 },
  ],
  ['.NET JSON', '{"EventId":13,"LogLevel":"Error","Category":"Acme.Pay","Message":"no card"}', { logger: 'Acme.Pay' }],
  [
    'OpenTelemetry',
    '{"timeUnixNano":"1773480442592000000","severityNumber":17,"body":{"stringValue":"no card"}}',
    { timestamp: T592 },
  ],
  [
    "journald's JSON",
    '{"PRIORITY":"3","_HOSTNAME":"web3","_PID":"4711","MESSAGE":"no card","__REALTIME_TIMESTAMP":"1773480442592000"}',
    { server_name: 'web3', timestamp: T592 },
  ],
  [
    'syslog with a priority',
    '<11>Mar 14 09:27:22 web3 shop[4711]: no card',
    { server_name: 'web3', timestamp: T, tags: { process: 'shop', pid: '4711' } },
  ],
  [
    'RFC 5424',
    '<11>1 2026-03-14T09:27:22.592Z web3 shop 4711 ID47 [ex@1 order="1\\]2"] no card',
    { server_name: 'web3', timestamp: T592, extra: { order: '1]2', msgid: 'ID47' } },
  ],
  [
    'syslog around a logger',
    'Mar 14 09:27:30 web3 shop[4711]: 2026-03-14 09:27:22,592 ERROR shop.pay - no card',
    { server_name: 'web3', logger: 'shop.pay', timestamp: T592 },
  ],
  [
    'docker around JSON',
    '{"log":"{\\"level\\":50,\\"msg\\":\\"no card\\"}\\n","stream":"stdout","time":"2026-03-14T09:27:22.592Z"}',
    { timestamp: T592, tags: { stream: 'stdout' } },
  ],
  [
    'CRI around logfmt',
    '2026-03-14T09:27:22.592Z stderr F level=error msg="no card"',
    { timestamp: T592, tags: { stream: 'stderr' } },
  ],
  [
    'compose around zap',
    'shop-1  | 2026-03-14T09:27:22.592Z\tERROR\tpay.go:12\tno card',
    { timestamp: T592, tags: { process: 'shop-1' } },
  ],
  ['kubectl', '[pod/shop-7f/web] 2026-03-14 09:27:22,592 ERROR [main] shop.pay - no card', { logger: 'shop.pay' }],
  ['level first', 'ERROR 2026-03-14 09:27:22,592 shop.pay 4711 no card', { timestamp: T592 }],
];

describe('error lines of loggers', () => {
  it.each(LAYOUTS)('%s', (_, line, expected) => {
    const [found, ...more] = detect(line);
    expect(more).toEqual([]);
    expect(found?.event).toMatchObject({ level: 'error', ...expected });
    const { formatted } = (found as DetectedEvent).event['logentry'] as { formatted: string };
    expect(formatted).toContain('no card');
    expect(formatted).not.toContain('09:27');
    expect(found).toMatchObject({ start: 0, line: 1, category: 'log' });
  });
});

/** Lines that talk of errors and are none. */
const BENIGN = [
  '2026-03-14 09:27:22,592 INFO [main] shop.pay - finished with 0 errors',
  '2026-03-14 09:27:22,592 INFO [main] shop.pay - error_log enabled, level=ERROR from now on',
  '2026-03-14 09:27:22,592 INFO [main] shop.ErrorHandler - Caught java.net.SocketException: reset, trying again',
  '2026-03-14 09:27:22,592 DEBUG [main] shop.pay - goroutine 5 started, no panic',
  '2026-03-14 09:27:22,592 WARN [main] shop.pay - ERROR rate is 3%',
  '10.0.0.1 - - [14/Mar/2026:09:27:22 +0000] "GET /errors/fatal?exception=1 HTTP/1.1" 200 12 "-" "curl"',
  '10.0.0.1 - - [14/Mar/2026:09:27:22 +0000] "GET /x HTTP/1.1" 500 12 "-" "ErrorBot/1.0"',
  '{"level":30,"msg":"ERROR handler installed","errors":0,"error":null}',
  '{"level":"info","msg":"stack trace follows?","error":"none"}',
  'level=info msg="no error" errors=0 err=null',
  'time=2026-03-14T09:27:22Z level=warn msg="fatal error avoided"',
  '<14>Mar 14 09:27:22 web3 shop[1]: 2 errors were mended',
  'Mar 14 09:27:22 web3 systemd[1]: Started Error reporting daemon.',
  '03-14 09:27:22.592  1702  2395 I ErrorPrinter: E is for error',
  'I0314 09:27:22.592000       1 error.go:12] errors.New is fine',
  'E is the fifth letter',
  'Error handling is described in chapter 5',
  'errors: 0, warnings: 2, panics: none',
  'The exception proves the rule',
  '  at 10:30 the job will start',
  'at noon everything stops (no exceptions)',
  '=== RUN   TestError',
  'Compiled src/errors/FatalError.ts in 12 ms',
  '2026/03/14 09:27:22 listening on :8080, panic button armed',
  '2026-03-14 09:27:22 STATUS error count: 0',
  '#0 is the first item',
  'ALERT the job ended with [1]',
  '- 1773480442 2026.03.14 R02-M1 2026-03-14-09.27.22.592000 R02-M1 RAS KERNEL INFO cache parity error corrected',
  '2026-03-14 09:27:22, Info                  CBS    Failed to start upload, E_FAIL',
  '1|shop  | error handling: on',
  'Mar 14 09:27:22 web3 sshd[4711]: error: Received disconnect from 10.0.0.1: 14: No more methods [preauth]',
  'Mar 14 09:27:22 web3 launchd[1]: assertion failed: 16G: libxpc + 734 [0B5B]: 0x89',
  'I/chromium: [INFO:CONSOLE(1)] "Uncaught TypeError: x is not a function", source: https://a/b.js (1)',
  '[10.30 16:49:06] chrome.exe - proxy.test:5070 error : could not connect',
];

describe('lines that only talk of errors', () => {
  it.each(BENIGN)('%s', (line) => {
    expect(detect(`${line}\n${line}`)).toEqual([]);
  });

  it('are none in any carrier', () => {
    for (const line of BENIGN) {
      expect(detect(JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-03-14T09:27:22Z' }))).toEqual([]);
      expect(detect(`2026-03-14T09:27:22Z stderr F ${line}`)).toEqual([]);
      expect(detect(`Mar 14 09:27:22 web3 shop[1]: ${line}`)).toEqual([]);
    }
  });
});

describe('options', () => {
  const line = (level: string) => `2026-03-14 09:27:22,592 ${level} [main] shop.pay - no card`;
  it('takes warnings as events when asked', () => {
    expect(detect(line('WARN'), { minLevel: 'warning' })[0]?.event).toMatchObject({ level: 'warning' });
    expect(detect(line('INFO'), { minLevel: 'warning' })).toEqual([]);
    expect(detect(line('ERROR'), { minLevel: 'fatal' })).toEqual([]);
  });

  it('passes over error lines when told to, but never traces', () => {
    expect(detect(line('ERROR'), { errorLines: 'ignore' })).toEqual([]);
    expect(detect(`${line('ERROR')}\nTypeError: x\n    at f (/a.js:1:2)`, { errorLines: 'ignore' })).toHaveLength(1);
  });

  it('reads times in the zone that is named, summer or winter', () => {
    const time = (text: string, timeZone: string) => detect(`${text} ERROR [main] a - b`, { timeZone })[0]?.event['timestamp'];
    expect(time('2026-03-14 09:27:22', 'Europe/Zurich')).toBe(at('2026-03-14T08:27:22Z'));
    expect(time('2026-07-14 09:27:22', 'Europe/Zurich')).toBe(at('2026-07-14T07:27:22Z'));
    expect(time('2026-03-14 09:27:22', '+05:30')).toBe(at('2026-03-14T03:57:22Z'));
    expect(time('2026-03-14 09:27:22Z', 'Europe/Zurich')).toBe(T);
    expect(time('2026-03-14 09:27:22', 'Mars/Olympus')).toBe(T);
  });

  it('gives times without a year the last one that fits', () => {
    expect(detect('Dec 31 23:00:00 web3 shop[1]: Error: x')[0]?.event['timestamp']).toBe(at('2025-12-31T23:00:00Z'));
  });

  it('puts what is given under every event', () => {
    const [found] = detect(line('ERROR'), { event: { release: 'shop@1', environment: 'prod', tags: { log_source: 'shop' } } });
    expect(found?.event).toMatchObject({ release: 'shop@1', environment: 'prod', tags: { log_source: 'shop', thread: 'main' } });
  });
});
