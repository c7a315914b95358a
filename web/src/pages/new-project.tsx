import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function NewProjectPage() {
  return (
    <Page>
      <PageHeader title="NewProjectPage" />
    </Page>
  );
}
