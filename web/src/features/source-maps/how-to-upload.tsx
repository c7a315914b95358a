import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ownUrl } from '../../lib/base.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { TextLink } from '../../ui/link.tsx';
import { uploadSnippet } from './snippets.ts';
import classes from './source-maps.module.css';

const TOOLS = [
  { value: 'cli', label: 'sentry-cli' },
  { value: 'vite', label: 'Vite' },
  { value: 'webpack', label: 'webpack' },
  { value: 'errata', label: 'errata' },
] as const;
type Tool = (typeof TOOLS)[number]['value'];

/** How a build uploads its source maps to this project, ready to be copied. */
export function HowToUpload({ slug, mayWrite }: { slug: string; mayWrite: boolean }) {
  const [tool, setTool] = useState<Tool>('cli');
  const url = ownUrl('').replace(/\/$/, '');
  return (
    <div className={classes.how}>
      <p className={classes.text}>
        Sentry’s own tools upload here unchanged: give them this address and an <TextLink to="/tokens">API token</TextLink> with
        the scope <code>artifacts:write</code>. Any name will do for the organisation.
        {!mayWrite && ' Your role cannot make such a token: ask an operator for one.'}
      </p>
      <SegmentedControl
        size="xs"
        aria-label="Tool"
        value={tool}
        onChange={(value) => setTool(value as Tool)}
        data={TOOLS.map((one) => ({ ...one }))}
      />
      <CodeBlock code={uploadSnippet(tool, { url, slug })} copyWhat="Copy the set-up" />
    </div>
  );
}
