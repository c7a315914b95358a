import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function TokensPage() {
  return (
    <Page>
      <PageHeader title="TokensPage" />
    </Page>
  );
}
