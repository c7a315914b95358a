import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function JoinPage() {
  return (
    <Page>
      <PageHeader title="JoinPage" />
    </Page>
  );
}
