import type { LogSourceRowFragment } from '@errata/schema';
import type { Tone } from '../../ui/theme.ts';

type Status = LogSourceRowFragment['status'];

/** A source's state as a badge. */
export const STATES: Record<Status['state'], { word: string; tone: Tone }> = {
  STARTING: { word: 'starting', tone: 'grey' },
  WAITING: { word: 'waiting for files', tone: 'blue' },
  FOLLOWING: { word: 'following', tone: 'green' },
  CATCHING_UP: { word: 'catching up', tone: 'blue' },
  HELD: { word: 'held up', tone: 'amber' },
  FAILED: { word: 'cannot read', tone: 'red' },
  PAUSED: { word: 'paused', tone: 'grey' },
  ABSENT: { word: 'no agent', tone: 'amber' },
};

/** A file's state as a badge. */
export const FILE_STATES: Record<Status['files'][number]['state'], { word: string; tone: Tone }> = {
  FOLLOWING: { word: 'following', tone: 'green' },
  CATCHING_UP: { word: 'catching up', tone: 'blue' },
  FINISHING: { word: 'finishing', tone: 'grey' },
  UNREADABLE: { word: 'cannot read', tone: 'red' },
  BINARY: { word: 'no text', tone: 'amber' },
};

/** Share of the bytes that are read, 0 to 100, rounded down: 100 is said only when nothing is left. */
export function readPercent(sizeBytes: number, lagBytes: number): number {
  if (lagBytes <= 0 || sizeBytes <= 0) return 100;
  return Math.min(99, Math.floor((100 * (sizeBytes - lagBytes)) / sizeBytes));
}

/** What to type on the machine that has the files. */
export function agentCommand(sourceId: string, base: string): string {
  return `ERRATA_URL=${base} ERRATA_TOKEN=<token> \\\n  errata tail --source ${sourceId} --state-dir /var/lib/errata-tail`;
}
