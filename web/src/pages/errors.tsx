import { useQuery } from '@apollo/client/react';
import { type AssigneePicker_UserFragment, ErrorsPageDocument } from '@errata/schema';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { ErrorsScreen } from '../features/errors/errors-screen.tsx';
import { type ErrorsView, searchOf, viewOf } from '../features/errors/errors-search.ts';
import { useOpenList } from '../features/errors/use-open-list.ts';
import { useProjectScope } from '../lib/project-scope.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/shell/errors');
const NO_PEOPLE: readonly AssigneePicker_UserFragment[] = [];
const NO_TEXTS: readonly string[] = [];

/** The errors list: search, filters, rows, bulk acts; live. Everything that narrows it stands in the address. */
export function ErrorsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { projects, selected, projectIds } = useProjectScope();
  const inAddress = useMemo(() => viewOf(search), [search]);
  const ready = inAddress.projects.length === 0 || projects.length > 0;
  const view = useMemo(() => ({ ...inAddress, projects: selected.map(({ slug }) => slug) }), [inAddress, selected]);
  const shown = useOpenList(view, projectIds, ready);
  const { data } = useQuery(ErrorsPageDocument, { variables: { projectIds: projectIds ?? null }, skip: !ready });
  const values = useMemo(
    () => ({
      environments: data?.filterValues.environments ?? NO_TEXTS,
      releases: data?.filterValues.releases ?? NO_TEXTS,
      projects: projects.map(({ slug }) => slug),
    }),
    [data, projects],
  );
  const change = useCallback(
    (next: ErrorsView) =>
      void navigate({
        search: { ...searchOf(next), ...(search.project === undefined ? {} : { project: search.project }) },
        replace: true,
      }),
    [navigate, search.project],
  );
  return (
    <Page fill>
      {shown === null ? (
        <>
          <PageHeader title="Errors" />
          <Panel padded={false}>
            <LoadingRows rows={10} height="54px" />
          </Panel>
        </>
      ) : (
        <ErrorsScreen
          shown={shown}
          view={view}
          projectIds={projectIds}
          projectCount={projects.length}
          values={values}
          people={data?.users ?? NO_PEOPLE}
          onChange={change}
        />
      )}
    </Page>
  );
}
