import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectSetupPage() {
  return (
    <Page>
      <PageHeader title="ProjectSetupPage" />
    </Page>
  );
}
