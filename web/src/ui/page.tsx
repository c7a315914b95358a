import type { ReactNode } from 'react';
import classes from './page.module.css';

const join = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ');

/**
 * The body of a page: gutters and rhythm. `fill` gives the page exactly the height of the window, for lists that scroll
 * inside; `reading` keeps forms and prose narrow.
 */
export function Page({ children, fill = false, reading = false }: { children: ReactNode; fill?: boolean; reading?: boolean }) {
  return <div className={join(classes.page, fill && `er-fill ${classes.fill}`, reading && classes.reading)}>{children}</div>;
}

/** What {@link PageHeader} takes. */
export interface PageHeaderProps {
  title: ReactNode;
  /** Title of the browser tab; needed when `title` is not plain text. */
  tabTitle?: string;
  /** Links to what stands above, outermost first. */
  crumbs?: readonly ReactNode[];
  description?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
}

/** The head of a page: crumbs, the one `h1`, actions; also sets the tab's title. */
export function PageHeader({ title, tabTitle, crumbs = [], description, actions }: PageHeaderProps) {
  const text = tabTitle ?? (typeof title === 'string' ? title : undefined);
  return (
    <header className={classes.header}>
      {text === undefined ? null : <title>{`${text} · Errata`}</title>}
      <div className={classes.heading}>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className={classes.crumbs}>
            {crumbs.map((crumb, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: crumbs are fixed per page
              <span key={index}>
                {crumb} <span aria-hidden>/</span>
              </span>
            ))}
          </nav>
        )}
        <h1 className={classes.title}>{title}</h1>
      </div>
      {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      {description === undefined ? null : <p className={classes.description}>{description}</p>}
    </header>
  );
}

/** What narrows and orders a list, in one line above it. */
export function FilterRow({ children }: { children: ReactNode }) {
  return <div className={classes.filters}>{children}</div>;
}

/** What {@link Panel} takes. */
export interface PanelProps {
  title?: ReactNode;
  /** Small words beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** False for tables and lists that reach the edges. */
  padded?: boolean;
  className?: string | undefined;
}

/** A bordered box with an optional head. */
export function Panel({ title, note, actions, children, padded = true, className }: PanelProps) {
  return (
    <section className={join(classes.panel, className)}>
      {title === undefined ? null : (
        <div className={classes.panelHead}>
          <h2 className={classes.panelTitle}>
            {title}
            {note === undefined ? null : <span className={classes.panelNote}>{note}</span>}
          </h2>
          {actions}
        </div>
      )}
      {padded ? <div className={classes.panelBody}>{children}</div> : children}
    </section>
  );
}
