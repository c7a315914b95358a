import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';
import { uploadSnippet } from './snippets.ts';
import { countWords } from './source-maps-table.tsx';

const name = { __typename: 'Project', id: '7', slug: 'shop', name: 'Web shop', platform: 'javascript', status: 'ACTIVE' };
const bundle = (change: Record<string, unknown> = {}) => ({
  __typename: 'ArtifactBundle',
  id: '3',
  release: 'shop@1.0.0',
  dist: null,
  fileCount: 2,
  mapCount: 1,
  sizeBytes: 2048,
  storedBytes: 700,
  uploadedAt: '2026-11-22T10:00:00.000Z',
  uploadedBy: 'Ada (ci)',
  lastUsedAt: null,
  applying: false,
  problems: [],
  ...change,
});

function open(bundles: object[], role: 'VIEWER' | 'ADMIN' = 'ADMIN') {
  const state = { bundles };
  const me = viewerOf(role);
  const api = testApi({
    Me: { data: { me: role === 'ADMIN' ? { ...me, permissions: [...new Set([...me.permissions, 'artifacts:write'])] } : me } },
    ProjectNames: { data: { projects: [name] } },
    Project: {
      data: {
        project: {
          ...name,
          createdAt: '2026-11-01T08:00:00.000Z',
          firstEventAt: '2026-11-02T08:00:00.000Z',
          openErrorCount: 0,
          settings: null,
          keys: [],
        },
      },
    },
    ProjectSourceMaps: ({ search }) => ({
      data: {
        project: {
          __typename: 'Project',
          id: '7',
          artifactUsage: {
            __typename: 'ArtifactUsage',
            bundles: state.bundles.length,
            maps: state.bundles.length,
            storedBytes: 700,
            quotaBytes: 1000,
            retentionDays: 90,
          },
          artifactBundles: search === null ? state.bundles : [],
        },
      },
    }),
    SourceMapFiles: {
      data: {
        project: {
          __typename: 'Project',
          id: '7',
          artifactBundle: {
            __typename: 'ArtifactBundle',
            id: '3',
            fileCount: 2,
            files: [
              {
                __typename: 'ArtifactFile',
                id: '1',
                type: 'SOURCE_MAP',
                url: '~/app.js.map',
                debugId: '96e11043d3055ae1a9a4df18c71704fc',
                mapUrl: null,
                sizeBytes: 2048,
                problem: 'the map holds no sources',
              },
            ],
          },
        },
      },
    },
    DeleteArtifactBundles: () => {
      state.bundles = [];
      return { data: { deleteArtifactBundles: { __typename: 'Done', ok: true } } };
    },
  });
  return { ...renderAt('/projects/shop/source-maps', api), api };
}

test('without any, says what they are for and how a build uploads them', async () => {
  const { user } = open([]);
  await screen.findByText('No source maps yet');
  expect(screen.getByText(/sentry-cli sourcemaps upload/).textContent).toContain('SENTRY_PROJECT=shop');
  await user.click(screen.getByText('Vite'));
  await screen.findByText(/sentryVitePlugin\(\{/);
});

test('lists uploads with their problems, shows the files of one, and deletes it after asking', async () => {
  const { user, api } = open([bundle({ problems: ['~/app.js.map holds no sources: no source text can be shown.'] })]);
  await screen.findByText('1 problem');
  await user.click(screen.getByRole('button', { name: 'shop@1.0.0' }));
  const drawer = await screen.findByRole('dialog');
  await within(drawer).findByText('~/app.js.map');
  expect(drawer.textContent).toContain('debug id 96e11043d3055ae1a9a4df18c71704fc');
  expect(drawer.textContent).toContain('no source text can be shown');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByRole('button', { name: 'Delete the upload of shop@1.0.0' }));
  await user.click(await screen.findByRole('button', { name: 'Delete', hidden: true }));
  await screen.findByText('No source maps yet');
  expect(api.asked.find((one) => one.name === 'DeleteArtifactBundles')?.variables).toEqual({ ids: ['3'] });
});

test('a search without a find says so and leads back; who may not delete is not offered it', async () => {
  const { user } = open([bundle()], 'VIEWER');
  await screen.findByText('ready');
  expect(screen.queryByRole('button', { name: /Delete the upload/ })).toBeNull();
  await user.type(screen.getByLabelText('Search uploads'), 'nothing');
  await screen.findByText('Nothing like that was uploaded');
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  await screen.findByText('ready');
});

test('snippets name the server and the project', () => {
  for (const tool of ['cli', 'vite', 'webpack', 'errata'] as const) {
    const text = uploadSnippet(tool, { url: 'https://errata.test/x', slug: 'shop' });
    expect(text).toContain('https://errata.test/x');
    expect(text).toContain('shop');
  }
  expect([countWords({ mapCount: 1, fileCount: 1 }), countWords({ mapCount: 1200, fileCount: 2400 })]).toEqual([
    '1 map of 1 file',
    '1,200 maps of 2,400 files',
  ]);
});
