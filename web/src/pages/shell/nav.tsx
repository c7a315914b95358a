import { Drawer } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useViewer } from '../../lib/viewer.ts';
import { Logo } from '../../ui/logo.tsx';
import { NAV, type NavItem } from './nav-items.ts';
import classes from './shell.module.css';
import { UnreadFeedback } from './unread.tsx';
import { UserMenu } from './user-menu.tsx';

function Item({ item }: { item: NavItem }) {
  const Icon = item.icon;
  return (
    <Link to={item.to} className={classes.item} activeOptions={{ exact: item.to === '/', includeSearch: false }}>
      <Icon size={17} stroke={1.7} />
      {item.label}
      {item.to === '/feedback' ? <UnreadFeedback /> : null}
    </Link>
  );
}

function Items({ items }: { items: readonly NavItem[] }) {
  const manage = items.filter((item) => item.section === 'manage');
  return (
    <nav className={classes.items} aria-label="Main">
      {items
        .filter((item) => item.section === 'work')
        .map((item) => (
          <Item key={item.to} item={item} />
        ))}
      {manage.length > 0 && <div className={classes.section}>Manage</div>}
      {manage.map((item) => (
        <Item key={item.to} item={item} />
      ))}
    </nav>
  );
}

/** The entries that the signed-in person may open. */
export function useNavItems(): readonly NavItem[] {
  const { can } = useViewer();
  return NAV.filter((item) => can(item.permission));
}

/** The column at the left, from 768 px up. */
export function SideNav() {
  return (
    <aside className={classes.nav}>
      <Link to="/" className={classes.brand}>
        <Logo /> Errata
      </Link>
      <Items items={useNavItems()} />
      <div className={classes.foot}>
        <UserMenu />
      </div>
    </aside>
  );
}

/** Places that stand in the bar of a phone; more would not fit. */
const BAR: readonly NavItem['to'][] = ['/', '/errors', '/feedback', '/projects'];

/** The bar at the bottom of a phone: the places of daily work, and a drawer with the rest. */
export function BottomNav() {
  const items = useNavItems();
  const [more, setMore] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const elsewhere = items.some(({ to }) => !BAR.includes(to) && (path === to || path.startsWith(`${to}/`)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere closes the drawer
  useEffect(() => setMore(false), [path]);
  return (
    <>
      <nav className={classes.bottom} aria-label="Main">
        {items
          .filter((item) => BAR.includes(item.to))
          .map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <span className={classes.mark}>
                <Icon size={20} stroke={1.6} />
                {to === '/feedback' ? <UnreadFeedback /> : null}
              </span>
              {label}
            </Link>
          ))}
        <button
          type="button"
          className={classes.tab}
          onClick={() => setMore(true)}
          aria-haspopup="dialog"
          data-status={elsewhere ? 'active' : undefined}
        >
          <IconDots size={20} stroke={1.6} />
          More
        </button>
      </nav>
      <Drawer opened={more} onClose={() => setMore(false)} position="bottom" size="24rem" title="Errata" radius="lg">
        <Items items={items.filter((item) => !BAR.includes(item.to))} />
        <UserMenu />
      </Drawer>
    </>
  );
}
