import type { EventDetails_EventFragment } from '@errata/schema';
import { Link } from '@tanstack/react-router';
import { formatBytes } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import classes from './event-details.module.css';
import { allFactsOf, FactTable, factsOf } from './fact-table.tsx';
import { HostileText } from './hostile-text.tsx';
import { quoteKey, quoteValue } from './query-language.ts';
import { RequestPanel } from './request-panel.tsx';
import { wordsOf } from './words.ts';

/** Everything else that the SDK said of one event: tags, request, user, contexts, extra data, modules, arrival notes. */
export function EventDetails({ event }: { event: EventDetails_EventFragment }) {
  const contexts = factsOf(event.contexts);
  const extra = allFactsOf(event.extra);
  const modules = factsOf(event.modules);
  const user = factsOf(event.user);
  const sdk = factsOf(event.sdk);
  return (
    <>
      <EventTags tags={event.tags} />
      <RequestPanel request={event.request} />
      {user.length + sdk.length + contexts.length === 0 ? null : (
        <Panel title="Context" padded={false}>
          <div className={classes.cards}>
            {user.length === 0 ? null : <Card title="User" facts={user} />}
            {contexts.map(([name, value]) => (
              <Card key={name} title={contextTitle(name)} facts={contextFacts(value)} />
            ))}
            {sdk.length === 0 ? null : <Card title="SDK" facts={sdk} />}
          </div>
        </Panel>
      )}
      {extra.length === 0 ? null : (
        <Panel title="Additional data">
          <FactTable facts={extra} />
        </Panel>
      )}
      {modules.length === 0 ? null : <Modules modules={modules} />}
      <Notes notes={event.notes} />
    </>
  );
}

function EventTags({ tags }: { tags: EventDetails_EventFragment['tags'] }) {
  if (tags.length === 0) return null;
  return (
    <Panel title="Tags" note="of this event">
      <ul className={classes.tags}>
        {tags.map(({ key, value }) => (
          <li key={`${key} ${value}`}>
            <Link
              to="/errors"
              search={{
                q: `${quoteKey(key)}:${quoteValue(value)}`,
                status: 'all',
              }}
              className={classes.tag}
            >
              <span className={classes.tagKey}>
                <HostileText text={key} />
              </span>
              <span className={classes.tagValue}>
                <HostileText text={value} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const CONTEXT_TITLES: Record<string, string> = {
  os: 'Operating system',
  gpu: 'GPU',
  app: 'Application',
  trace: 'Trace',
  culture: 'Culture',
  cloud_resource: 'Cloud resource',
};

function contextTitle(name: string): string {
  return CONTEXT_TITLES[name] ?? wordsOf(name);
}

function contextFacts(value: unknown): [string, unknown][] {
  const facts = factsOf(value, ['type']).map(([name, each]): [string, unknown] => [name, withUnit(name, each)]);
  return facts.length > 0 ? facts : typeof value === 'object' ? [] : [['value', value]];
}

/** SDKs report memory and storage in bytes, which nobody reads: `8123123123 (7.6 GiB)`. */
function withUnit(name: string, value: unknown): unknown {
  const isSize = /(?:memory|storage|_size)$/.test(name) || /^(?:memory|storage|app_memory)/.test(name);
  return isSize && typeof value === 'number' && value >= 1_048_576 ? `${value} (${formatBytes(value)})` : value;
}

function Card({ title, facts }: { title: string; facts: readonly [string, unknown][] }) {
  if (facts.length === 0) return null;
  return (
    <section className={classes.card}>
      <h3 className={classes.cardTitle}>
        <HostileText text={title} />
      </h3>
      <FactTable facts={facts} />
    </section>
  );
}

function Modules({ modules }: { modules: readonly [string, unknown][] }) {
  return (
    <Panel title="Modules" note={`${modules.length} packages`} padded={false}>
      <details className={classes.fold}>
        <summary>Show what was installed</summary>
        <ul className={classes.modules}>
          {modules.map(([name, version]) => (
            <li key={name}>
              <HostileText text={name} /> <span className="er-dim">{String(version)}</span>
            </li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}

function Notes({ notes }: { notes: EventDetails_EventFragment['notes'] }) {
  if (notes.length === 0) return null;
  return (
    <Panel title="Arrival notes" note="what was cut, dropped or repaired on the way in">
      <FactTable facts={notes.map(({ field, reason }) => [field, reason] as const)} />
    </Panel>
  );
}
