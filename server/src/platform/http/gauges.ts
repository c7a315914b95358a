/** Labels of one sample. Keep their values few: every combination is a series. */
export type Labels = Readonly<Record<string, string>>;
/** What a gauge's reader answers: one number, or one per combination of labels. */
export type Reading = number | readonly { labels: Labels; value: number }[];

/** Only ever grows; starts at 0. */
export interface Counter {
  inc(by?: number, labels?: Labels): void;
}
/** Counts observations into buckets. */
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

interface Metric {
  help: string;
  type: 'gauge' | 'counter' | 'histogram';
  lines(name: string): string[];
}

const NAME = /^[a-z][a-z0-9_]*$/;
const escapeLabel = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
const escapeHelp = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const number = (n: number) => (n === Infinity ? '+Inf' : n === -Infinity ? '-Inf' : String(n));

function labelText(labels: Labels, extra?: string): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  if (extra !== undefined) parts.push(extra);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function readingLines(name: string, reading: Reading): string[] {
  const samples = typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading;
  return samples.map(({ labels, value }) => `${name}${labelText(labels)} ${number(value)}`);
}

/**
 * Registry behind `/metrics`. Every room registers its own figures by name; names carry their unit (`_seconds`, `_bytes`,
 * counters `_total`) as Prometheus asks (https://prometheus.io/docs/practices/naming/).
 * Printed in the text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export class Gauges {
  readonly #metrics = new Map<string, Metric>();

  /** A figure that is read when somebody asks. A reader that throws is left out of the page, never breaks it. */
  gauge(name: string, help: string, read: () => Reading): void {
    this.#add(name, { help, type: 'gauge', lines: () => readingLines(name, read()) });
  }

  /** A counter that is kept elsewhere and read when somebody asks. */
  total(name: string, help: string, read: () => Reading): void {
    if (!name.endsWith('_total')) throw new Error(`the counter ${name} must be named …_total`);
    this.#add(name, { help, type: 'counter', lines: () => readingLines(name, read()) });
  }

  /** @throws Error when the name is taken or malformed, or does not end in `_total` */
  counter(name: string, help: string): Counter {
    if (!name.endsWith('_total')) throw new Error(`the counter ${name} must be named …_total`);
    const values = new Map<string, number>();
    this.#add(name, {
      help,
      type: 'counter',
      lines: () =>
        values.size === 0 ? [`${name} 0`] : [...values].map(([labels, value]) => `${name}${labels} ${number(value)}`),
    });
    return {
      inc(by = 1, labels = {}) {
        const key = labelText(labels);
        values.set(key, (values.get(key) ?? 0) + by);
      },
    };
  }

  /** @param buckets upper bounds, rising, without +Inf */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
    this.#add(name, {
      help,
      type: 'histogram',
      lines: () =>
        [...series.values()].flatMap(({ labels, counts, sum, count }) => {
          let below = 0;
          const lines = buckets.map((bound, i) => {
            below += counts[i] as number;
            return `${name}_bucket${labelText(labels, `le="${number(bound)}"`)} ${below}`;
          });
          return [
            ...lines,
            `${name}_bucket${labelText(labels, 'le="+Inf"')} ${count}`,
            `${name}_sum${labelText(labels)} ${number(sum)}`,
            `${name}_count${labelText(labels)} ${count}`,
          ];
        }),
    });
    return {
      observe(value, labels = {}) {
        const key = labelText(labels);
        let one = series.get(key);
        if (one === undefined) {
          one = { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
          series.set(key, one);
        }
        one.sum += value;
        one.count += 1;
        const at = buckets.findIndex((bound) => value <= bound);
        if (at !== -1) one.counts[at] = (one.counts[at] as number) + 1;
      },
    };
  }

  /** The page, ending in a line feed. */
  render(): string {
    let page = '';
    for (const [name, metric] of this.#metrics) {
      let lines: string[];
      try {
        lines = metric.lines(name);
      } catch {
        continue;
      }
      if (lines.length > 0)
        page += `# HELP ${name} ${escapeHelp(metric.help)}\n# TYPE ${name} ${metric.type}\n${lines.join('\n')}\n`;
    }
    return page;
  }

  #add(name: string, metric: Metric): void {
    if (!NAME.test(name)) throw new Error(`"${name}" is not a metric name`);
    if (this.#metrics.has(name)) throw new Error(`the metric ${name} is registered already`);
    this.#metrics.set(name, metric);
  }
}
