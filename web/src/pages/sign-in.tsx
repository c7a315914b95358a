import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function SignInPage() {
  return (
    <Page>
      <PageHeader title="SignInPage" />
    </Page>
  );
}
