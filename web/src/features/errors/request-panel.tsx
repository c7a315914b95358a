import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Panel } from '../../ui/page.tsx';
import { FactTable } from './fact-table.tsx';
import { HostileLink } from './hostile-text.tsx';
import { fullUrl, type RequestView, readRequest, toCurl } from './request.ts';
import classes from './request-panel.module.css';

/** The request during which the event happened, as tables or as a curl command. */
export function RequestPanel({ request: raw }: { request: unknown }) {
  const [form, setForm] = useState('table');
  const request = readRequest(raw);
  if (request === null) return null;
  const curl = toCurl(request);
  return (
    <Panel
      title="Request"
      padded={false}
      actions={
        curl === null ? undefined : (
          <SegmentedControl
            size="xs"
            aria-label="Form of the request"
            value={form}
            onChange={setForm}
            data={[
              { value: 'table', label: 'Table' },
              { value: 'curl', label: 'curl' },
            ]}
          />
        )
      }
    >
      {form === 'curl' && curl !== null ? (
        <div className={classes.part}>
          <CodeBlock code={curl} wrap copyWhat="Copy the command" />
        </div>
      ) : (
        <Tables request={request} />
      )}
    </Panel>
  );
}

function Tables({ request }: { request: RequestView }) {
  const { method, headers, cookies, env, body, query } = request;
  return (
    <>
      <p className={classes.line}>
        {method === '' ? null : <b>{method}</b>} <HostileLink text={fullUrl(request)} />
      </p>
      {query === '' ? null : <Part title="Query" facts={[...new URLSearchParams(query)]} />}
      {headers.length === 0 ? null : <Part title="Headers" facts={headers} />}
      {cookies.length === 0 ? null : <Part title="Cookies" facts={cookies} />}
      {body === null ? null : (
        <section className={classes.part}>
          <h3 className={classes.title}>Body</h3>
          <CodeBlock code={body} wrap maxHeight="24rem" copyWhat="Copy the body" />
        </section>
      )}
      {env.length === 0 ? null : <Part title="Environment" facts={env} />}
    </>
  );
}

function Part({ title, facts }: { title: string; facts: readonly (readonly [string, string])[] }) {
  return (
    <section className={classes.part}>
      <h3 className={classes.title}>{title}</h3>
      <FactTable facts={facts} />
    </section>
  );
}
