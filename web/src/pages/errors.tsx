import { Page, PageHeader } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

/** Errors. */
export function ErrorsPage() {
  return (
    <Page>
      <PageHeader title="Errors" />
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
