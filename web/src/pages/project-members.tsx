import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectMembersPage() {
  return (
    <Page>
      <PageHeader title="ProjectMembersPage" />
    </Page>
  );
}
