/** The WebAssembly instructions of the vector machine. */
import type { ComputeType } from "@troodon/core";
import { hasRelaxedSimd } from "../targets/wasm/features.ts";
import type { VectorOp } from "../targets/wasm/vector_opcodes.ts";
import type { MachineOp } from "./machine.ts";

type Opcodes = Partial<Record<MachineOp, VectorOp>>;

const bits = (relaxed: boolean): Opcodes => ({
  intAdd: "i32x4.add",
  intSub: "i32x4.sub",
  intLessUnsigned: "i32x4.lt_u",
  and: "v128.and",
  or: "v128.or",
  xor: "v128.xor",
  not: "v128.not",
  intToFloat: "f32x4.convert_i32x4_s",
  // The relaxed conversion differs only for what does not fit, which is unused.
  floatToInt: relaxed ? "i32x4.relaxed_trunc_f32x4_s" : "i32x4.trunc_sat_f32x4_s",
  widenLow: "f64x2.promote_low_f32x4",
  intWidenLow: "f64x2.convert_low_i32x4_s",
  mulLowPairs: "i64x2.extmul_low_i32x4_u",
  mulHighPairs: "i64x2.extmul_high_i32x4_u",
});

function floating(type: "f32x4" | "f64x2", relaxed: boolean): Opcodes {
  return {
    ...bits(relaxed),
    add: `${type}.add`,
    sub: `${type}.sub`,
    mul: `${type}.mul`,
    div: `${type}.div`,
    min: `${type}.min`,
    max: `${type}.max`,
    // The pseudo-maximum keeps its first operand unless that is less than the second.
    atLeast: `${type}.pmax`,
    atMost: `${type}.pmin`,
    neg: `${type}.neg`,
    abs: `${type}.abs`,
    sqrt: `${type}.sqrt`,
    floor: `${type}.floor`,
    ceil: `${type}.ceil`,
    trunc: `${type}.trunc`,
    nearest: `${type}.nearest`,
    ...(relaxed && { madd: `${type}.relaxed_madd`, nmadd: `${type}.relaxed_nmadd` }),
    less: `${type}.lt`,
    lessEqual: `${type}.le`,
    equal: `${type}.eq`,
    notEqual: `${type}.ne`,
    select: !relaxed
      ? "v128.bitselect"
      : type === "f32x4"
      ? "i32x4.relaxed_laneselect"
      : "i64x2.relaxed_laneselect",
  };
}

let found: Readonly<Record<ComputeType, Opcodes>> | undefined;

/** Scalar functions that are a single WebAssembly instruction of this engine, by compute type. */
export function opcodes(): Readonly<Record<ComputeType, Opcodes>> {
  return found ??= opcodesOf(hasRelaxedSimd());
}

const opcodesOf = (relaxed: boolean): Readonly<Record<ComputeType, Opcodes>> => ({
  float32: floating("f32x4", relaxed),
  float64: floating("f64x2", relaxed),
  int32: {
    ...bits(relaxed),
    add: "i32x4.add",
    sub: "i32x4.sub",
    mul: "i32x4.mul",
    min: "i32x4.min_s",
    max: "i32x4.max_s",
    neg: "i32x4.neg",
    abs: "i32x4.abs",
    less: "i32x4.lt_s",
    lessEqual: "i32x4.le_s",
    equal: "i32x4.eq",
    notEqual: "i32x4.ne",
    select: relaxed ? "i32x4.relaxed_laneselect" : "v128.bitselect",
  },
  // There are no minimum and maximum of i64x2: see `append`.
  int64: {
    ...bits(relaxed),
    add: "i64x2.add",
    sub: "i64x2.sub",
    mul: "i64x2.mul",
    neg: "i64x2.neg",
    abs: "i64x2.abs",
    less: "i64x2.lt_s",
    lessEqual: "i64x2.le_s",
    equal: "i64x2.eq",
    notEqual: "i64x2.ne",
    select: relaxed ? "i64x2.relaxed_laneselect" : "v128.bitselect",
  },
});
