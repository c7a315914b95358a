import { MultiSelect } from '@mantine/core';
import { useProjectScope } from '../../lib/project-scope.ts';

/** Chooses projects by name; the value is a list of ids. */
export function ProjectPicker({
  label,
  description,
  value,
  onChange,
  error,
}: {
  label: string;
  description?: string;
  value: string[];
  onChange: (ids: string[]) => void;
  error?: string;
}) {
  const { projects } = useProjectScope();
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={value.length === 0 ? 'Choose projects' : ''}
      data={projects.map((project) => ({ value: String(project.id), label: project.name }))}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      clearable
      hidePickedOptions
    />
  );
}
