import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectIncomingPage() {
  return (
    <Page>
      <PageHeader title="ProjectIncomingPage" />
    </Page>
  );
}
