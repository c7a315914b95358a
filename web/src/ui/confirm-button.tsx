import { Button, type ButtonProps, Group, Popover, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

/** What {@link ConfirmButton} takes, besides what a Mantine `Button` takes. */
export interface ConfirmButtonProps extends ButtonProps {
  children: ReactNode;
  /** What will happen, in one or two sentences. */
  question: ReactNode;
  /** Word on the button that does it: "Revoke". */
  confirm: string;
  /** True colours the confirmation red. */
  danger?: boolean;
  onConfirm: () => Promise<unknown> | unknown;
  'aria-label'?: string;
  title?: string;
}

/** A button that asks once, in place, before it does what cannot be undone. Escape or a click elsewhere backs out. */
export function ConfirmButton({ children, question, confirm, danger = true, onConfirm, ...button }: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await onConfirm();
      setOpen(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-end" width={280} withinPortal>
      <Popover.Target>
        <Button variant="default" {...button} onClick={() => setOpen((before) => !before)}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <Text size="sm" mb="sm">
          {question}
        </Text>
        <Group gap="xs" justify="flex-end">
          <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button color={danger ? 'red' : 'ink'} onClick={run} loading={busy} data-autofocus>
            {confirm}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A small bin at the end of a row that asks the same way. `label`: what it deletes, for those who do not see the row. */
export function ConfirmDelete({
  label,
  question,
  onConfirm,
}: {
  label: string;
  question: ReactNode;
  onConfirm: () => Promise<unknown> | unknown;
}) {
  return (
    <ConfirmButton
      variant="subtle"
      color="gray"
      size="compact-sm"
      px={6}
      aria-label={label}
      title={label}
      question={question}
      confirm="Delete"
      onConfirm={onConfirm}
    >
      <IconTrash size={16} />
    </ConfirmButton>
  );
}
