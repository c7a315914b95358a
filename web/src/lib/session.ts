/** Whoever wants to know that the session ended (the router does). */
type Listener = () => void;
const listeners = new Set<Listener>();
let told = false;

/** Says that the server no longer knows this session. Many requests may say so at once; listeners hear it once. */
export function sessionEnded(): void {
  if (told) return;
  told = true;
  for (const listener of listeners) listener();
}

/** A new session began: the next end is news again. */
export function sessionBegan(): void {
  told = false;
}

/** Calls back when the session ended; answers the function that stops it. */
export function onSessionEnded(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
