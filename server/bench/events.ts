import { Random } from './random.ts';

/** One generated report. */
export interface GeneratedEvent {
  /** 0-based; the harness maps it to a project of the product. */
  project: number;
  group: number;
  /** A Sentry event payload. */
  json: string;
}

/** Shape of the load. */
export interface LoadShape {
  seed: number;
  /** Distinct errors over all projects. */
  groups: number;
  projects: number;
  /** Newest timestamp, ms; events are spread over the ten minutes before it. */
  nowMs: number;
}

const TYPES = [
  'TypeError',
  'ValueError',
  'KeyError',
  'TimeoutError',
  'ConnectionError',
  'IntegrityError',
  'RangeError',
  'PermissionError',
  'PaymentDeclined',
  'StockError',
];
const NOUNS = [
  'cart',
  'order',
  'invoice',
  'session',
  'catalog',
  'payment',
  'shipping',
  'customer',
  'voucher',
  'search',
  'stock',
  'report',
  'mail',
  'login',
];
const VERBS = [
  'load',
  'save',
  'charge',
  'validate',
  'render',
  'fetch',
  'sync',
  'expire',
  'merge',
  'export',
  'import',
  'apply',
  'refund',
  'notify',
];
const LEVELS = ['error', 'error', 'error', 'error', 'error', 'error', 'warning', 'fatal', 'info'];
const ENVIRONMENTS = ['production', 'production', 'production', 'staging', 'canary'];
const BROWSERS = ['Firefox 140.0', 'Chrome 152.0.0', 'Safari 19.1', 'Edge 151.0.0'];

interface Group {
  project: number;
  platform: 'python' | 'javascript';
  type: string;
  /** Text with `#` where a number goes. */
  value: string;
  transaction: string;
  frames: Record<string, unknown>[];
  level: string;
}

/**
 * A stream of Sentry-like events: 1.5 KB on average, errors skewed as in life, users, tags and messages varied. Two
 * generators of the same shape give the same stream.
 */
export class EventStream {
  readonly #random: Random;
  readonly #groups: Group[];
  readonly #shape: LoadShape;

  constructor(shape: LoadShape) {
    this.#shape = shape;
    this.#random = new Random(shape.seed);
    const makers = new Random(shape.seed ^ 0x5eed);
    this.#groups = Array.from({ length: shape.groups }, (_, i) => group(makers, i, shape.projects));
  }

  next(): GeneratedEvent {
    const random = this.#random;
    const index = random.skewed(this.#groups.length);
    const made = this.#groups[index] as Group;
    const user = random.skewed(20_000);
    const host = `web-${random.below(12)}`;
    const order = 10_000 + random.below(900_000);
    const event = {
      event_id: random.hex(32),
      timestamp: (this.#shape.nowMs - random.below(600_000)) / 1000,
      platform: made.platform,
      level: made.level,
      environment: random.pick(ENVIRONMENTS),
      release: `shop@4.${random.below(3)}.${random.below(4)}`,
      server_name: host,
      transaction: made.transaction,
      sdk: { name: `sentry.${made.platform}`, version: '3.2.1' },
      user: { id: String(user), email: `user${user}@shop.test`, ip_address: `10.${user % 250}.${random.below(250)}.7` },
      tags: {
        region: `eu-${random.below(4)}`,
        tenant: `t${random.skewed(200)}`,
        browser: random.pick(BROWSERS),
        feature: `f${random.below(30)}`,
      },
      contexts: {
        trace: { trace_id: random.hex(32), span_id: random.hex(16) },
        runtime: { name: made.platform, version: '3.13.1' },
      },
      request: {
        url: `https://shop.test${made.transaction}/${order}`,
        method: random.pick(['GET', 'POST']),
        headers: [
          ['User-Agent', 'Mozilla/5.0'],
          ['X-Request-Id', random.hex(16)],
        ],
      },
      breadcrumbs: {
        values: [
          {
            timestamp: this.#shape.nowMs / 1000 - 2,
            category: 'http',
            message: `GET /api/items/${order}`,
            data: { status_code: 200 },
          },
          { timestamp: this.#shape.nowMs / 1000 - 1, category: 'query', message: `select * from orders where id = ${order}` },
        ],
      },
      exception: {
        values: [
          {
            type: made.type,
            value: made.value.replace('#', String(order)),
            mechanism: { type: 'generic', handled: false },
            stacktrace: { frames: made.frames },
          },
        ],
      },
    };
    return { project: made.project, group: index, json: JSON.stringify(event) };
  }
}

function group(random: Random, index: number, projects: number): Group {
  const platform = random.next() < 0.6 ? 'python' : 'javascript';
  const noun = random.pick(NOUNS);
  const verb = random.pick(VERBS);
  const own = `${verb}_${noun}_${index}`;
  const frame = (name: string, module: string, inApp: boolean) =>
    platform === 'python'
      ? {
          function: name,
          module,
          filename: `${module.replaceAll('.', '/')}.py`,
          lineno: 10 + random.below(900),
          in_app: inApp,
          ...(inApp ? { context_line: `    return ${name}(${noun})` } : {}),
        }
      : {
          function: name,
          filename: `app:///dist/${module.replaceAll('.', '/')}.js`,
          lineno: 10 + random.below(900),
          colno: random.below(80),
          in_app: inApp,
        };
  return {
    project: index % projects,
    platform,
    type: random.pick(TYPES),
    value: `${verb} of ${noun} # failed`,
    transaction: `/${noun}/${verb}`,
    frames: [
      frame('dispatch', 'framework.app', false),
      frame('handle', `shop.${noun}.views`, true),
      frame(own, `shop.${noun}.service`, true),
    ],
    level: random.pick(LEVELS),
  };
}
