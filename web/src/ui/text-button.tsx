import type { ButtonHTMLAttributes } from 'react';
import classes from './text-button.module.css';

/** What {@link TextButton} takes, besides what a button takes. */
export interface TextButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'> {
  /** `name`: that of a thing which it opens, bold and in the colour of the text, like names that are links. */
  look?: 'link' | 'name';
}

/** A button that reads as part of the text around it. */
export function TextButton({ look = 'link', ...button }: TextButtonProps) {
  return <button {...button} type="button" className={`${classes.button} ${look === 'name' ? classes.name : ''}`} />;
}
