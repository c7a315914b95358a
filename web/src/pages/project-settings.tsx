import { Page, PageHeader } from '../ui/page.tsx';
/** To come. */
export function ProjectSettingsPage() {
  return (
    <Page>
      <PageHeader title="ProjectSettingsPage" />
    </Page>
  );
}
