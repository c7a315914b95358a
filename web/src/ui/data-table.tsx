import type { ReactNode } from 'react';
import classes from './data-table.module.css';

/** One column of a {@link DataTable}. */
export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: 'start' | 'end';
  /** CSS width; the rest shares what is left. */
  width?: string;
  /** Left out on windows this small and smaller. */
  hide?: 'tablet' | 'phone';
}

const join = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ') || undefined;

/** A plain table for lists of up to some hundred rows. `caption` says what it lists, for screen readers. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  faded,
  lines = 1,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows that are out of use. */
  faded?: (row: Row) => boolean;
  /** Lines of text in a row; every row is that high. */
  lines?: 1 | 2;
}) {
  const classOf = (column: Column<Row>) =>
    join(
      column.align === 'end' && classes.end,
      column.hide === 'tablet' ? classes.tablet : column.hide === 'phone' && classes.phone,
    );
  return (
    <div className={classes.scroll}>
      <table className={join(classes.table, lines === 2 && classes.two)}>
        <caption className="er-sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classOf(column)}
                style={column.width === undefined ? undefined : { width: column.width }}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={faded?.(row) === true ? classes.faded : undefined}>
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
