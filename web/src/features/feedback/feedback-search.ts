import { textParam } from '../../lib/search-params.ts';
import type { FeedbackStatus } from './use-feedback-acts.ts';

/** Which pile of feedback is looked at. */
export const PILES = ['inbox', 'archived', 'spam'] as const;
export type Pile = (typeof PILES)[number];

/** Statuses that lie on a pile. */
export const ON_PILE: Record<Pile, FeedbackStatus[]> = {
  inbox: ['UNREAD', 'READ'],
  archived: ['ARCHIVED'],
  spam: ['SPAM'],
};

/** The address of the feedback page: `?pile=archived&q=pay`. What is usual is left out. */
export function validateFeedbackSearch(raw: Record<string, unknown>): { pile?: Pile; q?: string } {
  const pile = PILES.find((one) => one === raw['pile']);
  const q = textParam(raw['q'])?.slice(0, 200);
  return { ...(pile === undefined || pile === 'inbox' ? {} : { pile }), ...(q === undefined ? {} : { q }) };
}

/** An address that may be followed: of the web, nothing that runs. */
export function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  return /^https?:$/.test(new URL(url).protocol) ? url : null;
}
