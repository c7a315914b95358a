/** Something that can still be taken back. */
export interface Undoable {
  /** What was done, for the toast: "3 errors resolved". */
  label: string;
  /** When the server forgets it, milliseconds since 1970. */
  expiresAt: number;
  /** Takes it back; rejects when the server refuses. */
  undo: () => Promise<void>;
}

/** How long the server keeps an undo token, in milliseconds. */
export const UNDO_MS = 10 * 60_000;

/** The acts of this page that can be taken back, latest first; one of them once only. */
export class UndoStack {
  #acts: Undoable[] = [];

  /** Remembers an act. */
  push(act: Undoable): void {
    this.#acts.push(act);
    if (this.#acts.length > 50) this.#acts.shift();
  }

  /** The act that {@link undoLast} would take back. */
  last(now: number): Undoable | undefined {
    return this.#acts.findLast((act) => act.expiresAt > now);
  }

  /** Takes an act back. Does nothing if that was done already (a toast's button and the `u` key may both be pressed). */
  async undo(act: Undoable): Promise<boolean> {
    const at = this.#acts.indexOf(act);
    if (at === -1) return false;
    this.#acts.splice(at, 1);
    await act.undo();
    return true;
  }

  /** Takes the latest act back; undefined when there is none left. */
  async undoLast(now: number): Promise<Undoable | undefined> {
    this.#acts = this.#acts.filter((act) => act.expiresAt > now);
    const act = this.#acts.at(-1);
    if (act !== undefined) await this.undo(act);
    return act;
  }
}

/** The stack of the page: acts survive going from the list to an error and back. */
export const undoStack = new UndoStack();
