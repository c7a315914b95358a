/** What Bugsnag's and Rollbar's clients send, for tests. */
export const BUGSNAG = {
  apiKey: 'a'.repeat(32),
  notifier: { name: 'Bugsnag Node', version: '9.0.0', url: 'https://github.com/bugsnag/bugsnag-js' },
  events: [
    {
      payloadVersion: '4',
      exceptions: [
        {
          errorClass: 'PaymentError',
          message: 'card refused',
          errorMessage: 'card refused',
          type: 'nodejs',
          stacktrace: [
            {
              file: 'src/payment.js',
              method: 'charge',
              lineNumber: 41,
              columnNumber: 11,
              inProject: true,
              code: { 40: 'a', 41: 'throw', 42: 'b' },
            },
            { file: 'node_modules/x/y.js', method: 'run', lineNumber: 2, inProject: false },
          ],
        },
        {
          errorClass: 'SocketError',
          message: 'reset',
          type: 'nodejs',
          stacktrace: [{ file: 'net.js', method: 'read', lineNumber: 1 }],
        },
      ],
      severity: 'warning',
      unhandled: true,
      severityReason: { type: 'unhandledException' },
      app: { version: '1.4.2', releaseStage: 'staging', type: 'worker', duration: 1200 },
      device: {
        hostname: 'web-1',
        osName: 'linux',
        osVersion: '6.1',
        runtimeVersions: { node: '24.1.0' },
        time: '2025-11-22T11:00:00.250Z',
      },
      user: { id: '7', name: 'Ann', email: 'ann@example.com' },
      request: {
        url: 'http://shop/checkout',
        httpMethod: 'POST',
        headers: { accept: '*/*' },
        clientIp: '203.0.113.9',
        body: { a: 1 },
      },
      breadcrumbs: [{ timestamp: '2025-11-22T10:59:59Z', name: 'clicked', type: 'user', metaData: { x: 1 } }],
      context: 'POST /checkout',
      groupingHash: 'payments',
      metaData: { order: { id: 9 }, custom: { attempt: 2 }, request: { mine: true } },
      featureFlags: [{ featureFlag: 'new-cart', variant: 'b' }],
      session: { id: 's-1', startedAt: '2025-11-22T10:00:00Z', events: { handled: 0, unhandled: 1 } },
      threads: [{ id: 1, name: 'main', errorReportingThread: true, stacktrace: [] }],
    },
  ],
};

const FRAMES = [
  { filename: '/srv/app/main.py', lineno: 9, method: 'main', code: 'checkout()', context: { pre: ['a'], post: ['b'] } },
  { filename: '/srv/app/pay.py', lineno: 41, method: 'charge', class_name: 'Payment', locals: { amount: 3 } },
];

export const ROLLBAR = {
  access_token: 'a'.repeat(32),
  data: {
    environment: 'staging',
    body: {
      telemetry: [
        { level: 'info', type: 'network', timestamp_ms: 1763809199000, body: { method: 'GET', url: '/a', status_code: 200 } },
        { level: 'info', type: 'manual', timestamp_ms: 1763809199500, body: { message: 'cart loaded', items: 3 } },
      ],
      trace_chain: [
        {
          frames: FRAMES,
          exception: { class: 'PaymentError', message: 'card refused', description: 'PaymentError: card refused' },
        },
        { frames: FRAMES.slice(0, 1), exception: { class: 'SocketError', message: 'reset' } },
      ],
    },
    level: 'critical',
    timestamp: 1763809200,
    code_version: '9f1c2d',
    platform: 'linux',
    language: 'python',
    framework: 'django',
    context: 'shop.views.checkout',
    request: {
      url: 'https://shop/checkout',
      method: 'POST',
      headers: { Accept: '*/*' },
      GET: { a: '1' },
      POST: { card: 'x' },
      user_ip: '203.0.113.9',
      params: { controller: 'c' },
    },
    person: { id: '7', username: 'ann', email: 'ann@example.com', plan: 'gold' },
    server: { host: 'web-1', branch: 'main', root: '/srv/app', pid: 7 },
    custom: { attempt: 2 },
    fingerprint: '50a5ef9dbcf9d0e0af2d4e25338da0d430f20e52',
    title: 'Payment failed',
    uuid: 'd4c7acef-55bf-4e38-8b6f-1a2b3c4d5e6f',
    notifier: { name: 'pyrollbar', version: '1.0.0' },
  },
};
