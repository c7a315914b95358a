import type { Feedback_ItemFragment } from '@errata/schema';
import type { ReactNode } from 'react';
import { formatWhole } from '../../ui/format.ts';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Panel } from '../../ui/page.tsx';
import { FailedState } from '../../ui/states.tsx';
import classes from './feedback.module.css';
import { FeedbackItem } from './feedback-item.tsx';
import type { FeedbackActs } from './use-feedback-acts.ts';

/** What {@link FeedbackPanel} takes. */
export interface FeedbackPanelProps {
  /** Undefined while it loads; most errors have none, and then there is no panel. */
  items: readonly Feedback_ItemFragment[] | undefined;
  totalCount: number;
  failed: string | null;
  onRetry: () => void;
  onMore: () => void;
  loadingMore: boolean;
  mayWrite: boolean;
  acts: FeedbackActs;
  files: (item: Feedback_ItemFragment) => ReactNode;
}

/** What users wrote about an error, on its page. */
export function FeedbackPanel({
  items,
  totalCount,
  failed,
  onRetry,
  onMore,
  loadingMore,
  mayWrite,
  acts,
  files,
}: FeedbackPanelProps) {
  if (failed !== null && items === undefined)
    return (
      <Panel title="What users say">
        <FailedState title="The feedback could not be loaded" message={failed} onRetry={onRetry} />
      </Panel>
    );
  if (items === undefined || items.length === 0) return null;
  return (
    <Panel title="What users say" note={`${formatWhole(totalCount)} ${totalCount === 1 ? 'voice' : 'voices'}`} padded={false}>
      <ul className={classes.list}>
        {items.map((item) => (
          <FeedbackItem
            key={item.id}
            item={item}
            ofError
            mayWrite={mayWrite}
            onSet={(status, quiet) => void acts.set([item.id], status, quiet)}
            files={files(item)}
          />
        ))}
      </ul>
      {totalCount > items.length ? (
        <MoreRows label={`Show ${formatWhole(totalCount - items.length)} more`} loading={loadingMore} onMore={onMore} />
      ) : null}
    </Panel>
  );
}
