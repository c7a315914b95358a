import { group } from './library-pattern.ts';

/** Errors of web servers and proxies. */
export const WEB_SERVERS = group('Web servers', [
  {
    key: 'nginx-error',
    name: 'nginx: error log',
    description: 'Lines of error.log from error up. Warnings and notices are left alone.',
    expression:
      '^(?P<timestamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) \\[(?P<level>error|crit|alert|emerg)\\] %{POSINT:pid}#%{NONNEGINT:tid}: (?:\\*%{NONNEGINT:connection} )?(?P<message>.*?)(?:, client: %{IPORHOST:client})?(?:, server: %{NOTSPACE:server},?)?(?: request: "%{DATA:request}")?(?:, upstream: "%{DATA:upstream}")?(?:, host: "%{DATA:vhost}")?(?:, referrer: "%{DATA:referrer}")?$',
    levelField: 'level',
    category: 'web',
    fields: { server: 'drop', connection: 'drop', client: 'extra:client', upstream: 'extra:upstream', vhost: 'tag:vhost' },
    tags: { program: 'nginx' },
    sample: [
      '2026/11/22 10:14:07 [error] 31#31: *4821 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop.example, request: "POST /checkout HTTP/1.1", upstream: "http://10.0.3.4:8080/checkout", host: "shop.example"',
    ],
  },
  {
    key: 'nginx-5xx',
    name: 'nginx or Apache: 5xx answers',
    description: 'Lines of an access log in the common or combined format whose status is 500 or more.',
    expression:
      '^%{NOTSPACE:client} %{NOTSPACE} %{NOTSPACE:user} \\[%{HTTPDATE:timestamp}\\] "(?:%{WORD:method} (?P<path>[^ ?"]+)[^"]*|[^"]*)" (?P<status>5[0-9]{2}) (?:%{NONNEGINT:bytes}|-)',
    category: 'web',
    fields: { client: 'extra:client', path: 'transaction', status: 'tag:status', method: 'tag:method' },
    sample: [
      '203.0.113.9 - ann [22/Nov/2026:10:14:07 +0000] "POST /checkout?step=2 HTTP/1.1" 502 157 "https://shop.example/cart" "Mozilla/5.0"',
    ],
  },
  {
    key: 'apache-error',
    name: 'Apache: error log',
    description: 'Lines of the error log of Apache 2.4 from error up.',
    expression:
      '^\\[%{HTTPDERROR_DATE:timestamp}\\] \\[(?P<module>\\w*):(?P<level>error|crit|alert|emerg)\\] \\[pid %{POSINT:pid}(?::tid %{NONNEGINT:tid})?\\](?: \\(%{NONNEGINT:os_error}\\)(?P<os_message>[^:]*):)?(?: \\[client (?P<client>[^\\]]+)\\])?(?: (?P<code>AH[0-9]{5}):)? %{GREEDYDATA:message}',
    levelField: 'level',
    category: 'web',
    fields: { client: 'extra:client', os_message: 'extra:os_message', os_error: 'extra:os_error', code: 'tag:code' },
    tags: { program: 'apache' },
    sample: [
      '[Sun Nov 22 10:14:07.512384 2026] [proxy:error] [pid 812:tid 140231] (111)Connection refused: [client 203.0.113.9:51234] AH00957: http: attempt to connect to 10.0.3.4:8080 (10.0.3.4) failed',
    ],
  },
  {
    key: 'haproxy-5xx',
    name: 'HAProxy: 5xx answers',
    description: 'HTTP log lines with a status of 500 or more; tells whether a server or HAProxy itself answered.',
    expression:
      'haproxy\\[%{POSINT:pid}\\]: (?P<client>[^ ]+) \\[[^\\]]+\\] %{NOTSPACE:frontend} (?P<backend>[^ /]+)/(?P<server>[^ ]+) (?P<timers>[-0-9/+]+) (?P<status>5[0-9]{2}) %{NOTSPACE:bytes} .*?(?P<termination>[A-Za-z-]{4}) [0-9/+]+ [0-9/]+.*?"(?P<method>[A-Z]+) (?P<path>[^ ?"]+)',
    category: 'web',
    fields: { client: 'extra:client', timers: 'extra:timers', path: 'transaction' },
    tags: { program: 'haproxy' },
    sample: [
      'Nov 22 10:14:07 lb1 haproxy[2201]: 203.0.113.9:51234 [22/Nov/2026:10:14:06.901] https~ shop/web2 0/0/-1/-1/30002 503 217 - - sC-- 41/40/12/3/3 0/0 "GET /api/cart HTTP/1.1"',
    ],
  },
  {
    key: 'haproxy-down',
    name: 'HAProxy: server is down',
    description: 'A server or a whole backend that left the pool.',
    expression:
      '(?:Server (?P<backend>[^ /]+)/(?P<server>\\S+) is DOWN, reason: (?P<reason>[^,]+)|backend (?P<backend_empty>\\S+) has no server available)',
    level: 'fatal',
    category: 'web',
    fields: { backend_empty: 'tag:backend' },
    tags: { program: 'haproxy' },
    sample: [
      'Nov 22 10:14:07 lb1 haproxy[2201]: Server shop/web2 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 1 active and 0 backup servers left.',
    ],
  },
  {
    key: 'traefik-error',
    name: 'Traefik: errors',
    description: 'Traefik 2 and 3, plain text: level=error lines and the short ERR form.',
    expression:
      '(?:^time="?%{TIMESTAMP_ISO8601:timestamp}"? level=(?P<level>error|fatal|panic) msg="(?P<message>(?:[^"\\\\]|\\\\.)*)"|^%{TIMESTAMP_ISO8601:timestamp} (?P<level_short>ERR|FTL|PNC) (?:\\S+\\.go:[0-9]+ > )?%{GREEDYDATA:message})',
    levelField: 'level',
    category: 'web',
    fields: { level_short: 'drop' },
    tags: { program: 'traefik' },
    sample: [
      'time="2026-11-22T10:14:07Z" level=error msg="the service \\"shop@docker\\" does not exist" entryPointName=https routerName=shop@docker',
    ],
  },
  {
    key: 'envoy-5xx',
    name: 'Envoy: 5xx answers',
    description: 'Access log in the default format with a status of 500 or more, with the response flags that say why.',
    expression:
      '^\\[%{TIMESTAMP_ISO8601:timestamp}\\] "(?P<method>[A-Z]+) (?P<path>[^ ?"]+)[^"]*" (?P<status>5[0-9]{2}) (?P<flags>[A-Za-z,]+|-) (?:(?P<details>[a-z_{}-][^ ]*) )?',
    category: 'web',
    fields: { path: 'transaction', details: 'extra:details' },
    tags: { program: 'envoy' },
    sample: [
      '[2026-11-22T10:14:07.331Z] "GET /api/cart HTTP/2" 503 UF upstream_reset_before_response_started{connection_failure} - "-" 0 91 30 - "203.0.113.9" "curl/8.9" "b3c1" "shop.example" "10.0.3.4:8080"',
    ],
  },
  {
    key: 'php-fpm',
    name: 'PHP-FPM: pools and workers',
    description: 'Children that died or were too slow, and pools that are full.',
    expression:
      '^\\[(?P<timestamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8})(?: [A-Za-z/]+)?\\] (?P<level>WARNING|ERROR|ALERT): (?:\\[pool (?P<pool>[^\\]]+)\\] )?(?P<message>(?:child [0-9]+ exited on signal|server reached|child [0-9]+, script|failed|unable|.* terminating).*)',
    levelField: 'level',
    category: 'php',
    tags: { program: 'php-fpm' },
    sample: ['[22-Nov-2026 10:14:07] WARNING: [pool www] server reached pm.max_children setting (50), consider raising it'],
  },
  {
    key: 'php-error',
    name: 'PHP: fatal errors and exceptions',
    description: 'PHP Fatal error and uncaught exceptions with their trace, from the error log of PHP.',
    expression:
      'PHP (?:Fatal error|Parse error|Recoverable fatal error): +(?:Uncaught (?P<type>[A-Za-z_\\\\][\\w\\\\]*)(?:: )?)?(?P<message>.*?)(?: in (?P<file>/\\S+?)(?:\\(|:| on line )(?P<line>[0-9]+)\\)?)?$',
    level: 'fatal',
    category: 'php',
    fields: { file: 'extra:file' },
    next: 'while',
    nextMatching: '^(?:Stack trace:|#[0-9]+ | +thrown in )',
    sample: [
      '[22-Nov-2026 10:14:07 UTC] PHP Fatal error:  Uncaught Shop\\CartEmpty: nothing to pay in /srv/shop/src/Checkout.php:48',
      'Stack trace:',
      '#0 /srv/shop/public/index.php(12): Shop\\Checkout->pay(Array)',
      '#1 {main}',
      '  thrown in /srv/shop/src/Checkout.php on line 48',
    ],
  },
  {
    key: 'uwsgi',
    name: 'uWSGI: harakiri and lost workers',
    description: 'Requests killed for taking too long, workers that died, and full listen queues.',
    expression:
      '(?:HARAKIRI ON WORKER (?P<worker>[0-9]+) \\(pid: (?P<pid>[0-9]+)|DAMN ! worker (?P<worker_lost>[0-9]+) \\(pid: [0-9]+\\) died|listen queue of socket .* full)',
    level: 'error',
    category: 'python',
    fields: { worker: 'extra:worker', worker_lost: 'extra:worker' },
    tags: { program: 'uwsgi' },
    sample: ['Sun Nov 22 10:14:07 2026 - *** HARAKIRI ON WORKER 3 (pid: 4711, try: 1, graceful: yes) ***'],
  },
  {
    key: 'gunicorn',
    name: 'gunicorn: worker timeouts and deaths',
    description: 'Workers that hung, were killed (often for memory) or failed to start.',
    expression:
      '^\\[%{TIMESTAMP_ISO8601:timestamp}\\] \\[%{POSINT:pid}\\] \\[(?P<level>CRITICAL|ERROR|WARNING)\\] (?P<message>WORKER TIMEOUT.*|Worker \\(pid:[0-9]+\\) (?:was sent SIG|exited with code [1-9]|failed to boot).*|Exception in worker process.*|Error handling request.*)',
    levelField: 'level',
    category: 'python',
    next: 'while',
    nextMatching:
      '^(?:Traceback \\(most recent call last\\):|[ \\t]+\\S|[A-Za-z_][\\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\\b)',
    tags: { program: 'gunicorn' },
    sample: ['[2026-11-22 10:14:07 +0000] [31] [CRITICAL] WORKER TIMEOUT (pid:4711)'],
  },
]);
