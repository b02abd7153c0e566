/** The leaves of a program in a kernel: operands, numbers of the call, positions and chance. */
import type { ComputeType, DType, Leaf, Program } from "@troodon/core";
import { bytesOf, type lower } from "@troodon/core/kernel";
import type { Code, Local } from "../targets/wasm/assembler.ts";
import { type Lane, load, type Operand } from "./lanes.ts";
import type { Value } from "./machine.ts";
import type { Parameters } from "./parameters.ts";
import { philoxWords } from "./philox.ts";
import type { WasmMachine } from "./wasm_machine.ts";

/** What a kernel's code depends on besides its program: type and lane of each operand. */
export interface OperandSpec {
  readonly dtype: DType;
  readonly lane: Lane;
}

/** Operands that are not tensors: the element's number, and its positions. */
export interface IndexSpec {
  readonly element: Lane | undefined;
  readonly coordinates: ReadonlyMap<number, Lane>;
}

/** Which positions a program asks for. */
export function indicesOf({ steps }: Program): { element: boolean; axes: number[] } {
  const axes = new Set<number>();
  for (const step of steps) if (step.kind === "coordinate") axes.add(step.axis);
  return { element: steps.some((s) => s.kind === "random"), axes: [...axes].sort((a, b) => a - b) };
}

/** Emits leaves at a place in a row. */
export class Leaves {
  readonly #code: Code;
  readonly #machine: WasmMachine;
  readonly #layout: Parameters;
  readonly #inputs: readonly OperandSpec[];
  readonly #index: (axis: number | "element") => number;
  readonly #indexLane: (axis: number | "element") => Lane;
  readonly #strides: readonly Local[];
  /** Pointers of all operands, to be set before leaves are emitted. */
  pointers: readonly Local[] = [];
  /** How many elements are loaded. */
  lanes = 1;
  /** How many elements on from the pointers. */
  skip = 0;
  /** Mask of the lanes to load from dense operands of 32 bits; all if undefined. */
  mask: Local | undefined;

  /**
   * @param index The operand that holds a position.
   * @param strides Bytes (positions: steps) from element to element for each operand.
   */
  constructor(
    code: Code,
    machine: WasmMachine,
    layout: Parameters,
    inputs: readonly OperandSpec[],
    index: (axis: number | "element") => number,
    indexLane: (axis: number | "element") => Lane,
    strides: readonly Local[],
  ) {
    this.#code = code;
    this.#machine = machine;
    this.#layout = layout;
    this.#inputs = inputs;
    this.#index = index;
    this.#indexLane = indexLane;
    this.#strides = strides;
  }

  /** How often a leaf changes. */
  varies(leaf: Leaf): lower.Variance {
    switch (leaf.kind) {
      case "constant":
      case "scalar":
        return 0;
      case "input":
        return this.#inputs[leaf.index]!.lane === "splat" ? 1 : 2;
      case "coordinate":
        return this.#indexLane(leaf.axis) === "splat" ? 1 : 2;
      case "random":
        return this.#indexLane("element") === "splat" ? 1 : 2;
    }
  }

  /** Operand `t`, at the current pointers. */
  operand(t: number, spec: OperandSpec): Operand {
    return { ...spec, pointer: this.pointers[t]!, stride: this.#strides[t]!, mask: this.mask };
  }

  /** Emits a leaf. */
  emit(leaf: Leaf): Value {
    const t = this.#machine;
    const code = this.#code;
    switch (leaf.kind) {
      case "constant":
        return t.constant(leaf.value);
      case "scalar":
        code.get(0).memory("f64.load", this.#layout.scalar(leaf.index));
        if (t.compute === "float64") code.op("f64x2.splat");
        else if (t.compute === "float32") code.op("f32.demote_f64", "f32x4.splat");
        else if (t.compute === "int64") code.op("i64.trunc_sat_f64_s", "i64x2.splat");
        else code.op("i32.trunc_sat_f64_s", "i32x4.splat");
        return t.keep();
      case "input":
        return load(code, t, this.operand(leaf.index, this.#inputs[leaf.index]!), this.lanes, this.skip);
      case "coordinate": {
        const position = this.#ramp(leaf.axis);
        if (t.compute === "int64") {
          code.get(position).op("i64x2.extend_low_i32x4_s");
          return t.keep();
        }
        return t.compute === "int32"
          ? position
          : t.emit(t.compute === "float32" ? "intToFloat" : "intWidenLow", position);
      }
      case "random":
        return this.#random(leaf.word);
    }
  }

  /** A position in each lane. */
  #ramp(axis: number | "element"): Value {
    const code = this.#code;
    const t = this.#index(axis);
    code.get(this.pointers[t]!).op("i32x4.splat");
    if (this.#indexLane(axis) !== "splat") {
      const ramp = Array.from({ length: code.vectorBytes / 4 }, (_, i) => this.skip + i);
      code.get(this.#strides[t]!).op("i32x4.splat").i32x4(...ramp);
      code.op("i32x4.mul", "i32x4.add");
    }
    return this.#machine.keep();
  }

  #random(word: number): Value {
    const t = this.#machine;
    const state = [0, 4, 8, 12].map((offset) =>
      t.once(`random state ${offset}`, () => {
        this.#code.get(0).memory("v128.load32_splat", this.#layout.random + offset);
        return t.keep();
      })
    ) as [Value, Value, Value, Value];
    const [seedLow, seedHigh, offsetLow, offsetHigh] = state;
    const element = t.once(`element ${this.skip}`, () => this.#ramp("element"));
    const low = t.emit("intAdd", element, offsetLow);
    // The mask of a carry is -1.
    const high = t.emit("intSub", offsetHigh, t.emit("intLessUnsigned", low, offsetLow));
    const words = philoxWords(t, low, high, [seedLow, seedHigh]), bits = words[word]!;
    switch (t.compute) {
      case "int32":
        return bits;
      case "int64":
        this.#code.get(bits).op("i64x2.extend_low_i32x4_u");
        return t.keep();
      case "float32":
        return t.emit("mul", t.emit("intToFloat", t.shift(bits, -8)), t.constant(2 ** -24));
      case "float64": {
        // 27 bits, and 26 of another word below them.
        const upper = t.emit("intWidenLow", t.shift(bits, -5));
        const lower = t.emit("intWidenLow", t.shift(words[(word + 2) % 4]!, -6));
        const whole = t.emit("add", t.emit("mul", upper, t.constant(2 ** 26)), lower);
        return t.emit("mul", whole, t.constant(2 ** -53));
      }
    }
  }
}

/** How an operand with this stride, in elements, lies along a row. */
export function laneOf(stride: number): Lane {
  return stride === 1 ? "dense" : stride === 0 ? "splat" : "strided";
}

/** Returns true if {@linkcode Leaves.mask} can be used for such operands. */
export function canMask(code: Code, compute: ComputeType, specs: readonly OperandSpec[]): boolean {
  const words = (specs: readonly OperandSpec[]): boolean =>
    specs.every(({ dtype, lane }) => lane === "splat" || (lane === "dense" && bytesOf(dtype) === 4));
  return code.vectorBytes === 32 && (compute === "float32" || compute === "int32") && words(specs);
}

/** Short text for the key of a kernel. */
export function keyOf(compute: ComputeType, specs: readonly OperandSpec[]): string {
  return `${compute}(${specs.map(({ dtype, lane }) => `${dtype}${lane[1]}`)})`;
}
