import type { TagPanel_ErrorFragment } from '@errata/schema';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Panel } from '../../ui/page.tsx';
import { HostileText } from './hostile-text.tsx';
import { quoteKey, quoteValue } from './query-language.ts';
import classes from './tag-panel.module.css';
import { counted } from './words.ts';

type Tag = TagPanel_ErrorFragment['tags'][number];

const VALUES_AT_FIRST = 3;
const TAGS_AT_FIRST = 10;

/** How the tags of an error's events are distributed; every value leads to the errors that have it. */
export function TagPanel({ error: { tags } }: { error: TagPanel_ErrorFragment }) {
  const [all, setAll] = useState(false);
  if (tags.length === 0) return null;
  // What differs between events tells more than what all of them share.
  const sorted = tags.toSorted((a, b) => Number(b.values.length > 1) - Number(a.values.length > 1));
  const shown = all ? sorted : sorted.slice(0, TAGS_AT_FIRST);
  const more = tags.length - shown.length;
  return (
    <Panel title="Tags" note="of all its events" padded={false}>
      <div className={classes.tags}>
        {shown.map((tag) =>
          tag.values.length > 1 ? <TagBars key={tag.key} tag={tag} /> : <SharedTag key={tag.key} tag={tag} />,
        )}
      </div>
      {more > 0 ? (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {counted(more, 'more tag')}
        </button>
      ) : null}
    </Panel>
  );
}

/** Share of a part in percent; a share that is there never reads 0. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return '<1 %';
  if (share > 99 && share < 100) return '>99 %';
  return `${Math.round(share)} %`;
}

/** A tag with one value needs one line, not a chart. */
function SharedTag({ tag: { key, total, values } }: { tag: Tag }) {
  const [only] = values;
  if (only === undefined) return null;
  return (
    <section className={classes.shared}>
      <h3 className={classes.sharedKey}>
        <HostileText text={key} />
      </h3>
      <TagLink tagKey={key} value={only.value} />
      <span className={classes.share}>{percent(only.count, total)}</span>
    </section>
  );
}

function TagLink({ tagKey, value }: { tagKey: string; value: string }) {
  if (value === '') return <span className={classes.text}>other values</span>;
  return (
    <Link
      to="/errors"
      search={{ q: `${quoteKey(tagKey)}:${quoteValue(value)}`, status: 'all' }}
      className={classes.text}
      title={value}
    >
      <HostileText text={value} />
    </Link>
  );
}

function TagBars({ tag: { key, total, values } }: { tag: Tag }) {
  const [all, setAll] = useState(false);
  const shown = all ? values : values.slice(0, VALUES_AT_FIRST);
  const rest = total - values.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className={classes.tag}>
      <h3 className={classes.key}>
        <HostileText text={key} />
        {values.length > VALUES_AT_FIRST ? (
          <button type="button" className={classes.toggle} onClick={() => setAll(!all)}>
            {all ? 'fewer' : `${values.length} values`}
          </button>
        ) : null}
      </h3>
      <ul className={classes.values}>
        {shown.map(({ value, count }) => (
          <li
            key={value}
            className={classes.value}
            title={`${count.toLocaleString('en')} of ${total.toLocaleString('en')} events`}
          >
            <span className={classes.bar} style={{ width: `${Math.max(1, (count / Math.max(1, total)) * 100)}%` }} />
            <TagLink tagKey={key} value={value} />
            <span className={classes.share}>{percent(count, total)}</span>
          </li>
        ))}
        {all && rest > 0 ? (
          <li className={classes.value}>
            <span className={classes.text}>others</span>
            <span className={classes.share}>{percent(rest, total)}</span>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
