import { useQuery } from '@apollo/client/react';
import { MonitorDsnDocument, type MonitorRowFragment } from '@errata/schema';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Panel } from '../../ui/page.tsx';
import { LoadingBlock } from '../../ui/states.tsx';
import { checkInSnippets } from './check-in-code.ts';
import classes from './monitors.module.css';

/** How a job reports: lines to copy, with the project's own key. */
export function MonitorSetup({ monitor }: { monitor: MonitorRowFragment }) {
  const { data, error } = useQuery(MonitorDsnDocument, {
    variables: { slug: monitor.project?.slug ?? '' },
    fetchPolicy: 'cache-first',
  });
  const dsn = data?.project?.keys.find((key) => key.status === 'ACTIVE')?.dsn;
  return (
    <Panel title="How the job reports" note="put one of these where it runs">
      <div className={classes.setup}>
        {data === undefined && error === undefined ? (
          <LoadingBlock height="8rem" />
        ) : (
          checkInSnippets(dsn ?? 'http://KEY@HOST/PROJECT', monitor).map(({ title, code }) => (
            <CodeBlock key={title} title={title} code={code} />
          ))
        )}
      </div>
    </Panel>
  );
}
