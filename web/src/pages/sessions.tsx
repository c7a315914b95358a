import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function SessionsPage() {
  return (
    <Page>
      <PageHeader title="SessionsPage" />
    </Page>
  );
}
