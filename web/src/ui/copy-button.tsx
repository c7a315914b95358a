import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { toast } from './toast.tsx';

/** How long the tick stays, in milliseconds. */
const DONE_MS = 1_600;

/** Copies `value` (or what it answers). With `label` a button with words, without one a small icon. */
export function CopyButton({
  value,
  label,
  what = 'Copy',
  variant = 'default',
}: {
  value: string | (() => string | Promise<string>);
  label?: string;
  /** What the icon says on hover and to screen readers: "Copy DSN". */
  what?: string;
  variant?: 'default' | 'subtle' | 'filled';
}) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    const copied = await copyText(typeof value === 'string' ? value : await value());
    setDone(copied);
    if (!copied) toast({ message: 'The browser did not allow copying. Select the text instead.', kind: 'failed' });
  };
  const icon = done ? <IconCheck size={14} /> : <IconCopy size={14} />;
  if (label !== undefined) {
    return (
      <Button variant={variant} leftSection={icon} onClick={copy}>
        {done ? 'Copied' : label}
      </Button>
    );
  }
  return (
    <Tooltip label={done ? 'Copied' : what}>
      <ActionIcon onClick={copy} aria-label={what} size="sm">
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** Puts text on the clipboard; answers whether that worked. A small box on plain http has no clipboard API. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the old way may still do.
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
