import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function SystemPage() {
  return (
    <Page>
      <PageHeader title="SystemPage" />
    </Page>
  );
}
