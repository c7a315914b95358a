import { Button } from '@mantine/core';
import { IconAlertTriangle, IconEye } from '@tabler/icons-react';
import { type FormHTMLAttributes, type ReactNode, useEffect, useRef } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './form.module.css';
import { Banner } from './states.tsx';

/** A form as a column of fields. */
export function Form(props: FormHTMLAttributes<HTMLFormElement>) {
  return <form noValidate {...props} className={classes.form} />;
}

/** The buttons below a form; `start` puts them at the left, for forms on a page rather than in a dialog. */
export function FormButtons({ children, start = false }: { children: ReactNode; start?: boolean }) {
  return <div className={`${classes.buttons} ${start ? classes.start : ''}`}>{children}</div>;
}

/** The last line of a form in a dialog: backing out, and the button that sends it. `submit`: the word on that. */
export function DialogButtons({
  submit,
  busy,
  disabled = false,
  onCancel,
}: {
  submit: string;
  busy: boolean;
  disabled?: boolean;
  onCancel: () => void;
}) {
  return (
    <FormButtons>
      <Button variant="subtle" color="gray" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" loading={busy} disabled={disabled}>
        {submit}
      </Button>
    </FormButtons>
  );
}

/** The last line of a form of settings on a page. It stays in sight while something is changed and not saved. */
export function SettingsButtons({ dirty, busy, onDiscard }: { dirty: boolean; busy: boolean; onDiscard: () => void }) {
  return (
    <div className={classes.settings} data-dirty={dirty || undefined}>
      <FormButtons start>
        <Button type="submit" loading={busy} disabled={!dirty}>
          Save
        </Button>
        <Button variant="subtle" color="gray" onClick={onDiscard} disabled={!dirty || busy}>
          Discard changes
        </Button>
      </FormButtons>
    </div>
  );
}

/** Two fields beside each other where there is room. */
export function FormPair({ children }: { children: ReactNode }) {
  return <div className={classes.pair}>{children}</div>;
}

/** Above a form that one may look at: why nothing in it can be changed. */
export function ReadOnlyNote() {
  return (
    <Banner tone="grey" icon={IconEye}>
      You may look, not change: that takes an administrator.
    </Banner>
  );
}

/** What went wrong with the whole form; nothing when `children` is null. Comes into sight: a long form hides its head. */
export function FormProblem({ children }: { children: ReactNode | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (children !== null) box.current?.scrollIntoView?.({ block: 'nearest' });
  }, [children]);
  if (children === null) return null;
  return (
    <div ref={box} className={classes.problem} role="alert">
      <IconAlertTriangle size={15} />
      <span>{children}</span>
    </div>
  );
}

/** Something that is shown this once and has to be copied: a link, a token. `what`: "Copy link". */
export function OneTimeSecret({ value, what }: { value: string; what: string }) {
  return (
    <div className={classes.secret}>
      <code>{value}</code>
      <CopyButton value={value} label={what} variant="filled" />
    </div>
  );
}
