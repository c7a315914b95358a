import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectsPage() {
  return (
    <Page>
      <PageHeader title="ProjectsPage" />
    </Page>
  );
}
