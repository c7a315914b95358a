import { refusals } from '../refusal.ts';

/** Wire types of protobuf (https://protobuf.dev/programming-guides/encoding/#structure); groups are long gone and refused. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Reads one protobuf message in place: nothing is copied, no message is built, and whoever reads decides how deep he goes. A
 * value of another wire type than expected is passed over, as the encoding asks; damage is a refusal.
 *
 *     while (wire.next()) if (wire.field === 1) name = wire.text();
 */
export class Wire {
  /** Of the field that stands next. */
  field = 0;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #type = 0;
  /** The value of this field was read. */
  #taken = true;

  constructor(bytes: Buffer, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Goes to the next field, over the value of the last one if nobody took it. @throws IngestRefusal 400 */
  next(): boolean {
    if (!this.#taken) this.#skip();
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#type = tag % 8;
    if (this.field === 0 || this.field > 536_870_911) throw damaged('field number');
    this.#taken = false;
    return true;
  }

  /** Whole number without sign; exact to 2^53. 0 for another wire type. */
  number(): number {
    if (this.#type !== VARINT) return 0;
    this.#taken = true;
    return this.#varint();
  }

  /** `int64`, `int32`, enumerations and booleans: two's complement in 64 bits. Beyond 2^53 as text, as JSON has it. */
  integer(): number | string {
    if (this.#type !== VARINT) return 0;
    this.#taken = true;
    const from = this.#at;
    const near = this.#varint();
    if (near <= Number.MAX_SAFE_INTEGER) return near;
    let value = 0n;
    for (let i = from, shift = 0n; i < this.#at; i++, shift += 7n) value |= BigInt((this.#bytes[i] as number) & 0x7f) << shift;
    value = BigInt.asIntN(64, value);
    return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : String(value);
  }

  double(): number {
    const at = this.#fixed(FIXED64, 8);
    return at < 0 ? 0 : this.#bytes.readDoubleLE(at);
  }

  /** `fixed64` of nanoseconds → milliseconds, not rounded; undefined for 0 and for another wire type. */
  nanoseconds(): number | undefined {
    const at = this.#fixed(FIXED64, 8);
    if (at < 0) return undefined;
    const nanoseconds = this.#bytes.readUInt32LE(at + 4) * 4_294_967_296 + this.#bytes.readUInt32LE(at);
    return nanoseconds === 0 ? undefined : nanoseconds / 1e6;
  }

  text(): string {
    const [from, end] = this.#span();
    return this.#bytes.toString('utf8', from, end);
  }

  /** Not copied. */
  bytes(): Buffer {
    const [from, end] = this.#span();
    return this.#bytes.subarray(from, end);
  }

  message(): Wire {
    const [from, end] = this.#span();
    return new Wire(this.#bytes, from, end);
  }

  /** Of a field with bytes; an empty span for another wire type. */
  #span(): [from: number, end: number] {
    if (this.#type !== BYTES) return [this.#at, this.#at];
    this.#taken = true;
    const length = this.#varint();
    const from = this.#at;
    if (length > this.#end - from) throw damaged('length');
    this.#at = from + length;
    return [from, this.#at];
  }

  #fixed(type: number, size: number): number {
    if (this.#type !== type) return -1;
    this.#taken = true;
    const at = this.#at;
    if (size > this.#end - at) throw damaged('length');
    this.#at = at + size;
    return at;
  }

  #skip(): void {
    if (this.#type === VARINT) this.number();
    else if (this.#type === BYTES) this.#span();
    else if (this.#type === FIXED64) this.#fixed(FIXED64, 8);
    else if (this.#type === FIXED32) this.#fixed(FIXED32, 4);
    else throw damaged('wire type');
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      if (this.#at >= this.#end) throw damaged('number');
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw damaged('number');
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MIN_SAFE = -MAX_SAFE;

function damaged(what: string) {
  return refusals.protobuf(what);
}
