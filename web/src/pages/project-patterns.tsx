import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconBook2, IconDownload, IconFileImport, IconListSearch, IconPlus, IconTransfer } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { LibraryDrawer } from '../features/patterns/library-drawer.tsx';
import { PatternEditor } from '../features/patterns/pattern-editor.tsx';
import { PatternList } from '../features/patterns/pattern-list.tsx';
import { usePatternActs, usePatterns } from '../features/patterns/use-patterns.ts';
import { ExportDialog, ImportDialog } from '../features/patterns/yaml-dialog.tsx';
import { useShortcuts } from '../lib/shortcuts.ts';
import { useViewer } from '../lib/viewer.ts';
import { Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';
import classes from './project-patterns.module.css';

const route = getRouteApi('/shell/projects/$slug/patterns');

/** The patterns of a project: the list, or with `?edit=` one of them. */
export function ProjectPatternsPage() {
  const { slug } = route.useParams();
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const { can } = useViewer();
  const state = usePatterns(slug);
  const mayWrite = can('projects:write');
  const open = (id: string | undefined) =>
    void navigate({ to: '/projects/$slug/patterns', params: { slug }, search: id === undefined ? {} : { edit: id } });
  if (state.kind !== 'ready') {
    return (
      <Panel padded={false}>
        {state.kind === 'loading' ? (
          <LoadingRows rows={5} lines={2} />
        ) : (
          <FailedState message={state.message} onRetry={state.retry} />
        )}
      </Panel>
    );
  }
  if (edit !== undefined) {
    const subject = state.patterns.find(({ id }) => String(id) === edit) ?? null;
    if (edit === 'new' ? mayWrite : subject !== null) {
      return (
        <PatternEditor
          key={edit}
          slug={slug}
          projectId={state.projectId}
          subject={subject}
          readOnly={!mayWrite}
          onClose={() => open(undefined)}
        />
      );
    }
    return (
      <Panel>
        <EmptyState title="This pattern is not there" actions={<Button onClick={() => open(undefined)}>All patterns</Button>}>
          Somebody may have deleted it.
        </EmptyState>
      </Panel>
    );
  }
  return <PatternsPanel slug={slug} state={state} mayWrite={mayWrite} onOpen={open} />;
}

function PatternsPanel({
  slug,
  state: { projectId, patterns },
  mayWrite,
  onOpen,
}: {
  slug: string;
  state: Extract<ReturnType<typeof usePatterns>, { kind: 'ready' }>;
  mayWrite: boolean;
  onOpen: (id: string) => void;
}) {
  const [dialog, setDialog] = useState<'library' | 'import' | 'export' | null>(null);
  const acts = usePatternActs(projectId);
  const close = () => setDialog(null);
  const names = patterns.map(({ content }) => content.name);
  useShortcuts(
    'Patterns',
    [
      { keys: 'n', label: 'New pattern', run: () => onOpen('new') },
      { keys: 'l', label: 'Library', run: () => setDialog('library') },
    ],
    mayWrite,
  );
  const library = mayWrite && (
    <Button variant="default" leftSection={<IconBook2 size={15} />} onClick={() => setDialog('library')}>
      Library
    </Button>
  );
  const create = mayWrite && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => onOpen('new')}>
      New pattern
    </Button>
  );
  return (
    <>
      <Panel
        title="Patterns"
        note={<span className={classes.wide}>the first that matches has the line</span>}
        padded={false}
        actions={
          <div className={classes.actions}>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={30} aria-label="YAML: import and export" title="YAML: import and export">
                  <IconTransfer size={15} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {mayWrite && (
                  <Menu.Item leftSection={<IconFileImport size={15} />} onClick={() => setDialog('import')}>
                    Import
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => setDialog('export')}>
                  Export
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            {patterns.length > 0 && library}
            {patterns.length > 0 && create}
          </div>
        }
      >
        {patterns.length === 0 ? (
          <EmptyState
            icon={IconListSearch}
            title="No patterns"
            actions={
              mayWrite && (
                <>
                  {create}
                  {library}
                </>
              )
            }
          >
            Errors and stack traces are found in logs without any. A pattern says what else is an error in this project’s logs,
            what its parts are, and what is only noise.
          </EmptyState>
        ) : (
          <PatternList
            patterns={patterns}
            mayWrite={mayWrite}
            onOpen={({ id }) => onOpen(String(id))}
            onMove={(from, to) => acts.move(patterns, from, to)}
            onEnable={(pattern, enabled) => void acts.enable(pattern, enabled)}
            onDuplicate={(pattern) => void acts.duplicate(pattern, names)}
            onDelete={(pattern) => void acts.drop(pattern)}
          />
        )}
      </Panel>
      <LibraryDrawer opened={dialog === 'library'} present={names} onCopy={acts.copyFromLibrary} onClose={close} />
      <ImportDialog slug={slug} projectId={projectId} opened={dialog === 'import'} onClose={close} />
      <ExportDialog slug={slug} opened={dialog === 'export'} onClose={close} />
    </>
  );
}
