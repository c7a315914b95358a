import { Page, PageHeader } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

/** Overview. */
export function OverviewPage() {
  return (
    <Page>
      <PageHeader title="Overview" />
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
