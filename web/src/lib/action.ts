import { useCallback, useState } from 'react';
import { fieldErrors, messageOf } from './refusal.ts';

/** State of something a person started. */
export interface Action {
  busy: boolean;
  /** What went wrong with the whole of it; null when nothing did, or when a field says it. */
  problem: string | null;
  /** The last thing thrown, for callers that want more than words. */
  error: unknown;
  /** Runs it; answers whether it went through. Never throws. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/**
 * Runs mutations from forms and buttons: busy while under way, refusals of a field to `onFieldErrors` (which answers
 * whether the form has such a field), everything else to `problem`.
 */
export function useAction(onFieldErrors?: (errors: Record<string, string>) => boolean): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ busy: false, problem: null, error: null });
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setState({ busy: true, problem: null, error: null });
      try {
        await work();
        setState({ busy: false, problem: null, error: null });
        return true;
      } catch (error) {
        const fields = fieldErrors(error);
        const shown = Object.keys(fields).length > 0 && onFieldErrors?.(fields) === true;
        setState({ busy: false, problem: shown ? null : messageOf(error), error });
        return false;
      }
    },
    [onFieldErrors],
  );
  return { ...state, run };
}

/** For `useAction`: puts refusals onto the fields of a Mantine form that has them. */
export function onto(form: { values: object; setErrors: (errors: Record<string, string>) => void }) {
  return (errors: Record<string, string>): boolean => {
    const known = Object.fromEntries(Object.entries(errors).filter(([name]) => name in form.values));
    form.setErrors(known);
    return Object.keys(known).length > 0;
  };
}
