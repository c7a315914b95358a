import { expect, it } from 'vitest';
import { Gauges } from './gauges.ts';

it('prints the text format of Prometheus', () => {
  const gauges = new Gauges();
  gauges.gauge('errata_depth', 'How "deep"\\ it\nis.', () => 3.5);
  gauges.gauge('errata_by_kind_bytes', 'By kind.', () => [
    { labels: { kind: 'a"b\\c\nd', dialect: 'sqlite' }, value: 1 },
    { labels: { kind: 'inf' }, value: Number.POSITIVE_INFINITY },
  ]);
  gauges.total('errata_read_total', 'Kept elsewhere.', () => 41);
  const counter = gauges.counter('errata_seen_total', 'Seen.');
  const untouched = gauges.counter('errata_untouched_total', 'Never.');
  const histogram = gauges.histogram('errata_wait_seconds', 'Waits.', [0.1, 1]);
  gauges.histogram('errata_unused_seconds', 'Nothing yet.', [1]);
  counter.inc();
  counter.inc(2, { outcome: 'accepted' });
  counter.inc(3, { outcome: 'accepted' });
  histogram.observe(0.05, { route: '/x' });
  histogram.observe(0.1, { route: '/x' });
  histogram.observe(7, { route: '/x' });
  void untouched;
  expect(gauges.render()).toBe(`# HELP errata_depth How "deep"\\\\ it\\nis.
# TYPE errata_depth gauge
errata_depth 3.5
# HELP errata_by_kind_bytes By kind.
# TYPE errata_by_kind_bytes gauge
errata_by_kind_bytes{kind="a\\"b\\\\c\\nd",dialect="sqlite"} 1
errata_by_kind_bytes{kind="inf"} +Inf
# HELP errata_read_total Kept elsewhere.
# TYPE errata_read_total counter
errata_read_total 41
# HELP errata_seen_total Seen.
# TYPE errata_seen_total counter
errata_seen_total 1
errata_seen_total{outcome="accepted"} 5
# HELP errata_untouched_total Never.
# TYPE errata_untouched_total counter
errata_untouched_total 0
# HELP errata_wait_seconds Waits.
# TYPE errata_wait_seconds histogram
errata_wait_seconds_bucket{route="/x",le="0.1"} 2
errata_wait_seconds_bucket{route="/x",le="1"} 2
errata_wait_seconds_bucket{route="/x",le="+Inf"} 3
errata_wait_seconds_sum{route="/x"} 7.15
errata_wait_seconds_count{route="/x"} 3
`);
});

it('leaves a failing reader out and prints the others', () => {
  const gauges = new Gauges();
  gauges.gauge('errata_broken', 'Fails.', () => {
    throw new Error('gone');
  });
  gauges.gauge('errata_fine', 'Works.', () => 1);
  expect(gauges.render()).toBe('# HELP errata_fine Works.\n# TYPE errata_fine gauge\nerrata_fine 1\n');
});

it.each(['Errata_x', '1x', 'a-b', '', 'a b'])('refuses the name "%s"', (name) => {
  expect(() => new Gauges().gauge(name, '', () => 1)).toThrow(/not a metric name/);
});

it('refuses a name twice, and a counter that is not called one', () => {
  const gauges = new Gauges();
  gauges.gauge('errata_x', '', () => 1);
  expect(() => gauges.histogram('errata_x', '', [1])).toThrow(/registered already/);
  expect(() => gauges.counter('errata_y', '')).toThrow(/_total/);
  expect(() => gauges.total('errata_y', '', () => 1)).toThrow(/_total/);
});
