/** Encodes x86-64 instructions, with labels, followed by a pool of constants. */

import { NOPS } from "./nops.ts";

/** General registers with a fixed role. */
export const RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7;
/** Register that holds the address of the WebAssembly memory in all emitted code. */
export const BASE = 15;

/** Values that replace a register: memory at {@linkcode Assembler.at}, or a constant of the pool. */
export const MEMORY = 16, POOL = 17;

/** Conditions of jumps, moves and sets. */
export const OVERFLOW = 0,
  NO_OVERFLOW = 1,
  BELOW = 2,
  ABOVE_EQUAL = 3,
  EQUAL = 4,
  NOT_EQUAL = 5,
  BELOW_EQUAL = 6;
/** More conditions: unsigned, parity (unordered floats), and signed ones. */
export const ABOVE = 7,
  PARITY = 10,
  NO_PARITY = 11,
  LESS = 12,
  GREATER_EQUAL = 13,
  LESS_EQUAL = 14,
  GREATER = 15;

/** Arithmetic of two operands: the extension of the immediate form's opcode. */
export const ADD = 0, OR = 1, AND = 4, SUB = 5, XOR = 6, CMP = 7;

/** Position of a label that is not bound yet. */
const UNBOUND = -1;

/** Machine code, appended in order. */
export class Assembler {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #base = 0;
  #index = -1;
  #offset = 0;
  #constant = 0;
  readonly #labels: number[] = [];
  /** Pairs of a position and the label whose distance belongs there. */
  readonly #uses: number[] = [];
  readonly #pool: Uint8Array[] = [];
  /** Pairs of a position and the constant whose distance belongs there. */
  readonly #poolUses: number[] = [];

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Makes a label. */
  label(): number {
    return this.#labels.push(UNBOUND) - 1;
  }

  /** Places a label here. */
  bind(label: number): void {
    this.#labels[label] = this.#length;
  }

  /** Selects memory at a register plus another one plus an offset for the next instruction. */
  at(base: number, index: number, offset: number): typeof MEMORY {
    this.#base = base;
    this.#index = index;
    this.#offset = offset;
    return MEMORY;
  }

  /** Selects a constant for the next instruction; equal ones share their bytes. */
  constant(bytes: Uint8Array): typeof POOL {
    const pool = this.#pool;
    let found = 0;
    while (found < pool.length && !sameBytes(pool[found]!, bytes)) found++;
    if (found === pool.length) pool.push(bytes);
    this.#constant = found;
    return POOL;
  }

  /** Appends bytes as they are. */
  raw(...bytes: number[]): void {
    for (const byte of bytes) this.#push(byte);
  }

