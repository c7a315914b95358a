// A gateway in Go: panics recovered by the SDK's middleware, wrapped errors, goroutines.
import { below, chance, hex, pick, weighted } from '../people.mjs';
import { event, frame, lib, request, source, thrown, uuid } from './events.mjs';

const go = (module, fn, file, line, more) => frame(fn, `${file}:${line}`, { module, abs_path: `/src/gateway/${file}`, ...more });
const golib = (module, fn, file, line) => lib(fn, `${file}:${line}`, { module });
const serve = () => [
  golib('net/http', '(*conn).serve', 'net/http/server.go', 2102),
  golib('net/http', 'serverHandler.ServeHTTP', 'net/http/server.go', 3301),
  golib('github.com/getsentry/sentry-go/http', '(*Handler).handle.func1', 'http/sentryhttp.go', 108),
  go('acme/gateway/internal/proxy', '(*Router).ServeHTTP', 'internal/proxy/router.go', 74),
];

const nilMap = () => [
  thrown(
    'runtime.plainError',
    'assignment to entry in nil map',
    [
      ...serve(),
      go('acme/gateway/internal/session', '(*Store).Touch', 'internal/session/store.go', 51, {
        ...source(`
  func (s *Store) Touch(id string, at time.Time) {
  	s.mu.Lock()
  	defer s.mu.Unlock()
> 	s.seen[id] = at
  	if len(s.seen) > s.limit {
  		s.evict()
  	}`),
        vars: { id: `"${hex(16)}"`, 's.limit': '10000' },
      }),
    ],
    { mechanism: { type: 'panic', handled: false } },
  ),
];

const nilPointer = () => [
  thrown(
    'runtime.errorString',
    'invalid memory address or nil pointer dereference',
    [
      ...serve(),
      go('acme/gateway/internal/proxy', '(*Upstream).RoundTrip', 'internal/proxy/upstream.go', 132),
      go('acme/gateway/internal/proxy', '(*Upstream).observe', 'internal/proxy/upstream.go', 168, {
        ...source(`
  func (u *Upstream) observe(res *http.Response, err error, took time.Duration) {
> 	u.latency.WithLabelValues(u.name, res.Status).Observe(took.Seconds())
  }`),
      }),
    ],
    { mechanism: { type: 'panic', handled: false } },
  ),
];

const indexRange = () => {
  const length = 1 + below(6);
  return [
    thrown(
      'runtime.boundsError',
      `index out of range [${length}] with length ${length}`,
      [
        golib('runtime', 'goexit', 'runtime/asm_amd64.s', 1700),
        go('acme/gateway/cmd/gateway', 'main.func3', 'cmd/gateway/main.go', 88),
        go('acme/gateway/internal/balance', '(*Ring).Pick', 'internal/balance/ring.go', 39, {
          ...source(`
  func (r *Ring) Pick(key uint64) *Node {
  	i := sort.Search(len(r.nodes), func(i int) bool { return r.nodes[i].hash >= key })
> 	return r.nodes[i]
  }`),
        }),
      ],
      { mechanism: { type: 'panic', handled: false } },
    ),
  ];
};

const wrapped = () => {
  const port = 30_000 + below(30_000);
  return [
    thrown('syscall.Errno', 'connection reset by peer', []),
    thrown(
      '*net.OpError',
      `read tcp 10.42.${below(9)}.${below(255)}:${port}->10.42.0.9:8443: read: connection reset by peer`,
      [],
    ),
    thrown('*fmt.wrapError', `forward ${uuid()} to orders: read: connection reset by peer`, [
      ...serve(),
      go('acme/gateway/internal/proxy', '(*Upstream).RoundTrip', 'internal/proxy/upstream.go', 119),
    ]),
  ];
};

/** One event of the Go gateway. */
export function goEvent() {
  const exceptions = weighted([
    [3, nilMap],
    [5, nilPointer],
    [2, indexRange],
    [7, wrapped],
  ])();
  const panics = exceptions.at(-1).mechanism !== undefined;
  return event('go', {
    exceptions,
    level: panics ? 'fatal' : 'error',
    release: pick(['gateway@0.38.1', 'gateway@0.39.0', 'gateway@0.39.0']),
    sdk: { name: 'sentry.go.http', version: '0.36.0' },
    server_name: `edge-${pick(['fra', 'ams', 'waw'])}-${below(4)}`,
    request: request(pick(['GET', 'POST']), `https://api.acme.example/orders/${uuid()}`, {
      query_string: chance(0.3) ? 'expand=lines' : '',
    }),
    tags: { upstream: pick(['orders', 'stock', 'billing']) },
    contexts: {
      runtime: { name: 'go', version: 'go1.25.3', go_numroutines: 40 + below(400), go_maxprocs: 8 },
      os: { name: 'linux' },
    },
  });
}
