import { IconMapQuestion } from '@tabler/icons-react';
import { ButtonLink } from '../ui/link.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

/** The address leads nowhere, or to something that is gone or not ours to see. */
export function NotFoundPage() {
  return (
    <Page>
      <PageHeader title="Not found" />
      <EmptyState
        icon={IconMapQuestion}
        title="There is nothing at this address"
        actions={
          <>
            <ButtonLink to="/" variant="default">
              Overview
            </ButtonLink>
            <ButtonLink to="/errors">Errors</ButtonLink>
          </>
        }
      >
        It may have been deleted or renamed, or you may not be a member of its project.
      </EmptyState>
    </Page>
  );
}
