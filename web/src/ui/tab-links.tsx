import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';
import classes from './tab-links.module.css';

/** A row of links that look like tabs, for pages with an address per tab. Put {@link TabLink}s inside. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

function Tab(props: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a {...props} className={classes.tab} />;
}

/** One tab; takes what a router link takes. The router marks the current one. */
export const TabLink = createLink(Tab);
