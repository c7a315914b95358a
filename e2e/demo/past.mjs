// Time for the sample programs. At the first start they look back: the same code fails with timestamps of the last week, so
// that trends have a shape from the first minute. `at.run(ms, work)` makes `work` happen at another time.
import { AsyncLocalStorage } from 'node:async_hooks';
import { chance } from './people.mjs';

export const at = new AsyncLocalStorage();
const HOUR = 3_600_000;
const DAYS_BACK = 7;

/** Milliseconds: now, or the time that is played. */
export const playedNow = () => at.getStore() ?? Date.now();

/** How busy people are, by hour of the day (UTC) and day of the week: 0 to 1. */
function daylight(ms) {
  const when = new Date(ms);
  const hour = when.getUTCHours() + when.getUTCMinutes() / 60;
  const day = 0.25 + 0.75 * Math.max(0, Math.sin(((hour - 6) / 24) * Math.PI * 2) * 0.5 + 0.5);
  return day * ([0, 6].includes(when.getUTCDay()) ? 0.6 : 1);
}

/** Shapes of a trend: how likely an error is `hoursAgo`. */
export const SHAPES = {
  steady: () => 1,
  growing: (hoursAgo) => (1 - hoursAgo / (DAYS_BACK * 24)) ** 2,
  fixed: (hoursAgo) => (hoursAgo > 60 ? 1 : 0.01),
  recent: (hoursAgo) => (hoursAgo < 30 ? 1 : 0),
  outage: (hoursAgo) => (hoursAgo > 26 && hoursAgo < 29 ? 1 : 0.012),
  nightly: (hoursAgo) => (hoursAgo % 24 < 1.2 ? 1 : 0.01),
};

/** The last day is told in more detail than the days before: about as much as will go on happening. */
const recency = (hoursAgo) => (hoursAgo < 24 ? 1 : 0.16);

/** `count` times of the past week in this shape, oldest first. */
export function pastTimes(count, shape = SHAPES.steady) {
  const now = Date.now();
  const times = [];
  for (let tries = 0; times.length < count && tries < count * 400; tries += 1) {
    const hoursAgo = 0.05 + Math.random() * (DAYS_BACK * 24 - 0.1);
    const ms = now - hoursAgo * HOUR;
    if (chance(shape(hoursAgo) * recency(hoursAgo) * daylight(ms))) times.push(ms);
  }
  return times.sort((a, b) => a - b);
}

/** Moves an event of an SDK to the time that is played, its breadcrumbs with it. */
export function stamp(event) {
  const ms = at.getStore();
  if (ms === undefined) return event;
  const shift = ms / 1000 - (event.timestamp ?? Date.now() / 1000);
  event.timestamp = ms / 1000;
  for (const crumb of event.breadcrumbs ?? []) if (typeof crumb.timestamp === 'number') crumb.timestamp += shift;
  return event;
}

/** The release that was out at the time played: the last one of `[hoursAgo, version]`, oldest first. */
export function releaseAt(releases) {
  const hoursAgo = (Date.now() - playedNow()) / HOUR;
  return (releases.filter(([since]) => since >= hoursAgo).at(-1) ?? releases[0])[1];
}
