import { useQuery } from '@apollo/client/react';
import { ReleaseDocument } from '@errata/schema';
import { SegmentedControl, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { ReleaseErrors } from '../features/releases/release-errors.tsx';
import { ReleaseCharts, ReleaseFigures } from '../features/releases/release-health.tsx';
import { type ReleasesSearch, SPANS, spanOf } from '../features/releases/releases-search.ts';
import { releaseQuery } from '../features/releases/releases-table.tsx';
import { ReleaseSourceMaps } from '../features/source-maps/release-panel.tsx';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { ToneBadge } from '../ui/badges.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ButtonLink, TextLink } from '../ui/link.tsx';
import { FilterRow, Page, PageHeader } from '../ui/page.tsx';
import { NotFoundPage } from './not-found.tsx';
import { PageWaiting } from './page-states.tsx';

const route = getRouteApi('/shell/releases/$slug/$version');

const REFRESH_MS = 30_000;

/** One release: how its sessions ended over time, and the errors it brought, brought back and mended. */
export function ReleasePage() {
  const { slug, version } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { projects, known, failure, retry } = useProjectScope();
  const project = projects.find((one) => one.slug === slug);
  const span = spanOf(search);
  const { data, previousData, error, loading, refetch } = useQuery(ReleaseDocument, {
    variables: { projectId: String(project?.id ?? '0'), version, environment: search.env ?? null, hours: span.hours },
    skip: project === undefined,
    pollInterval: REFRESH_MS,
  });
  const shown = data ?? previousData;
  const crumbs = [
    <TextLink key="releases" to="/releases">
      Releases
    </TextLink>,
  ];
  if ((shown !== undefined && shown.release === null) || (known && project === undefined)) return <NotFoundPage />;
  const release = shown?.release;
  if (release === null || release === undefined) {
    return (
      <PageWaiting
        title={version}
        crumbs={crumbs}
        problem={(error ?? failure) ? messageOf(error ?? failure) : null}
        retrying={loading}
        onRetry={failure === null ? () => void refetch() : retry}
      />
    );
  }
  const set = (changes: Partial<Record<keyof ReleasesSearch, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...changes }) as ReleasesSearch, replace: true });
  const environments = [...new Set([...release.environments, ...(search.env === undefined ? [] : [search.env])])];
  return (
    <Page>
      <PageHeader
        tabTitle={release.shortVersion}
        title={
          <>
            {release.shortVersion}
            {release.package !== null && <ToneBadge tone="grey">{release.package}</ToneBadge>}
          </>
        }
        crumbs={crumbs}
        description={
          <>
            {release.project?.name} · <span className="er-mono">{release.version}</span>{' '}
            <CopyButton value={release.version} what="Copy the whole version" />
          </>
        }
        actions={
          <ButtonLink to="/errors" search={{ project: slug, q: releaseQuery(version), status: 'all' }} variant="default">
            Its new errors
          </ButtonLink>
        }
      />
      <FilterRow>
        <SegmentedControl
          size="xs"
          aria-label="Span"
          data={SPANS.map(({ value, label }) => ({ value, label }))}
          value={span.value}
          onChange={(value) => set({ span: value === '7d' ? undefined : value })}
        />
        {environments.length > 0 && (
          <Select
            size="xs"
            w={150}
            aria-label="Environment"
            placeholder="All environments"
            clearable
            data={environments}
            value={search.env ?? null}
            onChange={(env) => set({ env: env ?? undefined })}
          />
        )}
        {release.previous !== null && (
          <TextLink
            to="/releases/$slug/$version"
            params={{ slug, version: release.previous.version }}
            search={search}
            size="sm"
            title={release.previous.version}
          >
            Before it: {release.previous.shortVersion}
          </TextLink>
        )}
      </FilterRow>
      <ReleaseFigures release={release} span={span.label} />
      <ReleaseCharts release={release} span={span.label} />
      <ReleaseErrors
        title="New errors"
        note="seen first in this release"
        errors={release.newErrors}
        empty="This release brought no error that was not there before"
      />
      {release.regressedErrors.length > 0 && (
        <ReleaseErrors title="Came back" note="were resolved before" errors={release.regressedErrors} empty="None" />
      )}
      {release.resolvedErrors.length > 0 && (
        <ReleaseErrors title="Resolved" note="held to be mended by it" errors={release.resolvedErrors} empty="None" />
      )}
      {project !== undefined && <ReleaseSourceMaps projectId={String(project.id)} version={version} />}
    </Page>
  );
}
