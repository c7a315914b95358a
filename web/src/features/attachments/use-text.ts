import { useEffect, useState } from 'react';
import { ownUrl } from '../../lib/base.ts';

/** Most of a file that is read to be shown. */
export const SHOWN_BYTES = 512 * 1024;

/** The beginning of a file as text. */
export type FileText =
  | { state: 'loading' }
  | { state: 'failed'; message: string }
  /** `whole`: nothing was left out. */
  | { state: 'ready'; text: string; whole: boolean };

/** Reads the beginning of a file of ours (`path` as the API gives it), no more than is shown. Null: nothing. */
export function useFileText(path: string | null, attempt: number): FileText {
  const [result, setResult] = useState<FileText>({ state: 'loading' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads again
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    setResult({ state: 'loading' });
    readBeginning(ownUrl(path.slice(1)), abort.signal).then(
      (text) => setResult(text),
      (error: unknown) => {
        if (!abort.signal.aborted)
          setResult({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => abort.abort();
  }, [path, attempt]);
  return result;
}

async function readBeginning(url: string, signal: AbortSignal): Promise<FileText> {
  const response = await fetch(url, { signal, credentials: 'same-origin' });
  if (!response.ok)
    throw new TypeError(response.status === 404 ? 'The file is not kept any more.' : `The server answered ${response.status}.`);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return { state: 'ready', text: text + decoder.decode(), whole: true };
    text += decoder.decode(value.subarray(0, SHOWN_BYTES - bytes), { stream: true });
    bytes += value.length;
    if (bytes >= SHOWN_BYTES) {
      void reader?.cancel();
      return { state: 'ready', text, whole: bytes === SHOWN_BYTES };
    }
  }
}
