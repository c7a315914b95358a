import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForShortcuts, useShortcutGroups, useShortcuts } from './shortcuts.ts';

const run = vi.fn();
let stop = () => {};
beforeEach(() => {
  run.mockReset();
  stop = listenForShortcuts();
});
afterEach(() => stop());

function Keys({ title = 'List', keys, name = keys }: { title?: string; keys: string; name?: string }) {
  useShortcuts(title, [{ keys, label: `Does ${name}`, run: () => run(name) }]);
  return null;
}

test.each([
  ['j', { key: 'j' }],
  ['?', { key: '?', shiftKey: true }],
  ['shift+x', { key: 'X', shiftKey: true }],
  ['mod+Enter', { key: 'Enter', metaKey: true }],
  ['mod+k', { key: 'k', ctrlKey: true }],
  ['Escape', { key: 'Escape' }],
])('%s is pressed by %j', (keys, event) => {
  render(<Keys keys={keys} />);
  fireEvent.keyDown(document.body, event);
  expect(run).toHaveBeenCalledExactlyOnceWith(keys);
});

test('a sequence needs both keys, one after the other', () => {
  render(<Keys keys="g e" />);
  fireEvent.keyDown(document.body, { key: 'e' });
  fireEvent.keyDown(document.body, { key: 'g' });
  expect(run).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: 'e' });
  expect(run).toHaveBeenCalledOnce();
});

test('nothing happens while one types, with another modifier, or behind a dialog', () => {
  render(
    <>
      <Keys keys="j" />
      <input aria-label="field" />
    </>,
  );
  fireEvent.keyDown(screen.getByLabelText('field'), { key: 'j' });
  fireEvent.keyDown(document.body, { key: 'j', ctrlKey: true });
  render(<div role="dialog" />);
  fireEvent.keyDown(document.body, { key: 'j' });
  expect(run).not.toHaveBeenCalled();
});

test('the newest group wins, and its keys fall back when it goes', () => {
  const page = (inner: boolean) => (
    <>
      <Keys keys="j" name="outer" />
      {inner && <Keys keys="j" name="inner" />}
    </>
  );
  const { rerender } = render(page(true));
  fireEvent.keyDown(document.body, { key: 'j' });
  rerender(page(false));
  fireEvent.keyDown(document.body, { key: 'j' });
  expect(run.mock.calls).toEqual([['inner'], ['outer']]);
});

test('the help sheet lists what is active', () => {
  function Help() {
    return <>{useShortcutGroups().map((group) => `${group.title}: ${group.shortcuts.map((one) => one.label).join()}`)}</>;
  }
  render(
    <>
      <Keys title="Errors" keys="j" />
      <p data-testid="help">
        <Help />
      </p>
    </>,
  );
  expect(screen.getByTestId('help').textContent).toBe('Errors: Does j');
});
