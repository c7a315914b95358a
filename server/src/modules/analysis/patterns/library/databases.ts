import { group } from './library-pattern.ts';

/** Errors of databases, caches and search engines. */
export const DATABASES = group('Databases', [
  {
    key: 'postgresql',
    name: 'PostgreSQL: errors',
    description:
      'ERROR, FATAL and PANIC with the DETAIL, HINT, CONTEXT and STATEMENT lines that follow. For any log_line_prefix.',
    expression:
      '^(?:(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,12})(?: [A-Z]{3,4}|[+-][0-9]{2})? )?(?P<prefix>.*?)\\b(?P<level>ERROR|FATAL|PANIC): +(?:(?P<sqlstate>[0-9A-Z]{5}): )?%{GREEDYDATA:message}',
    levelField: 'level',
    category: 'database',
    fields: { prefix: 'extra:prefix', sqlstate: 'tag:sqlstate' },
    tags: { program: 'postgresql' },
    next: 'while',
    nextMatching: '(?:^|[^A-Za-z])(?:DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): |^\\t',
    sample: [
      '2026-11-22 10:14:07.512 UTC [4711] shop@shop ERROR:  duplicate key value violates unique constraint "orders_pkey"',
      '2026-11-22 10:14:07.512 UTC [4711] shop@shop DETAIL:  Key (id)=(1042) already exists.',
      '2026-11-22 10:14:07.512 UTC [4711] shop@shop STATEMENT:  insert into orders (id, total)',
      '\tvalues ($1, $2)',
    ],
  },
  {
    key: 'mysql',
    name: 'MySQL and MariaDB: errors',
    description: 'Lines of the error log marked [ERROR], of MySQL 8 and MariaDB 10 on.',
    expression:
      '^(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ] ?[0-9:.]{7,15}Z?)\\s+(?P<thread>[0-9]+) \\[(?P<level>ERROR)\\] (?:\\[(?P<code>MY-[0-9]+)\\] )?(?:\\[(?P<subsystem>[A-Za-z ]+)\\] )?%{GREEDYDATA:message}',
    category: 'database',
    fields: { thread: 'extra:thread' },
    tags: { program: 'mysql' },
    sample: ['2026-11-22T10:14:07.512384Z 4711 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11'],
  },
  {
    key: 'mongodb',
    name: 'MongoDB: errors',
    description: 'Structured log lines of MongoDB 4.4 on with severity E or F.',
    expression:
      '^\\{"t":\\{"\\$date":"(?P<timestamp>[^"]+)"\\},\\s*"s":"(?P<level>[EF])",\\s*"c":"(?P<component>[A-Z_0-9]+) *",\\s*"id":(?P<code>[0-9]+),.*?"msg":"(?P<message>(?:[^"\\\\]|\\\\.)*)"',
    levelField: 'level',
    category: 'database',
    tags: { program: 'mongodb' },
    sample: [
      '{"t":{"$date":"2026-11-22T10:14:07.512+00:00"},"s":"E",  "c":"STORAGE",  "id":22435,   "ctx":"initandlisten","msg":"WiredTiger error","attr":{"error":28,"message":"No space left on device"}}',
    ],
  },
  {
    key: 'redis',
    name: 'Redis: warnings that hurt',
    description: 'Failed saves, refused writes, memory exhaustion, lost replication; Redis marks all of these with #.',
    expression:
      "^[0-9]+:[XCSM] (?P<timestamp>[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:.]{8,12}) # (?P<message>(?:.*(?:MISCONF|OOM|[Cc]an't save|[Ff]ailed|[Ee]rror|crashed|[Ff]atal|Out [Oo]f [Mm]emory|terminated by signal).*))",
    category: 'database',
    tags: { program: 'redis' },
    sample: ['4711:M 22 Nov 2026 10:14:07.512 # Background saving error: failed opening the temp file, No space left on device'],
  },
  {
    key: 'elasticsearch',
    name: 'Elasticsearch and OpenSearch: errors',
    description: 'Plain-text server log from ERROR up, with the Java trace that follows.',
    expression:
      '^\\[(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:,.]{8,12}Z?)\\]\\[(?P<level>ERROR|FATAL)\\s*\\]\\[(?P<logger>[^\\]]+?) *\\] \\[(?P<node>[^\\]]*)\\] ?%{GREEDYDATA:message}',
    levelField: 'level',
    category: 'search',
    next: 'while',
    nextMatching: '^(?:\\s+(?:at |\\.\\.\\. )|Caused by: |[a-z][\\w.]*\\.[A-Z]\\w*(?:Exception|Error)\\b)',
    tags: { program: 'elasticsearch' },
    sample: [
      '[2026-11-22T10:14:07,512][ERROR][o.e.b.ElasticsearchUncaughtExceptionHandler] [node-1] uncaught exception in thread [main]',
      'org.elasticsearch.bootstrap.StartupException: failed to bind service',
      '\tat org.elasticsearch.bootstrap.Elasticsearch.init(Elasticsearch.java:173)',
      'Caused by: java.io.IOException: No space left on device',
      '\t... 6 more',
    ],
  },
]);

/** Errors of message brokers. */
export const QUEUES = group('Queues', [
  {
    key: 'rabbitmq',
    name: 'RabbitMQ: errors',
    description: 'Lines at [error] and above of RabbitMQ 3.9 on, with the crash report that follows.',
    expression:
      '^%{TIMESTAMP_ISO8601:timestamp} \\[(?P<level>error|critical|alert|emergency)\\] (?P<process><[0-9.]+>) %{GREEDYDATA:message}',
    levelField: 'level',
    category: 'queue',
    fields: { process: 'extra:process' },
    tags: { program: 'rabbitmq' },
    next: 'while',
    nextMatching: '^(?:\\s+\\S|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.+]{8,21} \\[error\\] <[0-9.]+>  )',
    sample: [
      "2026-11-22 10:14:07.512384+00:00 [error] <0.4711.0> Error on AMQP connection <0.4711.0> (10.0.3.4:51234 -> 10.0.3.9:5672, vhost: 'shop', user: 'cart', state: running), channel 1:",
      ' operation basic.publish caused a channel exception not_found: no exchange orders in vhost shop',
    ],
  },
  {
    key: 'kafka',
    name: 'Kafka: broker errors',
    description: 'server.log from ERROR up, with the trace that follows.',
    expression:
      '^\\[(?P<timestamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:,]{12})\\] (?P<level>ERROR|FATAL) (?:\\[(?P<part>[^\\]]+)\\]:? )?(?P<message>.*?)(?: \\((?P<logger>[a-z][\\w.$]+)\\))?$',
    levelField: 'level',
    category: 'queue',
    fields: { part: 'extra:part' },
    next: 'while',
    nextMatching: '^(?:\\s+(?:at |\\.\\.\\. )|Caused by: |[a-z][\\w.]*\\.[A-Z]\\w*(?:Exception|Error)\\b)',
    tags: { program: 'kafka' },
    sample: [
      '[2026-11-22 10:14:07,512] ERROR [ReplicaManager broker=2] Error processing append operation on partition orders-3 (kafka.server.ReplicaManager)',
      'org.apache.kafka.common.errors.NotEnoughReplicasException: The size of the current ISR is insufficient',
      '\tat kafka.cluster.Partition.appendRecordsToLeader(Partition.scala:1042)',
    ],
  },
]);
