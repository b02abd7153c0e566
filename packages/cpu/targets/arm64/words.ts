/** Words of AArch64 machine code, with labels, followed by a pool of constants. */
import { type Condition, CONDITIONS } from "./general_instructions.ts";

/** A place in the code to branch to. */
export class Label {
  /** Index of the labeled word; -1 until the label is placed. */
  at = -1;
}

/** Fields that hold a distance: the first bit, and the number of bits. */
const FIELDS = { branch: [0, 26], conditional: [5, 19], literal: [5, 19] } as const;

interface Reference {
  readonly at: number;
  readonly kind: keyof typeof FIELDS;
  readonly target: Label | number;
}

/** Code of instructions with four bytes each; constants of 16 bytes follow. */
export class Words {
  #words = new Uint32Array(1024);
  #length = 0;
  readonly #references: Reference[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #known = new Map<string, number>();

  /** Number of words so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends an instruction. */
  word(bits: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length++] = bits;
  }

  /** Places a label here. */
  bind(label: Label): void {
    label.at = this.#length;
  }

  /** Appends a branch. */
  branch(label: Label): void {
    this.#refer("branch", label);
    this.word(0x14000000);
  }

  /** Appends a branch that is taken if the condition holds. */
  branchIf(condition: Condition, label: Label): void {
    this.#refer("conditional", label);
    this.word(0x54000000 | CONDITIONS[condition]);
  }

  /** Appends a branch that is taken if a register of 32 bits is zero, or if it is not. */
  branchZero(name: "cbz" | "cbnz", register: number, label: Label): void {
    this.#refer("conditional", label);
    this.word((name === "cbz" ? 0x34000000 : 0x35000000) | register);
  }

  /** Appends a call. */
  callLabel(label: Label): void {
    this.#refer("branch", label);
    this.word(0x94000000);
  }

  /** Appends the return to the caller. */
  ret(): void {
    this.word(0xd65f03c0);
  }

  /** Appends a load of a constant of 16 bytes; equal constants are kept once. */
  loadConstant(to: number, bytes: Uint8Array): void {
    const key = String(bytes);
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#constants.push(bytes) - 1;
      this.#known.set(key, index);
    }
    this.#refer("literal", index);
    this.word(0x9c000000 | to);
  }

  /**
   * Returns the finished code, followed by its constants.
   *
   * @throws {RangeError} If a label was never placed, or lies too far away.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const first = Math.ceil(this.#length / 4) * 4;
    const all = new Uint32Array(first + 4 * this.#constants.length);
    all.set(this.#words.subarray(0, this.#length));
    for (const { at, kind, target } of this.#references) {
      const to = typeof target === "number" ? first + 4 * target : target.at;
      const [shift, bits] = FIELDS[kind], distance = to - at, limit = 2 ** (bits - 1);
      if (to < 0 || distance < -limit || distance >= limit) {
        throw new RangeError(`Cannot finish code as a branch must reach its label: ${distance} words away`);
      }
      all[at]! |= (distance & 2 ** bits - 1) << shift;
    }
    const bytes = new Uint8Array(all.buffer);
    this.#constants.forEach((constant, i) => bytes.set(constant, 4 * first + 16 * i));
    return bytes;
  }

  #refer(kind: keyof typeof FIELDS, target: Label | number): void {
    this.#references.push({ at: this.#length, kind, target });
  }
}
