import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import classes from './toast.module.css';

/** What {@link toast} takes. */
export interface ToastOptions {
  message: string;
  /** `done` by default. `failed` stays until closed. */
  kind?: 'done' | 'failed' | 'info';
  /** Shown as an "Undo" button; the toast then stays ten seconds. Rejecting shows the failure. */
  undo?: () => Promise<void> | void;
  /** A toast with the same id takes the place of the former. */
  id?: string;
}

const LOOK = {
  done: { icon: IconCheck, tone: 'green' },
  failed: { icon: IconAlertTriangle, tone: 'red' },
  info: { icon: IconInfoCircle, tone: 'blue' },
} as const;

/** Says in the corner what just happened, with a way back where there is one. Answers the toast's id. */
export function toast({ message, kind = 'done', undo, id }: ToastOptions): string {
  const { icon: Shape, tone } = LOOK[kind];
  const shown = id ?? crypto.randomUUID();
  const back = async () => {
    notifications.hide(shown);
    try {
      await undo?.();
    } catch (error) {
      toast({ message: error instanceof globalThis.Error ? error.message : 'Could not be undone.', kind: 'failed' });
    }
  };
  const data = {
    id: shown,
    withBorder: true,
    autoClose: kind === 'failed' ? (false as const) : undo === undefined ? 4_000 : 10_000,
    icon: <Shape size={15} stroke={2} style={{ color: `var(--er-${tone}-fg)` }} />,
    role: kind === 'failed' ? 'alert' : 'status',
    classNames: { root: classes.toast, icon: classes.icon },
    message: (
      <span className={classes.line}>
        <span className={classes.text}>{message}</span>
        {undo === undefined ? null : (
          <Button variant="subtle" size="compact-xs" onClick={back}>
            Undo
          </Button>
        )}
      </span>
    ),
  };
  if (id === undefined) notifications.show(data);
  else {
    notifications.hide(id);
    notifications.show(data);
  }
  return shown;
}
