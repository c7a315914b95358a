// A back office in Ruby on Rails, with its background jobs.
import { below, chance, hex, pick, weighted } from '../people.mjs';
import { event, frame, lib, orderNumber, request, source, thrown } from './events.mjs';

const app = (fn, at, more) => frame(fn, at, { abs_path: `/srv/backoffice/current/${at.split(':')[0]}`, ...more });
const rails = () => [
  lib('block in serve_thread', 'puma/thread_pool.rb:155'),
  lib('call', 'action_dispatch/routing/route_set.rb:884'),
  lib('process_action', 'action_controller/metal/instrumentation.rb:77'),
];
const sidekiq = () => [lib('process', 'sidekiq/processor.rb:220'), lib('execute_job', 'sidekiq/processor.rb:258')];

const noMethod = () => [
  thrown(
    'NoMethodError',
    "undefined method 'strftime' for nil",
    [
      ...rails(),
      app('index', 'app/controllers/shipments_controller.rb:18', {}),
      app('block in row_for', 'app/helpers/shipments_helper.rb:31', {
        ...source(`
    def row_for(shipment)
      [
        shipment.number,
>       shipment.delivered_at.strftime("%d.%m.%Y"),
        shipment.carrier&.name || "–"
      ]
    end`),
        vars: { shipment: `#<Shipment id: ${below(90_000)}>` },
      }),
    ],
    { mechanism: { type: 'rails', handled: false } },
  ),
];

const notFound = () => [
  thrown('ActiveRecord::RecordNotFound', `Couldn't find Order with 'id'=${below(99_999)}`, [
    ...rails(),
    lib('find', 'active_record/core.rb:253'),
    app('set_order', 'app/controllers/orders_controller.rb:64'),
  ]),
];

const timeout = () => {
  const cause = thrown('Errno::ETIMEDOUT', 'Connection timed out - connect(2) for "carrier.example" port 443', [
    lib('initialize', 'socket.rb:1217'),
  ]);
  return [
    cause,
    thrown('Net::OpenTimeout', 'Failed to open TCP connection to carrier.example:443 (execution expired)', [
      lib('connect', 'net/http.rb:1603'),
    ]),
    thrown(
      'Carrier::LabelError',
      `no label for order ${orderNumber()}`,
      [...sidekiq(), app('perform', 'app/jobs/print_label_job.rb:12'), app('fetch!', 'app/services/carrier/label.rb:44')],
      { mechanism: { type: 'sidekiq', handled: false } },
    ),
  ];
};

const deadJob = () => [
  thrown('FrozenError', `can't modify frozen String: "${pick(['DHL', 'UPS', 'InPost'])}"`, [
    ...sidekiq(),
    app('perform', 'app/jobs/sync_carriers_job.rb:9'),
    app('normalize', 'app/models/carrier.rb:27'),
  ]),
];

/** One event of the Rails program. */
export function rubyEvent() {
  const exceptions = weighted([
    [6, noMethod],
    [5, notFound],
    [4, timeout],
    [2, deadJob],
  ])();
  const job = exceptions.at(-1).stacktrace.frames[0].filename.startsWith('sidekiq');
  return event('ruby', {
    exceptions,
    level: exceptions.at(-1).type.endsWith('RecordNotFound') ? 'warning' : 'error',
    release: pick(['backoffice@2026.46.1', 'backoffice@2026.46.3', 'backoffice@2026.47.0']),
    sdk: { name: 'sentry.ruby.rails', version: '6.1.0' },
    transaction: job ? 'Sidekiq/PrintLabelJob' : pick(['ShipmentsController#index', 'OrdersController#show']),
    ...(job
      ? { extra: { sidekiq: { queue: 'carriers', retry_count: below(5), jid: hex(24) } } }
      : { request: request('GET', `https://office.acme.example/orders/${below(99_999)}`) }),
    tags: { team: pick(['logistics', 'support']), vip: String(chance(0.1)) },
    contexts: { runtime: { name: 'ruby', version: 'ruby 3.4.7' }, os: { name: 'Linux', version: '6.1.0' } },
  });
}
