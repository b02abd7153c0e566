/** The innermost loop of elementwise kernels. */
import type { Leaf } from "@troodon/core";
import { bytesOf, lower } from "@troodon/core/kernel";
import { pushRamp } from "../../lower/halves.ts";
import { Interleaved } from "../../lower/interleaved.ts";
import { store } from "../../lower/lanes.ts";
import { canMask, indicesOf, Leaves } from "../../lower/leaves.ts";
import type { Value } from "../../lower/machine.ts";
import { Nest } from "../../lower/nest.ts";
import type { WasmMachine } from "../../lower/wasm_machine.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { isCheap } from "./duration.ts";
import { layoutOf, type MapSpec } from "./map_spec.ts";

/**
 * Programs of more steps than this work on two vectors at once, others on four: long code takes long to compile. Functions
 * of many instructions on four wide vectors have more values than a processor has registers.
 */
const LONG = 20;

/** Emits elements of a map: adjacent vectors of one line, or one vector in each of several lines. */
export class MapLines {
  readonly code: Code;
  readonly machine: WasmMachine;
  readonly spec: MapSpec;
  readonly nest: Nest;
  readonly vectors: Interleaved;
  readonly lowering: lower.Lowering;
  readonly #leaves: Leaves;
  readonly #strides: readonly Local[];
  readonly #widths: readonly number[];
  readonly #masked: boolean;
  /** Pointers of each vector if they lie in different lines. */
  #lines: readonly (readonly Local[])[] | undefined;
  #turned: ReadonlyMap<number, Value> = new Map();

  /** Emits to `code`, which takes the address of a parameter block. */
  constructor(code: Code, machine: WasmMachine, spec: MapSpec) {
    const { body: { program, outputs }, compute, operands, inputs, levels } = spec;
    this.code = code;
    this.machine = machine;
    this.spec = spec;
    const layout = layoutOf(spec), nest = new Nest(code, layout, operands.length), { lanes } = machine;
    this.nest = nest;
    this.#strides = operands.map((_, t) => nest.stride(levels - 1, t));
    const { element, axes } = indicesOf(program), first = inputs + outputs.length;
    const index = (axis: number | "element"): number =>
      axis === "element" ? first : first + Number(element) + axes.indexOf(axis);
    const lane = (axis: number | "element") => operands[index(axis)]!.lane;
    const leaves = new Leaves(code, machine, layout, operands, index, lane, this.#strides);
    this.#leaves = leaves;
    this.vectors = new Interleaved(machine);
    const emit = (leaf: Leaf): Value => this.#leaf(leaf);
    this.lowering = new lower.Lowering(program, compute, this.vectors, emit, (leaf) => leaves.varies(leaf));
    this.lowering.emit(0);
    const long = program.steps.length > LONG || (code.vectorBytes === 32 && !isCheap(program));
    const unroll = long ? 2 : 4;
    this.#masked = canMask(code, compute, operands.slice(0, first));
    const rest = this.#masked ? [] : code.vectorBytes === 32 ? [lanes / 2, 1] : [1];
    this.#widths = [unroll * lanes, lanes, ...rest];
  }

  #leaf(leaf: Leaf): Value {
    const turned = leaf.kind === "input" ? this.#turned.get(leaf.index) : undefined;
    if (turned !== undefined) return turned;
    const leaves = this.#leaves, { copies } = this.vectors;
    return this.vectors.join(Array.from({ length: copies }, (_, copy) => {
      if (this.#lines === undefined) leaves.skip = copy * this.machine.lanes;
      else leaves.pointers = this.#lines[copy]!;
      return leaves.emit(leaf);
    }));
  }

  /** Emits a line of `left` elements; moves the pointers. */
  emit(pointers: readonly Local[], left: Local): void {
    const { code, vectors, lowering } = this, { lanes } = this.machine, leaves = this.#leaves;
    leaves.pointers = pointers;
    this.scope(() => {
      lowering.emit(1);
      for (const width of this.#widths) {
        code.block((exit) =>
          code.loop((again) => {
            code.get(left).i32(width).op("i32.lt_s").brIf(exit);
            leaves.lanes = Math.min(width, lanes);
            vectors.copies = Math.max(1, width / lanes);
            this.scope(() => this.#elements());
            vectors.copies = 1;
            this.move(pointers, width);
            code.increase(left, -width).br(again);
          })
        );
      }
      if (this.#masked) {
        code.get(left).i32(0).op("i32.gt_s").if(() => {
          leaves.lanes = lanes;
          leaves.mask = code.local("v128");
          pushRamp(code, lanes).get(left).op("i32x4.splat", "i32x4.lt_s").set(leaves.mask);
          this.scope(() => this.#elements());
          leaves.mask = undefined;
        });
      }
    });
  }

  /** Sets the pointers of vectors in several lines for the code that `body` emits. */
  inLines(lines: readonly (readonly Local[])[], body: () => void): void {
    this.#lines = lines;
    this.#leaves.lanes = this.machine.lanes;
    this.#leaves.skip = 0;
    this.vectors.copies = lines.length;
    this.scope(body);
    this.vectors.copies = 1;
    this.#lines = undefined;
  }

  /** Emits one vector in each line; `turned` are the values of inputs that are loaded already. */
  acrossLines(turned: ReadonlyMap<number, Value>): void {
    this.#turned = turned;
    this.scope(() => this.#elements());
    this.#turned = new Map();
  }

  /** Runs `body`, then forgets the values that it computed. */
  scope(body: () => void): void {
    this.machine.scope(() => this.lowering.scope(body));
  }

  /** Moves pointers by `elements` elements along a line, except those of the operands in `except`. */
  move(pointers: readonly Local[], elements: number, except: readonly number[] = []): void {
    const { code } = this;
    this.spec.operands.forEach(({ dtype, lane }, t) => {
      if (except.includes(t)) return;
      const pointer = pointers[t]!;
      if (lane === "dense") code.increase(pointer, elements * bytesOf(dtype));
      else if (lane === "strided") {
        code.get(pointer).get(this.#strides[t]!).i32(elements).op("i32.mul", "i32.add").set(pointer);
      }
    });
  }

  /** Returns the bytes from element to element of an operand along a line. */
  stride(operand: number): Local {
    return this.#strides[operand]!;
  }

  /** Stores last: an output may lie in the memory of an input. */
  #elements(): void {
    const { code, machine, vectors, lowering } = this, { body, operands, inputs } = this.spec;
    lowering.emit(2);
    const stored = body.outputs.map((_, o) => ({
      value: operands[inputs + o]!.dtype === "bool" ? 0 : lowering.output(o),
      mask: operands[inputs + o]!.dtype === "bool" ? lowering.outputMask(o) : 0,
    }));
    const leaves = this.#leaves;
    stored.forEach(({ value, mask }, o) => {
      for (let copy = 0; copy < vectors.copies; copy++) {
        if (this.#lines !== undefined) leaves.pointers = this.#lines[copy]!;
        const operand = leaves.operand(inputs + o, operands[inputs + o]!);
        const vector = vectors.vector(operand.dtype === "bool" ? mask : value, copy);
        const skip = this.#lines === undefined ? copy * machine.lanes : 0;
        store(code, machine, operand, leaves.lanes, skip, vector, () => vector);
      }
    });
  }
}
