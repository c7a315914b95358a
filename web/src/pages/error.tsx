import { Page, PageHeader } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

/** Error. */
export function ErrorPage() {
  return (
    <Page>
      <PageHeader title="Error" />
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
