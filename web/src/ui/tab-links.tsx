import { createLink, useLocation } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, type ReactNode, useEffect, useRef } from 'react';
import classes from './tab-links.module.css';

/** A row of links that look like tabs, for pages with an address per tab. Put {@link TabLink}s inside. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  const row = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // In the middle, where it fits, so that one sees that there are more at both sides.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path decides which tab is the current one
  useEffect(() => {
    row.current?.querySelector('[data-status="active"]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return (
    <nav ref={row} className={classes.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

function Tab(props: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a {...props} className={classes.tab} />;
}

/** One tab; takes what a router link takes. The router marks the current one. */
export const TabLink = createLink(Tab);
