import { type RefObject, useEffect, useRef } from 'react';
import { isMenuOpen } from './menu-open.ts';

/** A pointer that has not moved over the list this long is not about to click, in milliseconds. */
const POINTER_REST_MS = 20_000;
/** Nor is a hand that has not touched the keyboard this long. */
const KEY_REST_MS = 6_000;

/**
 * Whether rows may come in by themselves now: the list stands at its top and nobody is about to click or to act on a row.
 * `key` changes with the element that scrolls; `busy` names further reasons to wait, such as ticked rows.
 */
export function useCalm(scroller: RefObject<HTMLElement | null>, key: string, busy: () => boolean): () => boolean {
  const moved = useRef(Number.NEGATIVE_INFINITY);
  const pressed = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another key the scroller is another element
  useEffect(() => {
    const element = scroller.current;
    const onMove = () => {
      moved.current = performance.now();
    };
    const onLeave = () => {
      moved.current = Number.NEGATIVE_INFINITY;
    };
    const onKey = () => {
      pressed.current = performance.now();
    };
    element?.addEventListener('pointermove', onMove, { passive: true });
    element?.addEventListener('pointerleave', onLeave, { passive: true });
    document.addEventListener('keydown', onKey, { passive: true });
    return () => {
      element?.removeEventListener('pointermove', onMove);
      element?.removeEventListener('pointerleave', onLeave);
      document.removeEventListener('keydown', onKey);
    };
  }, [scroller, key]);
  return () => {
    const now = performance.now();
    const atTop = (scroller.current?.scrollTop ?? 0) < 4;
    return atTop && now - moved.current > POINTER_REST_MS && now - pressed.current > KEY_REST_MS && !busy() && !isMenuOpen();
  };
}
