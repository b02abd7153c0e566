/** Code shared by row-wise and column-wise reductions. */
import type { Body, ComputeType, ReduceOp } from "@troodon/core";
import { bytesOf, lower } from "@troodon/core/kernel";
import { store } from "../../lower/lanes.ts";
import { indicesOf, Leaves, type OperandSpec } from "../../lower/leaves.ts";
import type { Value } from "../../lower/machine.ts";
import { Nest } from "../../lower/nest.ts";
import type { Parameters } from "../../lower/parameters.ts";
import type { WasmMachine } from "../../lower/wasm_machine.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import type { Accumulator } from "./accumulator.ts";

/** Key of the generated code of a reduction. Operands: inputs, the output, then positions. */
export interface ReduceSpec {
  readonly op: ReduceOp;
  readonly body: Body;
  readonly post: Body | undefined;
  readonly compute: ComputeType;
  /** Whether a vector holds several results. */
  readonly columns: boolean;
  /** Whether columns are so many and long that they are taken some rows at a time, with their sums in memory. */
  readonly blocked: boolean;
  /** Whether sums of float32 are stored as the float64 that they are kept in. */
  readonly wide: boolean;
  readonly operands: readonly OperandSpec[];
  readonly inputs: number;
  /** Loops over results. */
  readonly outer: number;
  /** Loops over what is brought together. */
  readonly inner: number;
  readonly layout: Parameters;
}

/** A reduction being emitted: what rows and columns share. */
export class Reduction {
  readonly code: Code;
  readonly machine: WasmMachine;
  readonly spec: ReduceSpec;
  readonly nest: Nest;
  readonly leaves: Leaves;
  readonly lowering: lower.Lowering;
  readonly post: lower.Lowering | undefined;
  readonly #strides: readonly Local[];
  #result: Value = 0;

  /** Emits to `code`. */
  constructor(code: Code, machine: WasmMachine, spec: ReduceSpec) {
    const { body, post, compute, operands, layout, inputs } = spec;
    this.code = code;
    this.machine = machine;
    this.spec = spec;
    this.nest = new Nest(code, layout, operands.length);
    const along = spec.columns ? spec.outer - 1 : spec.outer + spec.inner - 1;
    this.#strides = operands.map((_, t) => this.nest.stride(along, t));
    const { axes } = indicesOf(body.program);
    const index = (axis: number | "element"): number => inputs + 1 + axes.indexOf(axis as number);
    const lane = (axis: number | "element") => operands[index(axis)]!.lane;
    const leaves = new Leaves(code, machine, layout, operands, index, lane, this.#strides);
    this.leaves = leaves;
    this.lowering = new lower.Lowering(
      body.program,
      compute,
      machine,
      (leaf) => leaves.emit(leaf),
      (leaf) => leaves.varies(leaf),
    );
    this.post = post && new lower.Lowering(
      post.program,
      compute,
      machine,
      (leaf) => {
        if (leaf.kind === "input") return this.#result;
        const shifted = leaf.kind === "scalar" ? { ...leaf, index: leaf.index + body.hostScalarCount } : leaf;
        return leaves.emit(shifted);
      },
      (leaf) => leaf.kind === "input" ? 2 : 0,
    );
  }

  /** Emits the body's value at the current pointers. */
  element(lanes: number, skip: number, use: (value: Value) => void): void {
    this.leaves.lanes = lanes;
    this.leaves.skip = skip;
    this.machine.scope(() =>
      this.lowering.scope(() => {
        this.lowering.emit(2);
        use(this.lowering.output(0));
      })
    );
  }

  /** Applies what comes after to what the lanes of a vector hold, and stores. */
  finishColumn(accumulator: Accumulator, slot: number, lanes: number, skip: number): void {
    if (this.spec.wide) this.#storeWide(accumulator.columnWide(slot), lanes, skip);
    else this.#finish(accumulator.column(slot), lanes, skip);
  }

  /** Emits code that combines all vectors and lanes of the accumulator, and stores the result. */
  finishTotal(accumulator: Accumulator): void {
    if (this.spec.wide) this.#storeWide([accumulator.totalWide()], 1, 0);
    else this.#finish(accumulator.total(), 1, 0);
  }

  /** Stores float64. */
  #storeWide(vectors: readonly Local[], lanes: number, skip: number): void {
    const { inputs, operands } = this.spec;
    const { lane, pointer, stride } = this.leaves.operand(inputs, operands[inputs]!);
    const each = this.code.vectorBytes / 8;
    for (let i = 0; i < lanes; i++) {
      this.code.get(pointer);
      if (lane === "strided") this.code.get(stride).i32(skip + i).op("i32.mul", "i32.add");
      const offset = lane === "dense" ? 8 * (skip + i) : 0;
      this.code.get(vectors[Math.floor(i / each)]!).laneMemory("v128.store64_lane", i % each, offset);
    }
  }

  #finish(value: Value, lanes: number, skip: number): void {
    const { inputs, operands } = this.spec;
    const code = this.code;
    const machine = this.machine;
    const target = this.leaves.operand(inputs, operands[inputs]!);
    const put = (result: Value): void =>
      store(
        code,
        machine,
        target,
        lanes,
        skip,
        result,
        () => machine.emit("notEqual", result, machine.constant(0)),
      );
    machine.scope(() => {
      const post = this.post;
      if (post === undefined) return put(value);
      this.#result = value;
      post.scope(() => {
        post.emit(2);
        put(post.output(0));
      });
    });
  }

  /** Runs `body` for pieces of `left` if running sums must settle in between, else for all of it. */
  inTurns(left: Local, most: number, accumulator: Accumulator, body: (rest: Local) => void): void {
    const code = this.code;
    if (!accumulator.wide) return body(left);
    const rest = code.local("i32"), limit = code.local("i32");
    code.i32(most).set(limit);
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).op("i32.eqz").brIf(exit);
        code.get(left).get(limit).get(left).get(limit).op("i32.lt_u", "select").set(rest);
        code.get(left).get(rest).op("i32.sub").set(left);
        body(rest);
        code.br(again);
      })
    );
  }

  /** Repeats `body` while at least `width` are left. */
  while(left: Local, width: number, body: () => void): void {
    const code = this.code;
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).i32(width).op("i32.lt_s").brIf(exit);
        body();
        code.increase(left, -width).br(again);
      })
    );
  }

  /** Moves pointers `width` elements along the vectors' axis. */
  move(pointers: readonly Local[], width: number): void {
    const code = this.code;
    pointers.forEach((_, t) => {
      const { dtype, lane } = this.spec.operands[t]!;
      if (lane === "dense") code.increase(pointers[t]!, width * bytesOf(dtype));
      else if (lane === "strided") {
        code.get(pointers[t]!).get(this.#strides[t]!).i32(width).op("i32.mul", "i32.add").set(pointers[t]!);
      }
    });
  }
}
