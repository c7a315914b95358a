import { Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import { IconChevronDown, IconFolders, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useProjectScope } from '../../lib/project-scope.ts';
import classes from './project-filter.module.css';

/** From this many projects on, a field to search them appears. */
const SEARCH_FROM = 8;

/** Narrows every page to some projects; the choice stands in the address. */
export function ProjectFilter() {
  const { projects, selected, select } = useProjectScope();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  if (projects.length < 2) return projects[0] === undefined ? null : <span className={classes.only}>{projects[0].name}</span>;
  const slugs = selected.map((project) => project.slug);
  const [first] = selected;
  const label = first === undefined ? 'All projects' : selected.length === 1 ? first.name : `${selected.length} projects`;
  const wanted = text.trim().toLowerCase();
  const shown = projects.filter((project) => `${project.name} ${project.slug}`.toLowerCase().includes(wanted));
  const toggle = (slug: string) => select(slugs.includes(slug) ? slugs.filter((one) => one !== slug) : [...slugs, slug]);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={264} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFolders size={15} />}
          rightSection={<IconChevronDown size={13} />}
          onClick={() => setOpen((before) => !before)}
          data-chosen={selected.length > 0 || undefined}
          className={classes.button}
          aria-label={`Projects: ${label}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        {projects.length >= SEARCH_FROM && (
          <TextInput
            size="xs"
            mb={6}
            placeholder="Find a project"
            aria-label="Find a project"
            leftSection={<IconSearch size={13} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <ScrollArea.Autosize mah={320} type="auto">
          {shown.map((project) => (
            <div key={project.id} className={classes.row}>
              <Checkbox
                size="xs"
                label={project.name}
                checked={slugs.includes(project.slug)}
                onChange={() => toggle(project.slug)}
                className={classes.check}
              />
              <button
                type="button"
                className={classes.just}
                onClick={() => {
                  select([project.slug]);
                  setOpen(false);
                }}
              >
                only
              </button>
            </div>
          ))}
          {shown.length === 0 && <div className={classes.none}>No project is called that.</div>}
        </ScrollArea.Autosize>
        <Button
          variant="subtle"
          color="gray"
          fullWidth
          mt={4}
          leftSection={<IconX size={13} />}
          disabled={selected.length === 0}
          onClick={() => {
            select([]);
            setOpen(false);
          }}
        >
          Show all projects
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
