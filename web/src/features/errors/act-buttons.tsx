import type { AssigneePicker_UserFragment } from '@errata/schema';
import { Button, Combobox, Menu, useCombobox } from '@mantine/core';
import { IconArchive, IconArrowBackUp, IconCheck, IconChevronDown, IconUser } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './act-buttons.module.css';
import type { ErrorAct } from './error-acts.ts';
import type { RowPerson } from './error-row.ts';
import { PersonMark } from './person-mark.tsx';

const DAY_MS = 86_400_000;

/** A button for the usual case, and beside it a menu of the others. */
function SplitButton({
  icon,
  label,
  moreLabel,
  disabled,
  filled = false,
  onPress,
  children,
}: {
  icon: ReactNode;
  label: string;
  moreLabel: string;
  disabled: boolean;
  filled?: boolean;
  onPress: () => void;
  children: ReactNode;
}) {
  const variant = filled ? 'filled' : 'default';
  return (
    <Button.Group>
      <Button variant={variant} leftSection={icon} disabled={disabled} onClick={onPress}>
        {label}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant={variant} className={classes.more} aria-label={moreLabel} disabled={disabled}>
            <IconChevronDown size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>{children}</Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}

/** What the act buttons take. */
export interface ActButtonProps {
  onAct: (act: ErrorAct) => void;
  disabled?: boolean;
}

/** Resolve, or resolve in one of the releases (newest first). */
export function ResolveButton({
  onAct,
  disabled = false,
  releases,
  filled = false,
}: ActButtonProps & { releases: readonly string[]; filled?: boolean }) {
  return (
    <SplitButton
      icon={<IconCheck size={14} />}
      label="Resolve"
      moreLabel="Resolve in a release"
      disabled={disabled}
      filled={filled}
      onPress={() => onAct({ kind: 'resolve' })}
    >
      <Menu.Label>Regressed only if a later release has it again</Menu.Label>
      {releases.slice(0, 8).map((release) => (
        <Menu.Item key={release} className={classes.release} onClick={() => onAct({ kind: 'resolve', inRelease: release })}>
          Resolve in {release}
        </Menu.Item>
      ))}
      {releases.length === 0 ? <Menu.Item disabled>No release is known yet</Menu.Item> : null}
    </SplitButton>
  );
}

/** Archive, for ever or for a while. */
export function ArchiveButton({ onAct, disabled = false }: ActButtonProps) {
  const until = (days: number) => () => onAct({ kind: 'archive', until: Date.now() + days * DAY_MS });
  return (
    <SplitButton
      icon={<IconArchive size={14} />}
      label="Archive"
      moreLabel="Archive for a while"
      disabled={disabled}
      onPress={() => onAct({ kind: 'archive' })}
    >
      <Menu.Item onClick={until(1)}>For a day</Menu.Item>
      <Menu.Item onClick={until(7)}>For a week</Menu.Item>
      <Menu.Item onClick={until(30)}>For 30 days</Menu.Item>
      <Menu.Item onClick={() => onAct({ kind: 'archive' })}>Until somebody reopens it</Menu.Item>
    </SplitButton>
  );
}

/** Back among the unresolved. */
export function ReopenButton({ onAct, disabled = false }: ActButtonProps) {
  return (
    <Button
      variant="default"
      leftSection={<IconArrowBackUp size={14} />}
      disabled={disabled}
      onClick={() => onAct({ kind: 'unresolve' })}
    >
      Reopen
    </Button>
  );
}

/** Chooses who has it: me, nobody, or anybody by name. */
export function AssignButton({
  onAct,
  disabled = false,
  people,
  me,
  assignee,
}: ActButtonProps & { people: readonly AssigneePicker_UserFragment[]; me: RowPerson | null; assignee?: RowPerson | null }) {
  const [text, setText] = useState('');
  const box = useCombobox({
    onDropdownClose: () => {
      setText('');
      box.resetSelectedOption();
    },
    onDropdownOpen: () => box.focusSearchInput(),
  });
  const wanted = text.trim().toLowerCase();
  const known = people.filter(({ disabled: gone, name, email }) => !gone && `${name} ${email}`.toLowerCase().includes(wanted));
  const sorted = known.toSorted((a, b) => Number(b.id === me?.id) - Number(a.id === me?.id) || a.name.localeCompare(b.name));
  const choose = (id: string) => {
    const person = people.find((each) => each.id === id);
    onAct({ kind: 'assign', to: person === undefined ? null : { id: person.id, name: person.name } });
    box.closeDropdown();
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} width={272} position="bottom-end" shadow="md" withinPortal>
      <Combobox.Target targetType="button">
        <Button
          variant="default"
          disabled={disabled}
          leftSection={assignee ? <PersonMark name={assignee.name} /> : <IconUser size={14} />}
          rightSection={<IconChevronDown size={13} />}
          className={classes.assign}
          data-assigned={assignee ? true : undefined}
          onClick={() => box.toggleDropdown()}
        >
          {assignee ? assignee.name : 'Assign'}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="Name or e-mail"
          aria-label="Find a person"
        />
        <Combobox.Options mah={300} className={classes.people} aria-label="People">
          {wanted === '' && assignee !== null ? (
            <Combobox.Option value="" className={classes.person}>
              <PersonMark name={null} /> Nobody
            </Combobox.Option>
          ) : null}
          {sorted.map(({ id, name, email }) => (
            <Combobox.Option key={id} value={id} active={id === assignee?.id} className={classes.person}>
              <PersonMark name={name} />
              <span className={classes.names}>
                <span>{id === me?.id ? `${name} (you)` : name}</span>
                <span className="er-dim">{email}</span>
              </span>
            </Combobox.Option>
          ))}
          {sorted.length === 0 ? <Combobox.Empty>Nobody is called that</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
