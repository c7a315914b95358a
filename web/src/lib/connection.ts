import { useSyncExternalStore } from 'react';

/**
 * What the live connection is doing. `idle`: nobody listens, no socket. `connecting`: first attempt. `live`: open.
 * `reconnecting`: was cut, trying again. `offline`: the browser says there is no network.
 */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline';

/** A snapshot of the live connection. */
export interface Connection {
  state: ConnectionState;
  /** Grows with every reconnect; whoever holds live data catches up when it changes. */
  epoch: number;
  /** When the state was entered, milliseconds since 1970. */
  since: number;
}

let current: Connection = { state: 'idle', epoch: 0, since: Date.now() };
const listeners = new Set<() => void>();

/** Moves to a state and tells everybody who looks. Called by the WebSocket client and by tests. */
export function setConnection(state: ConnectionState, options: { caughtUp?: boolean } = {}): void {
  const epoch = current.epoch + (options.caughtUp === true ? 1 : 0);
  if (state === current.state && epoch === current.epoch) return;
  current = { state, epoch, since: Date.now() };
  for (const listener of listeners) listener();
}

/** Name of the window event that ends the wait before the next attempt. */
export const RETRY_EVENT = 'errata:retry';

/** Tries to reconnect at once instead of waiting. */
export const retryNow = (): void => {
  window.dispatchEvent(new Event(RETRY_EVENT));
};

/** The connection now. */
export const getConnection = (): Connection => current;

/** Calls back on every change; answers the function that stops it. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The connection as React state. */
export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, getConnection);
}

/** True while live data is cut off: show it, and do not claim to be current. */
export const isDisconnected = (state: ConnectionState): boolean => state === 'reconnecting' || state === 'offline';
