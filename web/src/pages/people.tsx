import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function PeoplePage() {
  return (
    <Page>
      <PageHeader title="PeoplePage" />
    </Page>
  );
}
