/** Loops over strided operands, as kernels walk them. */
import type { Code, Local } from "../targets/wasm/assembler.ts";
import type { Parameters } from "./parameters.ts";

/** The loops of a kernel, whose parameter 0 is its block's address. */
export class Nest {
  readonly #code: Code;
  readonly #layout: Parameters;
  readonly #operands: number;

  /** Loops over `operands` operands. */
  constructor(code: Code, layout: Parameters, operands: number) {
    this.#code = code;
    this.#layout = layout;
    this.#operands = operands;
  }

  /** The operands' pointers as the host gave them. */
  start(): Local[] {
    return Array.from({ length: this.#operands }, (_, t) => this.#load(this.#layout.pointer(t)));
  }

  /** The extent of a loop. */
  extent(level: number): Local {
    return this.#load(this.#layout.extent(level));
  }

  /** An operand's stride in a loop. */
  stride(level: number, operand: number): Local {
    return this.#load(this.#layout.stride(level, operand));
  }

  /** Copies of pointers, to be moved. */
  copy(pointers: readonly Local[]): Local[] {
    const locals = this.#code.locals("i32", pointers.length);
    pointers.forEach((p, t) => this.#code.get(p).set(locals[t]!));
    return locals;
  }

  /** Runs `body` for each position of a loop, with pointers that have moved along. */
  each(level: number, from: readonly Local[], body: (pointers: Local[]) => void): void {
    const code = this.#code;
    const pointers = this.copy(from);
    code.repeat(this.extent(level), () => {
      body(pointers);
      this.step(level, pointers);
    });
  }

  /** Moves pointers to the next position of a loop. */
  step(level: number, pointers: readonly Local[]): void {
    pointers.forEach((p, t) => {
      this.#code.get(p).get(0).memory("i32.load", this.#layout.stride(level, t)).op("i32.add").set(p);
    });
  }

  /** `each` for the loops `levels`, outermost first. */
  all(levels: readonly number[], from: readonly Local[], body: (pointers: Local[]) => void): void {
    const [level, ...rest] = levels;
    if (level === undefined) body([...from]);
    else this.each(level, from, (pointers) => this.all(rest, pointers, body));
  }

  #load(offset: number): Local {
    const local = this.#code.local("i32");
    this.#code.get(0).memory("i32.load", offset).set(local);
    return local;
  }
}
