import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

/** What Mantine adds to a plain `<a>`. */
type As<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>;

/** A text link inside the dashboard; typed `to`, `params`, `search` of TanStack Router plus Mantine's Anchor props. */
export const TextLink = createLink((props: As<AnchorProps>) => <Anchor {...props} />);

/** A button that goes to a page. */
export const ButtonLink = createLink((props: As<ButtonProps>) => <Button component="a" {...props} />);

/** An entry of a Mantine menu that goes to a page. */
export const MenuLink = createLink((props: As<MenuItemProps>) => <Menu.Item component="a" {...props} />);
