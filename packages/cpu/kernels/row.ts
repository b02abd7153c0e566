/** Walking one row of float32 after another in vectors: for softmax and its kin. */
import type { Value } from "../lower/machine.ts";
import { HostImports, WasmMachine } from "../lower/wasm_machine.ts";
import type { Code, Local, ModuleBuilder } from "../wasm/assembler.ts";

/** Rows up to this length are straight-line code of their own. */
const STRAIGHT = 32;

/** Vectors that are worked on at once, so that none waits for the result of the one before. */
const SLOTS = 4;

/** Some vector of a row. */
export interface Place {
  /** The four elements of the row that begins at `pointer`; lanes beyond a short row are 0. */
  load(pointer: Local): Value;
  /** Writes them. */
  store(pointer: Local, value: Value): void;
}

/**
 * The vectors of a row whose length is not a multiple of four overlap: the last
 * four elements are one vector more, whose values are to be calculated before
 * any are stored. Rows below four elements are one such vector.
 */
export class Row {
  readonly code: Code;
  readonly machine: WasmMachine;
  readonly #n: Local;
  readonly #length: number | undefined;
  readonly #tailFirst: Local;
  readonly #fresh: Value;

  /** Rows of `n` elements, `length` of them if that is known. */
  constructor(code: Code, machine: WasmMachine, n: Local, length: number | undefined) {
    this.code = code;
    this.machine = machine;
    this.#n = n;
    this.#length = length;
    this.#tailFirst = code.local("i32");
    code.get(n).i32(4).op("i32.sub").i32(2).op("i32.shl").set(this.#tailFirst);
    this.#fresh = code.local("v128");
    if (length !== undefined && length < 4) {
      code.i32x4(0, 1, 2, 3).i32x4(length).op("i32x4.lt_s").set(this.#fresh);
    } else {
      // Of the last four elements, those that no whole vector holds.
      code.i32x4(0, 1, 2, 3).i32(4).get(n).i32(3).op("i32.and", "i32.sub", "i32x4.splat", "i32x4.ge_s");
      code.set(this.#fresh);
    }
  }

  /** Whether there is a vector that overlaps. */
  get hasTail(): boolean {
    return this.#length === undefined || this.#length % 4 !== 0;
  }

  /** `value` in the lanes that no other vector holds, else `other`. */
  fresh(value: Value, other: Value): Value {
    this.code.get(value).get(other).get(this.#fresh).op("v128.bitselect");
    return this.machine.keep();
  }

  /** Runs `body` for all whole vectors; neighbours have different slots, below {@linkcode SLOTS}. */
  each(body: (place: Place, slot: number) => void): void {
    const { code, machine } = this;
    if (this.#length !== undefined) {
      for (let i = 0; i + 4 <= this.#length; i += 4) {
        machine.scope(() => body(this.#place(undefined, 4 * i), i / 4 % SLOTS));
      }
      return;
    }
    const at = code.local("i32"), left = code.local("i32");
    code.i32(0).set(at);
    for (const slots of [SLOTS, 1]) {
      // Whole vectors in groups, then those that are left of them.
      code.get(this.#n).i32(2).op("i32.shr_u");
      if (slots > 1) code.i32(SLOTS).op("i32.div_u").set(left);
      else code.i32(SLOTS).op("i32.rem_u").set(left);
      code.repeat(left, () => {
        for (let slot = 0; slot < slots; slot++) machine.scope(() => body(this.#place(at, 16 * slot), slot));
        code.increase(at, 16 * slots);
      });
    }
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
        return vector;
      },
      store: (pointer, value) => {
        for (let i = 0; i < length; i++) {
          this.code.get(pointer).get(value).laneMemory("v128.store32_lane", i, 4 * i);
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
    return {
      load: (pointer) => {
        address(pointer);
        code.memory("v128.load", offset, 2);
        return machine.keep();
      },
      store: (pointer, value) => {
        address(pointer);
        code.get(value).memory("v128.store", offset, 2);
      },
    };
  }

  /** Vectors that change, one for each slot. */
  variables(start: Value): Local[] {
    const locals = this.code.locals("v128", SLOTS);
    for (const local of locals) this.code.get(start).set(local);
    return locals;
  }

  /** Vectors and their lanes brought together, in all lanes. */
  across(op: "add" | "atLeast", vectors: readonly Value[]): Value {
    const { code, machine } = this;
    const [a, b, c, d] = vectors as [Value, Value, Value, Value];
    let result = machine.emit(op, machine.emit(op, a, b), machine.emit(op, c, d));
    for (const by of [2, 1]) {
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => n ^ by) as [number, number, number, number];
      code.get(result).get(result).shuffle32(a, b, c, d);
      result = machine.emit(op, result, machine.keep());
    }
    return result;
  }

  /** A number per row, in all lanes. */
  splat(pointer: Local): Value {
    this.code.get(pointer).memory("v128.load32_splat");
    return this.machine.keep();
  }
}

/** How far an operand moves from row to row: a whole row, one element, or not at all. */
export type Pace = "row" | "element" | "still";

/**
 * Emits "run(rows, n, pointers...)": `body` for each row, with the operands'
 * pointers there. The code's function may return an integer, left in `status`.
 */
export function emitRows(
  module: ModuleBuilder,
  length: number | undefined,
  paces: readonly Pace[],
  body: (row: Row, pointers: readonly Local[], status: Local) => void,
): void {
  const imports = new HostImports(module, [], "float32");
  const params = new Array<"i32">(2 + paces.length).fill("i32");
  const code = module.function({ params, results: ["i32"], export: "run" });
  const status = code.local("i32"), bytes = code.local("i32");
  code.get(1).i32(2).op("i32.shl").set(bytes);
  const machine = new WasmMachine(code, "float32", imports);
  const row = new Row(code, machine, 1, length);
  const pointers = paces.map((_, i) => 2 + i);
  code.repeat(0, () => {
    machine.scope(() => body(row, pointers, status));
    paces.forEach((pace, i) => {
      if (pace === "row") code.advance(2 + i, bytes);
      else if (pace === "element") code.increase(2 + i, 4);
    });
  });
  code.get(status);
}

/** The length that code is specialised for, if any. */
export function specialLength(n: number): number | undefined {
  return n <= STRAIGHT ? n : undefined;
}
