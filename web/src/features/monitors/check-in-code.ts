import type { MonitorRowFragment } from '@errata/schema';

/** The address that check-ins of a monitor are sent to; null when the DSN is none. */
export function checkInUrl(dsn: string, slug: string): string | null {
  try {
    const { protocol, host, username, pathname } = new URL(dsn);
    const parts = pathname.split('/').filter((part) => part !== '');
    const project = parts.pop();
    const base = parts.length === 0 ? '' : `/${parts.join('/')}`;
    return `${protocol}//${host}${base}/api/${project}/cron/${slug}/${username}/`;
  } catch {
    return null;
  }
}

/** Ways to report a job, ready to be copied. */
export function checkInSnippets(
  dsn: string,
  monitor: Pick<MonitorRowFragment, 'slug' | 'schedule'>,
): { title: string; code: string }[] {
  const url = checkInUrl(dsn, monitor.slug) ?? '';
  const { type, value, unit, timezone } = monitor.schedule;
  const schedule =
    type === 'CRONTAB'
      ? `{ type: 'crontab', value: '${value}' }, timezone: '${timezone}'`
      : `{ type: 'interval', value: ${value}, unit: '${(unit ?? 'MINUTE').toLowerCase()}' }`;
  return [
    { title: 'One line: the job ran', code: `your-job && curl "${url}?status=ok" || curl "${url}?status=error"` },
    {
      title: 'Begin and end, so that a job that hangs is noticed',
      code: `curl "${url}?status=in_progress"\nyour-job\ncurl "${url}?status=$([ $? -eq 0 ] && echo ok || echo error)"`,
    },
    {
      title: 'Node.js',
      code: `await Sentry.withMonitor('${monitor.slug}', () => yourJob(), {\n  schedule: ${schedule},\n});`,
    },
    {
      title: 'Python',
      code: `@sentry_sdk.monitor(monitor_slug='${monitor.slug}')\ndef your_job():\n    ...`,
    },
  ];
}
