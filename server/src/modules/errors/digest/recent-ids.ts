const GENERATION = 1 << 18;

/**
 * A window over the ids of recently kept events: catches the same id sent again with another timestamp, which the unique
 * key of the table cannot. Remembers between 262,144 and 524,288 ids in 8 MB, as 64-bit hashes in two generations of
 * open-addressing tables; a false alarm has a chance of 3·10⁻¹⁴ an event. Ids are added after their commit only.
 * Knows, too, up to which time it has forgotten events of a project: younger ones need not be looked for in the table.
 */
export class RecentIds {
  #young = new Table();
  #old = new Table();
  readonly #forgotten = new Map<number, number>();

  has(projectId: number, eventId: Uint8Array): boolean {
    const [a, b] = hash(projectId, eventId);
    return this.#young.has(a, b) || this.#old.has(a, b);
  }

  add(projectId: number, eventId: Uint8Array, occurredAt: number): void {
    const [a, b] = hash(projectId, eventId);
    if (this.#young.size >= GENERATION) {
      const emptied = this.#old;
      for (const [project, latest] of emptied.latest) this.forget(project, latest);
      emptied.clear();
      this.#old = this.#young;
      this.#young = emptied;
    }
    this.#young.add(a, b);
    const { latest } = this.#young;
    if (!(latest.get(projectId)! >= occurredAt)) latest.set(projectId, occurredAt);
  }

  /** Time up to which events of a project may be unknown here; undefined before {@link forget} was called for it. */
  forgottenUpTo(projectId: number): number | undefined {
    return this.#forgotten.get(projectId);
  }

  /** Events of the project up to this time may be unknown here. */
  forget(projectId: number, upTo: number): void {
    this.#forgotten.set(projectId, Math.max(upTo, this.#forgotten.get(projectId) ?? upTo));
  }

  /** How many newest events fill one generation: what is worth loading at start. */
  static readonly reload = GENERATION;
}

class Table {
  size = 0;
  /** Latest time of an event per project. */
  readonly latest = new Map<number, number>();
  readonly #words = new Uint32Array(GENERATION * 4);

  has(a: number, b: number): boolean {
    return this.#words[this.#slot(a, b) + 1] !== 0;
  }

  add(a: number, b: number): void {
    const slot = this.#slot(a, b);
    if (this.#words[slot + 1] !== 0) return;
    this.#words[slot] = a;
    this.#words[slot + 1] = b;
    this.size += 1;
  }

  clear(): void {
    this.#words.fill(0);
    this.size = 0;
    this.latest.clear();
  }

  /** Place of the pair, or the empty place where it belongs. `b` is never 0: that marks an empty place. */
  #slot(a: number, b: number): number {
    const words = this.#words;
    let slot = (a * 2) & (words.length - 1);
    while (words[slot + 1] !== 0 && !(words[slot] === a && words[slot + 1] === b)) slot = (slot + 2) & (words.length - 1);
    return slot;
  }
}

const pair: [number, number] = [0, 0];

/** Two rounds of 32-bit mixing over all 16 bytes: some clients count their ids up instead of drawing them. */
function hash(projectId: number, id: Uint8Array): [number, number] {
  let a = Math.imul(projectId, 0x9e3779b1) | 0;
  let b = ~a;
  for (let i = 0; i < 16; i += 4) {
    const word = id[i]! | (id[i + 1]! << 8) | (id[i + 2]! << 16) | (id[i + 3]! << 24) | 0;
    a = mix(a ^ word, 0x85ebca6b);
    b = mix((b + word) | 0, 0xc2b2ae35);
  }
  pair[0] = mix(a, 0x27d4eb2f) >>> 0;
  pair[1] = mix(b ^ a, 0x165667b1) >>> 0 || 1;
  return pair;
}

function mix(value: number, factor: number): number {
  const x = Math.imul(value ^ (value >>> 15), factor);
  return x ^ (x >>> 13);
}
