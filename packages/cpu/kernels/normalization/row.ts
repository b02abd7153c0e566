/** Walking one row of float32 after another in vectors: for softmax and its kin. */
import type { Value } from "../../lower/machine.ts";
import { Interleaved } from "../../lower/interleaved.ts";
import { HostImports } from "../../lower/host_imports.ts";
import { WasmMachine } from "../../lower/wasm_machine.ts";
import type { KernelContext } from "../../kernel.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import type { Check } from "../../plan/plan.ts";
import { call, pieces } from "../../threads/task.ts";
import type { Code, Local, ModuleBuilder } from "../../targets/wasm/assembler.ts";

/** Rows up to this length are straight-line code of their own. */
const STRAIGHT = 32;

/** Vectors that are worked on at once, so that none waits for the result of the one before. */
const SLOTS = 4;

/** A vector of a row, or several neighboring ones. */
export interface Place {
  /** The elements here of the row that begins at `pointer`; lanes beyond a short row are 0. */
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
  readonly machine: Interleaved;
  readonly #inner: WasmMachine;
  readonly #n: Local;
  readonly #length: number | undefined;
  readonly #tailFirst: Local;
  readonly #fresh: Local;

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
    this.push(other).get(this.#fresh).op("v128.bitselect");
    return this.keep();
  }

  /** Runs `body` for all whole vectors, several at once. */
  each(body: (place: Place) => void): void {
    const { code } = this;
    if (this.#length !== undefined) {
      const vectors = this.#length >> 2;
      for (let i = 0; i < vectors; i += SLOTS) {
        this.#several(Math.min(SLOTS, vectors - i), () => body(this.#place(undefined, 16 * i)));
      }
      return;
    }
    const at = code.local("i32"), left = code.local("i32");
    code.i32(0).set(at);
    for (const slots of [SLOTS, 1]) {
      // Whole vectors in groups, then those that are left of them.
      code.get(this.#n).i32(2).op("i32.shr_u").i32(SLOTS).op(slots > 1 ? "i32.div_u" : "i32.rem_u").set(left);
      code.repeat(left, () => {
        this.#several(slots, () => body(this.#place(at, 0)));
        code.increase(at, 16 * slots);
      });
    }
  }

  #several(copies: number, body: () => void): void {
    this.machine.copies = copies;
    this.scope(body);
    this.machine.copies = 1;
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
    return {
      load: (pointer) =>
        machine.join(copies.map((copy) => {
          address(pointer);
          code.memory("v128.load", offset + 16 * copy, 2);
          return this.#inner.keep();
        })),
      store: (pointer, value) => {
        for (const copy of copies) {
          address(pointer);
          code.get(machine.vector(value, copy)).memory("v128.store", offset + 16 * copy, 2);
        }
      },
    };
  }

  /** Vectors that change, for {@linkcode Row.take}. */
  variables(start: Value): Value {
    const locals = this.code.locals("v128", SLOTS);
    for (const local of locals) this.push(start).set(local);
    return this.machine.join(locals);
  }

  /** Takes in `value`. */
  take(op: "add" | "atLeast", variables: Value, value: Value): void {
    for (let copy = 0; copy < this.machine.copies; copy++) {
      const local = this.machine.vector(variables, copy);
      this.#inner.into(local, op, local, this.machine.vector(value, copy));
    }
  }

  /** Vectors that changed and their lanes brought together, in all lanes. */
  across(op: "add" | "atLeast", variables: Value): Value {
    const { code } = this;
    const t = this.#inner;
    const [a, b, c, d] = [0, 1, 2, 3].map((copy) => this.machine.vector(variables, copy)) as [
      Local,
      Local,
      Local,
      Local,
    ];
    let result = t.emit(op, t.emit(op, a, b), t.emit(op, c, d));
    for (const by of [2, 1]) {
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => n ^ by) as [number, number, number, number];
      code.get(result).get(result).shuffle32(a, b, c, d);
      result = t.emit(op, result, t.keep());
    }
    return this.machine.join([result]);
  }

  /** A number per row, in all lanes. */
  splat(pointer: Local): Value {
    this.code.get(pointer).memory("v128.load32_splat");
    return this.keep();
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
    row.scope(() => body(row, pointers, status));
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

/** What `emitRows` made, and how its operands move. */
export interface RowRun {
  readonly run: WasmFunction;
  readonly paces: readonly Pace[];
  /** Nanoseconds for each element. */
  readonly cost: number;
}

/** Runs it on `rows` rows of `n` elements, by several threads if there are so many. */
export function runRows(
  context: KernelContext,
  { run, paces, cost }: RowRun,
  rows: number,
  n: number,
  pointers: readonly number[],
  check?: Check,
): void {
  const nanoseconds = rows * n * cost, parts = context.parts(nanoseconds);
  if (parts === 1) return context.once(call(run, rows, n, ...pointers), check);
  const bytes = paces.map((pace) => pace === "row" ? 4 * n : pace === "element" ? 4 : 0);
  const tasks = pieces(rows, parts).map(({ start, size }) => [
    call(run, size, n, ...pointers.map((pointer, i) => pointer + start * bytes[i]!)),
  ]);
  context.run(tasks, nanoseconds, check);
}
