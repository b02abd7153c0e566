/** The number types that products are calculated in. */
import type { ComputeType } from "@troodon/core";
import type { Code, ValueType } from "../targets/wasm/assembler.ts";
import { hasRelaxedSimd } from "../targets/wasm/features.ts";
import type { LaneMemoryOp, MemoryOp, ScalarOp } from "../targets/wasm/opcodes.ts";
import type { LaneOp, VectorOp } from "../targets/wasm/vector_opcodes.ts";

/** What the emitters must know of one. */
export interface NumberType {
  readonly name: ComputeType;
  readonly scalar: ValueType;
  readonly bytes: 4 | 8;
  /** Elements of a vector. */
  readonly lanes: 4 | 2;
  readonly load: MemoryOp;
  readonly store: MemoryOp;
  readonly loadSplat: MemoryOp;
  readonly storeLane: LaneMemoryOp;
  readonly add: VectorOp;
  readonly mul: VectorOp;
  readonly scalarAdd: ScalarOp;
  readonly scalarMul: ScalarOp;
  readonly extract: LaneOp;
  /** The product of the top of the stack but one and the top, plus what lies below: where there is relaxed SIMD. */
  readonly relaxedMadd: VectorOp | null;
}

/** All of them. */
export const NUMBER_TYPES: Readonly<Record<NumberType["name"], NumberType>> = {
  float32: {
    name: "float32",
    scalar: "f32",
    bytes: 4,
    lanes: 4,
    load: "f32.load",
    store: "f32.store",
    loadSplat: "v128.load32_splat",
    storeLane: "v128.store32_lane",
    add: "f32x4.add",
    mul: "f32x4.mul",
    scalarAdd: "f32.add",
    scalarMul: "f32.mul",
    extract: "f32x4.extract_lane",
    relaxedMadd: "f32x4.relaxed_madd",
  },
  float64: {
    name: "float64",
    scalar: "f64",
    bytes: 8,
    lanes: 2,
    load: "f64.load",
    store: "f64.store",
    loadSplat: "v128.load64_splat",
    storeLane: "v128.store64_lane",
    add: "f64x2.add",
    mul: "f64x2.mul",
    scalarAdd: "f64.add",
    scalarMul: "f64.mul",
    extract: "f64x2.extract_lane",
    relaxedMadd: "f64x2.relaxed_madd",
  },
  int32: {
    name: "int32",
    scalar: "i32",
    bytes: 4,
    lanes: 4,
    load: "i32.load",
    store: "i32.store",
    loadSplat: "v128.load32_splat",
    storeLane: "v128.store32_lane",
    add: "i32x4.add",
    mul: "i32x4.mul",
    scalarAdd: "i32.add",
    scalarMul: "i32.mul",
    extract: "i32x4.extract_lane",
    relaxedMadd: null,
  },
  int64: {
    name: "int64",
    scalar: "i64",
    bytes: 8,
    lanes: 2,
    load: "i64.load",
    store: "i64.store",
    loadSplat: "v128.load64_splat",
    storeLane: "v128.store64_lane",
    add: "i64x2.add",
    mul: "i64x2.mul",
    scalarAdd: "i64.add",
    scalarMul: "i64.mul",
    extract: "i64x2.extract_lane",
    relaxedMadd: null,
  },
};

/** Appends `sum += a * b`, of vector locals. */
export function multiplyAdd(code: Code, type: NumberType, a: number, b: number, sum: number): void {
  code.get(a).get(b);
  if (type.relaxedMadd && hasRelaxedSimd()) code.get(sum).op(type.relaxedMadd);
  else code.op(type.mul).get(sum).op(type.add);
  code.set(sum);
}
