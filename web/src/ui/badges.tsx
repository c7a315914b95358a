import { IconArchive, IconArrowBackUp, IconCircleCheck, IconCircleDot, IconSparkles, IconTrendingUp } from '@tabler/icons-react';
import type { ComponentType, CSSProperties, ReactNode } from 'react';
import classes from './badges.module.css';
import type { Tone } from './theme.ts';

type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'FATAL';
type Status = 'NEW' | 'ONGOING' | 'ESCALATING' | 'REGRESSED' | 'ARCHIVED' | 'RESOLVED';

const colours = (tone: Tone, solid = false) =>
  (solid
    ? { '--fg': 'var(--er-on-solid)', '--bg': `var(--er-${tone}-solid)`, '--bd': `var(--er-${tone}-solid)` }
    : { '--fg': `var(--er-${tone}-fg)`, '--bg': `var(--er-${tone}-bg)`, '--bd': `var(--er-${tone}-border)` }) as CSSProperties;

/** A small word in a tint. */
export function ToneBadge({
  tone,
  children,
  title,
  solid = false,
}: {
  tone: Tone;
  children: ReactNode;
  title?: string;
  solid?: boolean;
}) {
  return (
    <span className={classes.badge} style={colours(tone, solid)} title={title}>
      {children}
    </span>
  );
}

/** Tone of each level, for charts and marks. */
export const LEVEL_TONES: Record<Level, Tone> = { DEBUG: 'grey', INFO: 'blue', WARNING: 'amber', ERROR: 'red', FATAL: 'red' };

/** Level of an event. `mark` shows a slim bar instead of the word, for dense rows. Fatal is solid, error is tinted. */
export function LevelBadge({ level, mark = false }: { level: Level; mark?: boolean }) {
  const word = level.toLowerCase();
  if (mark) {
    const style = { '--bg': `var(--er-${level === 'FATAL' ? 'pink' : LEVEL_TONES[level]}-solid)` } as CSSProperties;
    return <span className={classes.mark} style={style} role="img" aria-label={word} title={word} />;
  }
  return (
    <ToneBadge tone={LEVEL_TONES[level]} solid={level === 'FATAL'}>
      {word}
    </ToneBadge>
  );
}

const STATUS: Record<Status, { tone: Tone; icon: ComponentType<{ size?: number; stroke?: number }>; says: string }> = {
  NEW: { tone: 'blue', icon: IconSparkles, says: 'Seen for the first time, not yet looked at' },
  ONGOING: { tone: 'grey', icon: IconCircleDot, says: 'Known and still happening' },
  ESCALATING: { tone: 'orange', icon: IconTrendingUp, says: 'Happening much more often than before' },
  REGRESSED: { tone: 'violet', icon: IconArrowBackUp, says: 'Was resolved and came back' },
  ARCHIVED: { tone: 'grey', icon: IconArchive, says: 'Put aside; does not ask for attention' },
  RESOLVED: { tone: 'green', icon: IconCircleCheck, says: 'Held to be fixed' },
};

/** Status of an error, with what it means on hover. */
export function StatusBadge({ status }: { status: Status }) {
  const { tone, icon: Shape, says } = STATUS[status];
  return (
    <ToneBadge tone={tone} title={says}>
      <Shape size={11} stroke={2.2} />
      {status.charAt(0) + status.slice(1).toLowerCase()}
    </ToneBadge>
  );
}
