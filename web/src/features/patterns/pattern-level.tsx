import { LevelBadge, ToneBadge } from '../../ui/badges.tsx';
import type { Draft } from './draft.ts';

/** What a hit of a pattern is; lines that are ignored have no level. */
export function PatternLevel({ level }: { level: Draft['level'] }) {
  return level === 'IGNORE' ? <ToneBadge tone="grey">ignored</ToneBadge> : <LevelBadge level={level} />;
}
