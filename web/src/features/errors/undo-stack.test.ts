import { expect, test, vi } from 'vitest';
import { type Undoable, UndoStack } from './undo-stack.ts';

const act = (label: string, expiresAt = 1_000): Undoable & { undo: ReturnType<typeof vi.fn> } => ({
  label,
  expiresAt,
  undo: vi.fn(async () => undefined),
});

test('the latest act is taken back first, each once', async () => {
  const stack = new UndoStack();
  const [first, second] = [act('first'), act('second')];
  stack.push(first);
  stack.push(second);
  expect(await stack.undoLast(0)).toBe(second);
  expect(await stack.undoLast(0)).toBe(first);
  expect(await stack.undoLast(0)).toBeUndefined();
  expect(second.undo).toHaveBeenCalledTimes(1);
});

test('the button of an older toast takes back that act, and the key then the other', async () => {
  const stack = new UndoStack();
  const [older, newer] = [act('older'), act('newer')];
  stack.push(older);
  stack.push(newer);
  expect(await stack.undo(older)).toBe(true);
  expect(await stack.undo(older)).toBe(false);
  expect((await stack.undoLast(0))?.label).toBe('newer');
});

test('what the server has forgotten is not offered', async () => {
  const stack = new UndoStack();
  stack.push(act('old', 500));
  expect(stack.last(499)?.label).toBe('old');
  expect(stack.last(500)).toBeUndefined();
  expect(await stack.undoLast(600)).toBeUndefined();
});

test('a refusal reaches the caller', async () => {
  const stack = new UndoStack();
  stack.push({ label: 'x', expiresAt: 1, undo: () => Promise.reject(new TypeError('changed by somebody else')) });
  await expect(stack.undoLast(0)).rejects.toThrow('somebody else');
});
