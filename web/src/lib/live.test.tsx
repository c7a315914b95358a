import { gql, type TypedDocumentNode } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { act } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderWith, testApi } from '../../test/render.tsx';
import { ThemeProvider } from '../ui/theme-provider.tsx';
import { setConnection } from './connection.ts';
import { useLive } from './live.ts';

type Data = { received: { id: string } };
const Received: TypedDocumentNode<Data, { filter: string }> = gql`subscription Received($filter: String, $after: ID) {
  received(filter: $filter, after: $after) { id }
}`;

function renderTree(api: ReturnType<typeof testApi>, ui: ReactNode) {
  return (
    <ThemeProvider env="test">
      <ApolloProvider client={api.client}>{ui}</ApolloProvider>
    </ThemeProvider>
  );
}

const onData = vi.fn();
const onCatchUp = vi.fn();

function Listener({ filter, skip = false }: { filter: string; skip?: boolean }) {
  useLive(Received, {
    variables: { filter },
    onData: (data) => onData(data.received.id),
    position: (data) => data.received.id,
    onCatchUp,
    skip,
  });
  return null;
}

beforeEach(() => {
  onData.mockReset();
  onCatchUp.mockReset();
});

const asked = (api: ReturnType<typeof testApi>) => api.asked.map(({ variables }) => variables);
const message = (id: string) => ({ received: { __typename: 'Received', id } });
const cutAndBack = () =>
  act(() => {
    setConnection('reconnecting');
    setConnection('live', { caughtUp: true });
  });

test('after a cut it goes on behind the last message, once, and says so', () => {
  const api = testApi({});
  renderWith(<Listener filter="a" />, api);
  act(() => api.push('Received', message('41')));
  act(() => api.push('Received', message('42')));
  cutAndBack();
  act(() => api.push('Received', message('43')));
  expect(asked(api)).toEqual([{ filter: 'a' }, { filter: 'a', after: '42' }]);
  expect(onData.mock.calls).toEqual([['41'], ['42'], ['43']]);
  expect(onCatchUp).toHaveBeenCalledOnce();
});

test('catches up once the server surely listens', () => {
  vi.useFakeTimers();
  renderWith(<Listener filter="a" />, testApi({}));
  expect(onCatchUp).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(1_000));
  expect(onCatchUp).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test('another question starts from now', () => {
  const api = testApi({});
  const { rerender } = renderWith(<Listener filter="a" />, api);
  act(() => api.push('Received', message('41')));
  // The wrapper of the first render is gone with it, so the whole tree is given again.
  rerender(renderTree(api, <Listener filter="b" />));
  expect(asked(api).at(-1)).toEqual({ filter: 'b' });
});

test('skipped, it does not listen', () => {
  const api = testApi({});
  renderWith(<Listener filter="a" skip />, api);
  expect(asked(api)).toEqual([]);
});
