import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectKeysPage() {
  return (
    <Page>
      <PageHeader title="ProjectKeysPage" />
    </Page>
  );
}
