import type { Role } from '@errata/schema';
import { Radio } from '@mantine/core';
import { useViewer } from '../../lib/viewer.ts';
import { ROLES } from './roles.ts';

/** Chooses a role, with what each means; owners only where one may make them. */
export function RoleField({
  value,
  onChange,
  error,
}: {
  value: Role;
  onChange: (role: Role) => void;
  error?: string | undefined;
}) {
  const { can } = useViewer();
  const offered = ROLES.filter((one) => one.role !== 'OWNER' || value === 'OWNER' || can('owners:write'));
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange(role as Role)} error={error}>
      {offered.map((one) => (
        <Radio key={one.role} size="sm" mt="xs" value={one.role} label={one.name} description={one.can} />
      ))}
    </Radio.Group>
  );
}
