import { useNavigate } from '@tanstack/react-router';
import { NewProjectForm } from '../features/projects/new-project-form.tsx';
import { TextLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';

/** A new project; leads to its set-up. */
export function NewProjectPage() {
  const navigate = useNavigate();
  return (
    <Page reading>
      <PageHeader
        title="Create a project"
        crumbs={[
          <TextLink key="projects" to="/projects">
            Projects
          </TextLink>,
        ]}
        description="A project is a program, or a group of them, that reports its errors with one DSN."
      />
      <Panel>
        <NewProjectForm onCreated={(slug) => void navigate({ to: '/projects/$slug/setup', params: { slug } })} />
      </Panel>
    </Page>
  );
}
