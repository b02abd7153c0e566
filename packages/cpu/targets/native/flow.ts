/** The intermediate form of a function: a list of operations on virtual registers. */
import { type I32, I64, NOP } from "./operation.ts";

/**
 * Number of words of an instruction: operation, result register, up to three operand registers, address register,
 * address offset, immediate, and label of the jump. Missing registers are -1.
 */
export const WORDS = 9;
/** Indices of these words. */
export const OP = 0, TO = 1, A = 2, B = 3, C = 4, ADDRESS = 5, OFFSET = 6, EXTRA = 7, TARGET = 8;

/** Marks a second operand that is in memory, at the address of the instruction. */
export const FROM_MEMORY = -2;

/** A flag in {@linkcode EXTRA} of branches: they are taken if the comparison does not hold. */
export const NEGATED = 0x10000;

/** A constant: the value of an integer of 32 bits, or the bytes of anything else. */
export interface Constant {
  readonly type: number;
  readonly value: number;
  readonly bytes: Uint8Array;
}

/** A loop: its first and last instruction, and its nesting depth. */
export interface Loop {
  readonly depth: number;
  readonly start: number;
  end: number;
  /** True if the condition is repeated at the loop's end; the loop then begins with the label after the first test. */
  rotated: boolean;
}

const NO_BYTES = new Uint8Array();

/** Operations of one function. */
export class Flow {
  /** Instructions, {@linkcode WORDS} words each. */
  words: Int32Array = new Int32Array(WORDS * 64);
  /** Number of instructions. */
  count = 0;
  /** Types of virtual registers. */
  readonly types: number[] = [];
  /** Constants by virtual register; registers without one have none. */
  readonly constants: (Constant | undefined)[] = [];
  readonly loops: Loop[] = [];
  /** Masks of shuffles by {@linkcode EXTRA}. */
  readonly shuffles: Uint8Array[] = [];
  /** Number of labels. */
  labels = 0;
  /** Number of parameters, which are the first virtual registers. */
  parameters = 0;
  /** Number of locals, parameters included. */
  locals = 0;
  /** Type of the result, or -1. */
  result = -1;
  /** The most bytes of arguments of a call. */
  argumentBytes = 0;
  /** Functions that this function calls. */
  readonly calls: Set<number> = new Set();
  readonly #known: number[] = [];

  /** Makes a virtual register. */
  register(type: number): number {
    return this.types.push(type) - 1;
  }

  /** Returns the virtual register of a constant integer. */
  integer(type: typeof I32 | typeof I64, value: number | bigint): number {
    const bytes = type === I64 ? new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) : NO_BYTES;
    return this.constant(type, bytes, Number(value));
  }

  /** Returns the virtual register of a constant; equal constants share it. */
  constant(type: number, bytes: Uint8Array, value = 0): number {
    for (const v of this.#known) {
      const known = this.constants[v]!;
      if (known.type !== type || known.value !== value || known.bytes.length !== bytes.length) continue;
      if (bytes.every((byte, i) => byte === known.bytes[i])) return v;
    }
    const register = this.register(type);
    this.constants[register] = { type, value, bytes };
    this.#known.push(register);
    return register;
  }

  /** Appends an instruction and returns the index of its first word. */
  append(op: number, to = -1, a = -1, b = -1, c = -1): number {
    const at = this.count++ * WORDS;
    if (at + WORDS > this.words.length) {
      const grown = new Int32Array(2 * this.words.length);
      grown.set(this.words);
      this.words = grown;
    }
    const { words } = this;
    words[at + OP] = op;
    words[at + TO] = to;
    words[at + A] = a;
    words[at + B] = b;
    words[at + C] = c;
    words[at + ADDRESS] = -1;
    words[at + OFFSET] = 0;
    words[at + EXTRA] = 0;
    words[at + TARGET] = -1;
    return at;
  }

  /** Appends a copy of instruction `i` and returns the index of its first word. */
  repeat(i: number): number {
    const at = this.append(NOP);
    this.words.copyWithin(at, i * WORDS, (i + 1) * WORDS);
    return at;
  }

  /** Sets a word of the instruction at a place that `append` returned. */
  set(at: number, word: number, value: number): void {
    this.words[at + word] = value;
  }
}
