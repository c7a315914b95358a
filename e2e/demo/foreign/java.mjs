// A Spring service in Java, with a corner in Kotlin. Chains of `Caused by`, generated proxies, long library stacks.
import { below, chance, hex, pick, weighted } from '../people.mjs';
import { event, frame, orderNumber, request, thrown } from './events.mjs';

const java = (module, fn, file, line) =>
  frame(fn, line === undefined ? file : `${file}:${line}`, { module, in_app: module.startsWith('com.acme') });
const servlet = () => [
  java('java.lang.Thread', 'run', 'Thread.java', 1583),
  java('org.apache.tomcat.util.threads.ThreadPoolExecutor$Worker', 'run', 'ThreadPoolExecutor.java', 659),
  java('org.apache.coyote.http11.Http11Processor', 'service', 'Http11Processor.java', 397),
  java('org.springframework.web.servlet.DispatcherServlet', 'doDispatch', 'DispatcherServlet.java', 1089),
  java('org.springframework.web.method.support.InvocableHandlerMethod', 'doInvoke', 'InvocableHandlerMethod.java', 255),
];
const controller = (fn, line) => java('com.acme.billing.web.InvoiceController', fn, 'InvoiceController.java', line);
const proxy = () => [
  java('com.acme.billing.invoice.InvoiceService$$SpringCGLIB$$0', 'find', '<generated>'),
  java('org.springframework.transaction.interceptor.TransactionInterceptor', 'invoke', 'TransactionInterceptor.java', 119),
];

const nullPointer = () => [
  thrown(
    'NullPointerException',
    'Cannot invoke "com.acme.billing.customer.Address.getCountry()" because the return value of "com.acme.billing.customer.Customer.getAddress()" is null',
    [
      ...servlet(),
      controller('show', 58),
      ...proxy(),
      java('com.acme.billing.invoice.InvoiceService', 'taxRate', 'InvoiceService.java', 143),
      java('com.acme.billing.tax.TaxTable', 'rateFor', 'TaxTable.java', 37),
    ],
    { module: 'java.lang', mechanism: { type: 'Spring6ExceptionResolver', handled: false } },
  ),
];

const deadlock = () => {
  const sql = thrown(
    'SQLException',
    `Deadlock found when trying to get lock; try restarting transaction (thread ${below(900)})`,
    [
      java('com.mysql.cj.jdbc.ClientPreparedStatement', 'executeUpdate', 'ClientPreparedStatement.java', 1058),
      java('com.mysql.cj.jdbc.exceptions.SQLError', 'createSQLException', 'SQLError.java', 130),
    ],
    { module: 'java.sql' },
  );
  const data = thrown(
    'CannotAcquireLockException',
    'could not execute statement [Deadlock found] [update invoice set status=?,version=? where id=? and version=?]',
    [
      java(
        'org.springframework.orm.jpa.vendor.HibernateJpaDialect',
        'convertHibernateAccessException',
        'HibernateJpaDialect.java',
        290,
      ),
    ],
    { module: 'org.springframework.dao' },
  );
  const own = thrown(
    'InvoiceException',
    `invoice ${orderNumber()} could not be marked as paid`,
    [
      ...servlet(),
      controller('pay', 91),
      java('com.acme.billing.invoice.InvoiceService', 'markPaid', 'InvoiceService.java', 201),
    ],
    { module: 'com.acme.billing.invoice', mechanism: { type: 'Spring6ExceptionResolver', handled: false } },
  );
  return [sql, data, own];
};

const kafka = () => [
  thrown(
    'RecordDeserializationException',
    `Error deserializing VALUE for partition invoices-${below(12)} at offset ${below(9e6)}. If needed, please seek past the record to continue consumption.`,
    [
      java('java.lang.Thread', 'run', 'Thread.java', 1583),
      java(
        'org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer',
        'run',
        'KafkaMessageListenerContainer.java',
        1356,
      ),
      java('org.apache.kafka.clients.consumer.internals.CompletedFetch', 'parseRecord', 'CompletedFetch.java', 331),
      java('com.acme.billing.events.InvoiceEventDeserializer', 'deserialize', 'InvoiceEventDeserializer.java', 29),
    ],
    { module: 'org.apache.kafka.common.errors' },
  ),
];

const outOfMemory = () => [
  thrown(
    'OutOfMemoryError',
    'Java heap space',
    [
      java('com.acme.billing.export.PdfBatch', 'render', 'PdfBatch.java', 77),
      java('com.acme.billing.export.PdfBatch', 'lambda$render$2', 'PdfBatch.java', 81),
      java('java.util.Arrays', 'copyOf', 'Arrays.java', 3541),
    ],
    { module: 'java.lang', mechanism: { type: 'UncaughtExceptionHandler', handled: false } },
  ),
];

const kotlin = () => [
  thrown(
    'UninitializedPropertyAccessException',
    'lateinit property exchangeRates has not been initialized',
    [
      java('kotlinx.coroutines.scheduling.CoroutineScheduler$Worker', 'run', 'CoroutineScheduler.kt', 704),
      java('kotlin.coroutines.jvm.internal.BaseContinuationImpl', 'resumeWith', 'ContinuationImpl.kt', 33),
      java('com.acme.billing.currency.ExchangeRefresher$refresh$2', 'invokeSuspend', 'ExchangeRefresher.kt', 48),
      java('com.acme.billing.currency.ExchangeRates', 'convert', 'ExchangeRates.kt', 22),
    ],
    { module: 'kotlin', mechanism: { type: 'UncaughtExceptionHandler', handled: false } },
  ),
];

/** One event of the Java service. */
export function javaEvent() {
  const exceptions = weighted([
    [8, nullPointer],
    [5, deadlock],
    [4, kafka],
    [1, outOfMemory],
    [3, kotlin],
  ])();
  const fatal = exceptions.at(-1).type === 'OutOfMemoryError';
  return event('java', {
    exceptions,
    level: fatal ? 'fatal' : 'error',
    release: pick(['billing@11.4.0', 'billing@11.4.0', 'billing@11.5.0']),
    sdk: { name: 'sentry.java.spring-boot.jakarta', version: '8.26.0' },
    server_name: `billing-${below(3)}`,
    transaction: exceptions.some((e) => e.stacktrace.frames.some((f) => f.module?.endsWith('InvoiceController')))
      ? pick(['GET /invoices/{id}', 'POST /invoices/{id}/pay'])
      : undefined,
    request: request('GET', `https://billing.acme.example/invoices/${below(9000)}`),
    tags: { datacenter: pick(['fra1', 'ams3']), 'java.gc': 'G1' },
    contexts: {
      runtime: { name: 'OpenJDK Runtime Environment', version: '21.0.8' },
      os: { name: 'Linux', version: '6.8.0' },
      trace: { trace_id: hex(32), span_id: hex(16) },
    },
    breadcrumbs: {
      values: [
        {
          category: 'http',
          message: 'GET https://rates.acme.example/v1/latest',
          level: 'info',
          data: { status_code: chance(0.8) ? 200 : 504 },
        },
        { category: 'hikari', message: `pool: active=${below(20)}, idle=${below(5)}`, level: 'debug' },
      ],
    },
  });
}