  /** Jumps to a label. */
  jump(label: number): void {
    const back = this.#labels[label]!;
    if (back !== UNBOUND && back - (this.#length + 2) >= -128) {
      this.raw(0xeb, back - (this.#length + 2) & 255);
      return;
    }
    this.#push(0xe9);
    this.#reference(label);
  }

  /** Jumps to a label on a condition. */
  jumpIf(condition: number, label: number): void {
    const back = this.#labels[label]!;
    if (back !== UNBOUND && back - (this.#length + 2) >= -128) {
      this.raw(0x70 | condition, back - (this.#length + 2) & 255);
      return;
    }
    this.raw(0x0f, 0x80 | condition);
    this.#reference(label);
  }

  /** Calls a label. */
  call(label: number): void {
    this.#push(0xe8);
    this.#reference(label);
  }

  /** Appends an instruction with a register and a register or memory; opcodes above 255 have the prefix 0x0f. */
  integer(opcode: number, register: number, rm: number, wide: boolean, immediate = 0): void {
    this.#rex(register, rm, wide, false);
    if (opcode > 0xffff) this.raw(opcode >> 16, opcode >> 8 & 255);
    else if (opcode > 255) this.#push(opcode >> 8);
    this.#push(opcode & 255);
    this.#place(register, rm, immediate);
  }

  /** Appends an instruction as `integer` does, with a mandatory prefix, and registers of 8 bits if `bytes` is set. */
  prefixed(prefix: number, opcode: number, register: number, rm: number, wide: boolean, bytes = false): void {
    if (prefix > 0) this.#push(prefix);
    this.#rex(register, rm, wide, bytes);
    if (opcode > 255) this.#push(opcode >> 8);
    this.#push(opcode & 255);
    this.#place(register, rm, 0);
  }

  /** register = register op rm. */
  arithmetic(op: number, register: number, rm: number, wide = false): void {
    this.integer(op << 3 | 3, register, rm, wide);
  }

  /** rm = rm op immediate. */
  arithmeticBy(op: number, rm: number, value: number, wide = false): void {
    const short = value >= -128 && value < 128;
    this.integer(short ? 0x83 : 0x81, op, rm, wide, short ? 1 : 4);
    if (short) this.#push(value & 255);
    else this.word(value);
  }

  /** Loads a register from a register or memory. */
  load(register: number, rm: number, wide = false): void {
    this.integer(0x8b, register, rm, wide);
  }

  /** Stores a register. */
  store(rm: number, register: number, wide = false): void {
    this.integer(0x89, register, rm, wide);
  }

  /** Sets a register to a constant of 32 bits, with zeros above. Keeps the flags. */
  set(register: number, value: number): void {
    if (register > 7) this.#push(0x41);
    this.#push(0xb8 | register & 7);
    this.word(value);
  }

  /** Sets a register to a constant of 64 bits. */
  set64(register: number, value: bigint): void {
    this.raw(0x48 | register >> 3, 0xb8 | register & 7);
    this.word(Number(BigInt.asIntN(32, value)));
    this.word(Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** Sets a register to the selected address. */
  address(register: number, rm: number, wide = false): void {
    this.integer(0x8d, register, rm, wide);
  }

  /**
   * Appends an instruction with a VEX prefix. `spec` holds the map in bits 16 to 19, the prefix in bits 12 and 13, W in
   * bit 11 and the opcode; see {@linkcode vex}. An immediate of one byte follows if it is not negative.
   */
  vector(spec: number, wide: boolean, register: number, second: number, rm: number, immediate = -1): void {
    const map = spec >> 16, memory = rm === MEMORY, w = spec >> 11 & 1;
    const b = memory ? this.#base : rm === POOL ? 0 : rm, x = memory && this.#index >= 0 ? this.#index : 0;
    const last = (~second & 15) << 3 | (wide ? 4 : 0) | spec >> 12 & 3;
    if (map === 1 && w === 0 && b < 8 && x < 8) {
      this.#push(0xc5);
      this.#push((register < 8 ? 0x80 : 0) | last);
    } else {
      this.#push(0xc4);
      this.#push((register < 8 ? 0x80 : 0) | (x < 8 ? 0x40 : 0) | (b < 8 ? 0x20 : 0) | map);
      this.#push(w << 7 | last);
    }
    this.#push(spec & 255);
    this.#place(register, rm, immediate >= 0 ? 1 : 0);
    if (immediate >= 0) this.#push(immediate);
  }

  /** Appends a word of 32 bits. */
  word(value: number): void {
    this.#push(value & 255);
    this.#push(value >> 8 & 255);
    this.#push(value >> 16 & 255);
    this.#push(value >> 24 & 255);
  }

  /** Returns the position of a label. */
  position(label: number): number {
    return this.#labels[label]!;
  }

  /**
   * Pads the code to a multiple of `to` bytes with instructions that do nothing, if that takes at most `most` bytes.
   */
  align(to: number, most: number): void {
    let missing = -this.#length & to - 1;
    if (missing > most) return;
    while (missing > 0) {
      const length = Math.min(missing, 9);
      this.raw(...NOPS[length]!);
      missing -= length;
    }
  }

  /** Returns the code, followed by its constants, each at a multiple of its size. */
  finish(): Uint8Array {
    const places: number[] = [];
    let end = this.#length;
    for (const bytes of this.#pool) {
      end = Math.ceil(end / bytes.length) * bytes.length;
      places.push(end);
      end += bytes.length;
    }
    const out = new Uint8Array(end), view = new DataView(out.buffer);
    out.set(this.#bytes.subarray(0, this.#length));
    this.#pool.forEach((bytes, i) => out.set(bytes, places[i]!));
    for (let i = 0; i < this.#uses.length; i += 2) {
      const at = this.#uses[i]!;
      view.setInt32(at, this.#labels[this.#uses[i + 1]!]! - (at + 4), true);
    }
    for (let i = 0; i < this.#poolUses.length; i += 2) {
      // The displacement holds the number of bytes that follow it in its instruction.
      const at = this.#poolUses[i]!;
      view.setInt32(at, places[this.#poolUses[i + 1]!]! - (at + 4) - view.getInt32(at, true), true);
    }
    return out;
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }

  #reference(label: number): void {
    this.#uses.push(this.#length, label);
    this.word(0);
  }

  #rex(register: number, rm: number, wide: boolean, bytes: boolean): void {
    const memory = rm === MEMORY;
    const b = memory ? this.#base : rm === POOL ? 0 : rm, x = memory && this.#index >= 0 ? this.#index : 0;
    const rex = 0x40 | (wide ? 8 : 0) | register >> 3 << 2 | x >> 3 << 1 | b >> 3;
    // Without a prefix, byte registers 4 to 7 are the second-lowest bytes of the first four registers.
    if (rex !== 0x40 || (bytes && (register > 3 || (rm < MEMORY && rm > 3)))) this.#push(rex);
  }

  /** Appends ModRM, SIB and displacement; `behind` is the number of bytes of the instruction after them. */
  #place(register: number, rm: number, behind: number): void {
    const r = (register & 7) << 3;
    if (rm < MEMORY) this.#push(0xc0 | r | rm & 7);
    else if (rm === POOL) {
      this.#push(r | 5);
      this.#poolUses.push(this.#length, this.#constant);
      this.word(behind);
    } else {
      const base = this.#base, index = this.#index, offset = this.#offset;
      const short = offset >= -128 && offset < 128;
      const mode = offset === 0 && (base & 7) !== 5 ? 0 : short ? 0x40 : 0x80;
      if (index < 0 && (base & 7) !== 4) this.#push(mode | r | base & 7);
      else {
        this.#push(mode | r | 4);
        this.#push(((index < 0 ? 4 : index) & 7) << 3 | base & 7);
      }
      if (mode === 0x40) this.#push(offset & 255);
      else if (mode === 0x80) this.word(offset);
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
