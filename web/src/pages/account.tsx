import { PreferencesForm } from '../features/access/preferences-form.tsx';
import { PasswordForm, ProfileForm } from '../features/access/profile-form.tsx';
import { roleWords } from '../features/access/roles.ts';
import { useViewer } from '../lib/viewer.ts';
import { ButtonLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';

/** One's own name, password and preferences. */
export function AccountPage() {
  const { viewer } = useViewer();
  if (viewer === undefined) return null;
  const { user } = viewer;
  const role = roleWords(user.role);
  return (
    <Page reading>
      <PageHeader
        title="Profile and preferences"
        actions={
          <ButtonLink to="/account/sessions" variant="default">
            Sessions
          </ButtonLink>
        }
      />
      <Panel title="Preferences">
        <PreferencesForm />
      </Panel>
      <Panel title="Profile" note={`${role.name}. ${role.can}`}>
        <ProfileForm key={user.id} name={user.name} email={user.email} />
      </Panel>
      <Panel title="Password">
        <PasswordForm email={user.email} />
      </Panel>
    </Page>
  );
}
