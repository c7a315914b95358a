/**
 * Which rows are ticked, which one the keyboard stands on, and where a range began. Works on ids, so that rows coming in
 * above never change what is meant.
 */
export class Selection {
  readonly #order: () => readonly string[];
  readonly #changed: () => void;
  #ids = new Set<string>();
  #allMatching = false;
  #active: string | null = null;
  #anchor: string | null = null;

  /** `order` gives the ids as shown now; `changed` is called after every change. */
  constructor(order: () => readonly string[], changed: () => void) {
    this.#order = order;
    this.#changed = changed;
  }

  /** The row the keyboard stands on. */
  get active(): string | null {
    return this.#active;
  }

  /** Everything that matches the filter is meant, loaded or not. */
  get allMatching(): boolean {
    return this.#allMatching;
  }

  /** How many loaded rows are ticked. */
  get size(): number {
    return this.#allMatching ? this.#order().length : this.#ids.size;
  }

  has(id: string): boolean {
    return this.#allMatching || this.#ids.has(id);
  }

  /** The ticked ids in the order shown. */
  list(): string[] {
    return this.#order().filter((id) => this.has(id));
  }

  /** What an action means: the ticked rows, or else the active one, or nothing. */
  target(): string[] {
    if (this.size > 0) return this.list();
    return this.#active === null ? [] : [this.#active];
  }

  setActive(id: string | null): void {
    if (this.#active === id) return;
    this.#active = id;
    this.#changed();
  }

  /** Moves the active row by `step` places, stopping at both ends; starts at the first (or last) row. Returns its index. */
  move(step: number): number {
    const order = this.#order();
    if (order.length === 0) return -1;
    const at = this.#active === null ? -1 : order.indexOf(this.#active);
    const to = at === -1 ? (step > 0 ? 0 : order.length - 1) : Math.max(0, Math.min(order.length - 1, at + step));
    this.#active = order[to] ?? null;
    this.#changed();
    return to;
  }

  /** Ticks or unticks one row and makes it the start of the next range. */
  toggle(id: string): void {
    if (this.#allMatching) this.#ids = new Set(this.#order());
    this.#allMatching = false;
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#anchor = id;
    this.#active = id;
    this.#changed();
  }

  /** Ticks everything between the start of the range (else the active row) and `id`, both included. */
  range(id: string): void {
    const order = this.#order();
    const to = order.indexOf(id);
    const from = order.indexOf(this.#anchor ?? this.#active ?? id);
    if (to === -1) return;
    const [low, high] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (const each of order.slice(low, high + 1)) this.#ids.add(each);
    this.#anchor = id;
    this.#active = id;
    this.#changed();
  }

  /** Ticks every loaded row. */
  selectLoaded(): void {
    this.#ids = new Set(this.#order());
    this.#changed();
  }

  /** Means everything that matches the filter, also what is not loaded. */
  selectMatching(): void {
    this.#allMatching = true;
    this.#changed();
  }

  clear(): void {
    if (this.#ids.size === 0 && !this.#allMatching) return;
    this.#ids = new Set();
    this.#allMatching = false;
    this.#anchor = null;
    this.#changed();
  }

  /** Rows are about to go: unticks them and passes the active row to the next (else the previous) one that stays. */
  leave(leaving: ReadonlySet<string>): void {
    this.#allMatching = false;
    for (const id of leaving) this.#ids.delete(id);
    if (this.#anchor !== null && leaving.has(this.#anchor)) this.#anchor = null;
    if (this.#active === null || !leaving.has(this.#active)) return;
    const order = this.#order();
    const at = order.indexOf(this.#active);
    const stays = (id: string): boolean => !leaving.has(id);
    this.#active = order.slice(at + 1).find(stays) ?? order.slice(0, Math.max(0, at)).findLast(stays) ?? null;
  }

  /** Forgets ids that are no longer known. Does not announce it: the caller is changing the list anyway. */
  keepOnly(known: { has(id: string): boolean }): void {
    for (const id of this.#ids) if (!known.has(id)) this.#ids.delete(id);
    if (this.#active !== null && !known.has(this.#active)) this.#active = null;
    if (this.#anchor !== null && !known.has(this.#anchor)) this.#anchor = null;
  }
}
