/** Several vectors at once. */
import type { ComputeType, ScalarFunction } from "@troodon/core";
import type { Machine, MachineOp, Value } from "./machine.ts";
import { own } from "./own.ts";

/**
 * A machine on which each value is one vector or several, side by side. Each
 * instruction is given for all of them before the next: a constant that does
 * not stay in a register is then loaded once for all.
 */
export class Interleaved implements Machine {
  /** How many vectors values have from now on. */
  copies = 1;
  readonly #inner: Machine;
  readonly #root: Interleaved;
  readonly #values: Value[][];
  #wide: Interleaved | undefined;

  /** Vectors of `inner`. */
  constructor(inner: Machine, root?: Interleaved) {
    this.#inner = inner;
    this.#root = root ?? this;
    this.#values = root === undefined ? [] : root.#values;
  }

  /** See {@linkcode Machine}. */
  get compute(): ComputeType {
    return this.#inner.compute;
  }

  /** See {@linkcode Machine}. */
  get wide(): Interleaved {
    return this.#wide ??= new Interleaved(this.#inner.wide, this.#root);
  }

  /** The value that has these vectors. */
  join(vectors: Value[]): Value {
    return this.#values.push(vectors) - 1;
  }

  /** Vector `copy` of a value. */
  vector(value: Value, copy: number): Value {
    const vectors = this.#values[value]!;
    return vectors[copy] ?? vectors[0]!;
  }

  /** See {@linkcode Machine}. */
  constant(value: number): Value {
    return this.join([this.#inner.constant(value)]);
  }

  /** See {@linkcode Machine}. */
  word(bits: number): Value {
    return this.join([this.#inner.word(bits)]);
  }

  /** See {@linkcode Machine}. */
  emit(op: MachineOp, ...operands: Value[]): Value {
    return this.#all(operands, (vectors) => this.#inner.emit(op, ...vectors));
  }

  /** See {@linkcode Machine}. */
  shift(value: Value, by: number): Value {
    return this.#all([value], ([vector]) => this.#inner.shift(vector!, by));
  }

  /** See {@linkcode Machine}. */
  own(fn: ScalarFunction, args: readonly Value[]): Value {
    return own(this, fn, args);
  }

  /** See {@linkcode Machine}. */
  host(fn: ScalarFunction, args: readonly Value[]): Value {
    return this.#all(args, (vectors) => this.#inner.host(fn, vectors));
  }

  /** See {@linkcode Machine}. */
  repair(mask: Value, value: Value, fn: ScalarFunction, args: readonly Value[]): Value {
    return this.#all([mask, value, ...args], ([m, v, ...rest]) => this.#inner.repair(m!, v!, fn, rest));
  }

  #all(operands: readonly Value[], compute: (vectors: Value[]) => Value): Value {
    const vectors: Value[] = [];
    for (let copy = 0; copy < this.#root.copies; copy++) {
      vectors.push(compute(operands.map((value) => this.vector(value, copy))));
    }
    return this.join(vectors);
  }
}
