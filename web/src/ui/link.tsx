import { ActionIcon, Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A text link inside the dashboard; typed `to`, `params`, `search` of TanStack Router plus Mantine's Anchor props. */
export const TextLink = createLink(Anchor<'a'>);
/** A button that goes to a page. */
export const ButtonLink = createLink(Button<'a'>);
/** An icon that goes to a page; needs `aria-label`. */
export const IconLink = createLink(ActionIcon<'a'>);
