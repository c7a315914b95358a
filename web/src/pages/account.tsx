import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function AccountPage() {
  return (
    <Page>
      <PageHeader title="AccountPage" />
    </Page>
  );
}
