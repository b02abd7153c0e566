/** Loops over a row of float32 in vectors, for softmax and normalizations. */
import type { Value } from "../../lower/machine.ts";
import { pushRamp } from "../../lower/halves.ts";
import { Interleaved } from "../../lower/interleaved.ts";
import type { WasmMachine } from "../../lower/wasm_machine.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { laneSelect } from "../../targets/wasm/features.ts";

/**
 * Number of groups of four elements that are processed at once, so that none waits for the one before. Each group has
 * its own sum for any width of vectors, which fixes the order of additions.
 */
const SLOTS = 4;

/**
 * Use of vectors in a row: whole vectors, or the low half of each; `split` is a single vector of two groups, which are
 * added to one sum one after the other.
 */
type Fill = "whole" | "half" | "split";

/** A vector of a row, or several neighboring ones. */
export interface Place {
  /** The elements here of the row that begins at `pointer`; lanes beyond a short row are 0. */
  load(pointer: Local): Value;
  /** Writes them. */
  store(pointer: Local, value: Value): void;
}

/**
 * Groups of four elements, of which a vector has one or two. Those of a row whose length is not a multiple of four
 * overlap: the last four elements are one group more, whose values are to be calculated before
 * any are stored. Rows below four elements are one such vector.
 */
export class Row {
  readonly code: Code;
  readonly machine: Interleaved;
  readonly #inner: WasmMachine;
  readonly #n: Local;
  readonly #length: number | undefined;
  readonly #tailFirst: Local;
  readonly #fresh: Local;
  #fill: Fill = "half";
  #first = 0;

  /** Rows of `n` elements, `length` of them if that is known. */
  constructor(code: Code, machine: WasmMachine, n: Local, length: number | undefined) {
    this.code = code;
    this.machine = new Interleaved(machine);
    this.#inner = machine;
    this.#n = n;
    this.#length = length;
    this.#tailFirst = code.local("i32");
    code.get(n).i32(4).op("i32.sub").i32(2).op("i32.shl").set(this.#tailFirst);
    this.#fresh = code.local("v128");
    if (length !== undefined && length < 4) {
      pushRamp(code, 4, 4).i32x4(length).op("i32x4.lt_s").set(this.#fresh);
    } else {
      // Of the last four elements, those that no whole vector holds.
      pushRamp(code, 4, -1).i32(4).get(n).i32(3).op("i32.and", "i32.sub", "i32x4.splat", "i32x4.ge_s");
      code.set(this.#fresh);
    }
  }

  /** Whether there is a vector that overlaps. */
  get hasTail(): boolean {
    return this.#length === undefined || this.#length % 4 !== 0;
  }

  /** The vector on the stack. */
  keep(): Value {
    return this.machine.join([this.#inner.keep()]);
  }

  /** Pushes the first vector of a value. */
  push(value: Value): Code {
    return this.code.get(this.machine.vector(value, 0));
  }

  /** Forgets at its end what `body` computed. */
  scope(body: () => void): void {
    this.#inner.scope(body);
  }

  /** `value` in the lanes that no other vector holds, else `other`. */
  fresh(value: Value, other: Value): Value {
    this.push(value);
    this.push(other).get(this.#fresh).op(laneSelect());
    return this.keep();
  }

  /** Runs `body` for all whole groups of four elements, several at once. */
  each(body: (place: Place) => void): void {
    const { code } = this, wide = code.vectorBytes === 32;
    if (this.#length !== undefined) {
      const groups = this.#length >> 2;
      for (let i = 0; i < groups; i += SLOTS) {
        const count = Math.min(SLOTS, groups - i), whole = wide ? count >> 1 : count;
        if (whole > 0) this.#several(whole, "whole", 0, () => body(this.#place(undefined, 16 * i)));
        if (wide && count % 2 === 1) {
          this.#several(1, "half", whole, () => body(this.#place(undefined, 16 * (i + count - 1))));
        }
      }
      return;
    }
    const at = code.local("i32"), left = code.local("i32");
    const some = (bytes: number, copies: number, fill: Fill): void => {
      this.#several(copies, fill, 0, () => body(this.#place(at, 0)));
      code.increase(at, bytes);
    };
    code.i32(0).set(at).get(this.#n).i32(2).op("i32.shr_u").set(left);
    const groups = wide ? 2 * SLOTS : SLOTS;
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).i32(groups).op("i32.lt_u").brIf(exit);
        some(16 * groups, SLOTS, "whole");
        code.increase(left, -groups).br(again);
      })
    );
    if (wide) {
      code.get(left).i32(SLOTS).op("i32.ge_u").if(() => {
        some(16 * SLOTS, SLOTS / 2, "whole");
        code.increase(left, -SLOTS);
      });
      code.get(left).i32(2).op("i32.ge_u").if(() => {
        some(32, 1, "split");
        code.increase(left, -2);
      });
      code.get(left).if(() => some(16, 1, "half"));
    } else code.repeat(left, () => some(16, 1, "whole"));
  }

  #several(copies: number, fill: Fill, first: number, body: () => void): void {
    this.machine.copies = copies;
    this.#fill = fill;
    this.#first = first;
    this.scope(body);
    this.machine.copies = 1;
    this.#fill = "half";
    this.#first = 0;
  }

  /** The vector that overlaps. */
  get tail(): Place {
    const length = this.#length;
    if (length === undefined || length >= 4) return this.#place(this.#tailFirst, 0);
    return {
      load: (pointer) => {
        const vector = this.code.local("v128");
        this.code.i32x4(0).set(vector);
        for (let i = 0; i < length; i++) {
          this.code.get(pointer).get(vector).laneMemory("v128.load32_lane", i, 4 * i).set(vector);
        }
        return this.machine.join([vector]);
      },
      store: (pointer, value) => {
        for (let i = 0; i < length; i++) {
          this.code.get(pointer);
          this.push(value).laneMemory("v128.store32_lane", i, 4 * i);
        }
      },
    };
  }

  #place(at: Local | undefined, offset: number): Place {
    const { code, machine } = this;
    const address = (pointer: Local): void => {
      code.get(pointer);
      if (at !== undefined) code.get(at).op("i32.add");
    };
    const copies = Array.from({ length: machine.copies }, (_, copy) => copy);
    const half = this.#fill === "half" && code.vectorBytes === 32, bytes = code.vectorBytes;
    return {
      load: (pointer) =>
        machine.join(copies.map((copy) => {
          address(pointer);
          code.memory(half ? "half.load" : "v128.load", offset + bytes * copy, 2);
          return this.#inner.keep();
        })),
      store: (pointer, value) => {
        for (const copy of copies) {
          address(pointer);
          code.get(machine.vector(value, copy));
          code.memory(half ? "half.store" : "v128.store", offset + bytes * copy, 2);
        }
      },
    };
  }

  /** Number of vectors that {@linkcode Row.take} changes: short rows have fewer groups than slots. */
  get #taken(): number {
    const groups = Math.min(SLOTS, this.#length === undefined ? SLOTS : this.#length >> 2),
      bytes = this.code.vectorBytes;
    return Math.max(1, Math.ceil(groups * 16 / bytes));
  }

  /** Vectors that change, for {@linkcode Row.take}. */
  variables(start: Value): Value {
    const locals = this.code.locals("v128", this.#taken);
    for (const local of locals) this.push(start).set(local);
    return this.machine.join(locals);
  }

  /** Takes in `value`. */
  take(op: "add" | "atLeast", variables: Value, value: Value): void {
    const { code, machine } = this, wide = code.vectorBytes === 32;
    const into = (index: number, vector: Value): void => {
      const local = machine.vector(variables, index);
      this.#inner.into(local, op, local, vector);
    };
    if (wide && this.#fill !== "whole") {
      const vector = machine.vector(value, 0), none = this.#inner.constant(op === "add" ? 0 : -Infinity);
      code.get(vector).get(none).op("half.join");
      into(this.#first, this.#inner.keep());
      if (this.#fill === "half") return;
      code.get(vector).op("half.high").get(none).op("half.join");
      return into(this.#first, this.#inner.keep());
    }
    for (let copy = 0; copy < machine.copies; copy++) {
      into(wide ? copy % (SLOTS / 2) : copy, machine.vector(value, copy));
    }
  }

  /**
   * Vectors that changed and their lanes brought together, in all lanes. Those that a short row lacks would add zeros to a
   * sum that is not -0, or compare with the least number.
   */
  across(op: "add" | "atLeast", variables: Value): Value {
    const { code } = this, wide = code.vectorBytes === 32;
    const t = this.#inner, taken = this.#taken;
    const pair = (copy: number): Value => {
      const first = this.machine.vector(variables, copy);
      if (!wide) {
        return copy + 1 < taken ? t.emit(op, first, this.machine.vector(variables, copy + 1)) : first;
      }
      code.get(first).op("half.high");
      return t.emit(op, first, t.keep());
    };
    const second = wide ? 1 : 2;
    let result = second < taken ? t.emit(op, pair(0), pair(second)) : pair(0);
    for (const by of [2, 1]) {
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => n ^ by) as [number, number, number, number];
      code.get(result).get(result).shuffle32(a, b, c, d);
      result = t.emit(op, result, t.keep());
    }
    if (wide) {
      code.get(result).get(result).op("half.join");
      result = t.keep();
    }
    return this.machine.join([result]);
  }

  /** A number per row, in all lanes. */
  splat(pointer: Local): Value {
    this.code.get(pointer).memory("v128.load32_splat");
    return this.keep();
  }
}
