/** Loads and stores of vectors, with conversion between element type and compute type. */
import { bytesOf, type ComputeType, type DType } from "@troodon/core";
import type { Code, Local } from "../wasm/assembler.ts";
import type { Value } from "./machine.ts";
import type { WasmMachine } from "./wasm_machine.ts";

/** How an operand lies along a row: next to each other, repeated, or spread. */
export type Lane = "dense" | "splat" | "strided";

/** An operand of a kernel: `pointer` holds its current address, `stride` the bytes from element to element. */
export interface Operand {
  readonly dtype: DType;
  readonly lane: Lane;
  readonly pointer: Local;
  readonly stride: Local;
}

/**
 * The next `lanes` elements (1, or all of a vector), `skip` elements on, in the
 * compute type. Lanes beyond are undefined.
 */
export function load(
  code: Code,
  machine: WasmMachine,
  operand: Operand,
  lanes: number,
  skip: number,
): Value {
  const { dtype } = operand;
  const { compute } = machine;
  if (dtype === "float64" && compute !== "float64") {
    // Two vectors of float64 make one.
    const low = rawLanes(code, machine, operand, Math.min(lanes, 2), skip);
    const high = lanes > 2 ? rawLanes(code, machine, operand, 2, skip + 2) : low;
    const convert = compute === "float32" ? "f32x4.demote_f64x2_zero" : "i32x4.trunc_sat_f64x2_s_zero";
    code.get(low).op(convert).get(high).op(convert).shuffle64(0, 2);
    return machine.keep();
  }
  return converted(code, machine, dtype, rawLanes(code, machine, operand, lanes, skip));
}

/** Elements as they lie in memory: float64 as such, others as the low bits of int32 lanes. */
function rawLanes(code: Code, machine: WasmMachine, operand: Operand, lanes: number, skip: number): Value {
  const { dtype, lane, pointer, stride } = operand;
  const bytes = bytesOf(dtype);
  if (lane === "splat") {
    code.get(pointer);
    if (bytes === 8) code.memory("v128.load64_splat");
    else if (bytes === 4) code.memory("v128.load32_splat");
    else code.memory(bytes === 2 ? "i32.load16_u" : "i32.load8_u").op("i32x4.splat");
    return machine.keep();
  }
  if (lane === "dense" || lanes === 1) {
    code.get(pointer);
    const offset = lane === "dense" ? skip * bytes : 0;
    if (lanes === 1) {
      if (bytes === 8) code.memory("v128.load64_zero", offset);
      else if (bytes === 4) code.memory("v128.load32_zero", offset);
      else code.memory(bytes === 2 ? "i32.load16_u" : "i32.load8_u", offset).op("i32x4.splat");
    } else if (bytes === 8) code.memory("v128.load", offset, 3);
    else if (bytes === 4) code.memory(lanes === 4 ? "v128.load" : "v128.load64_zero", offset, 2);
    else if (bytes === 2) {
      if (lanes === 4) code.memory("v128.load16x4_u", offset, 1);
      else code.memory("v128.load32_zero", offset, 1).op("i32x4.extend_low_i16x8_u");
    } else {
      if (lanes === 4) code.memory("v128.load32_zero", offset, 0);
      else code.memory("i32.load16_u", offset, 0).op("i32x4.splat");
      code.op("i16x8.extend_low_i8x16_u", "i32x4.extend_low_i16x8_u");
    }
    return machine.keep();
  }
  const vector = code.local("v128");
  const address = code.local("i32");
  code.get(pointer);
  if (skip > 0) code.get(stride).i32(skip).op("i32.mul", "i32.add");
  code.set(address);
  for (let k = 0; k < lanes; k++) {
    if (bytes === 8) code.get(address).get(vector).laneMemory("v128.load64_lane", k);
    else if (bytes === 4) code.get(address).get(vector).laneMemory("v128.load32_lane", k);
    else {
      code.get(vector).get(address).memory(bytes === 2 ? "i32.load16_u" : "i32.load8_u");
      code.lane("i32x4.replace_lane", k);
    }
    code.set(vector);
    if (k + 1 < lanes) code.advance(address, stride);
  }
  return vector;
}

function converted(code: Code, machine: WasmMachine, dtype: DType, raw: Value): Value {
  const { compute } = machine;
  if (dtype === compute) return raw;
  if (dtype === "bool" || dtype === "uint8" || dtype === "int32") {
    if (compute === "int32") return raw;
    code.get(raw).op(compute === "float32" ? "f32x4.convert_i32x4_s" : "f64x2.convert_low_i32x4_s");
    return machine.keep();
  }
  const single = dtype === "float16"
    ? halfToFloat(code, machine, raw)
    : dtype === "bfloat16"
    ? machine.shift(raw, 16)
    : raw;
  if (compute === "float32") return single;
  code.get(single).op(compute === "int32" ? "i32x4.trunc_sat_f32x4_s" : "f64x2.promote_low_f32x4");
  return machine.keep();
}

/** Exponents move by multiplication, which does subnormal halves too (F. Giesen); the top one becomes Infinity. */
function halfToFloat(code: Code, machine: WasmMachine, raw: Value): Value {
  const t = machine;
  const magnitude = t.shift(t.emit("and", raw, t.word(0x7fff)), 13);
  code.get(magnitude).get(t.word(0x77800000)).op("f32x4.mul");
  const moved = t.keep();
  code.get(moved).get(t.word(0x47800000)).op("f32x4.ge").get(t.word(0x7f800000)).op("v128.and");
  const endless = t.keep();
  const sign = t.shift(t.emit("and", raw, t.word(0x8000)), 16);
  return t.emit("or", t.emit("or", moved, endless), sign);
}

/** Stores `lanes` elements of `value`; `mask` gives where it is not 0. */
export function store(
  code: Code,
  machine: WasmMachine,
  operand: Operand,
  lanes: number,
  skip: number,
  value: Value,
  mask: () => Value,
): void {
  const { dtype } = operand;
  const { compute } = machine;
  if (dtype === "float64" && compute !== "float64") {
    for (let first = 0; first < lanes; first += 2) {
      code.get(value);
      if (first > 0) code.get(value).shuffle64(1, 1);
      code.op(compute === "float32" ? "f64x2.promote_low_f32x4" : "f64x2.convert_low_i32x4_s");
      put(code, machine, operand, Math.min(2, lanes), skip + first, machine.keep());
    }
    return;
  }
  put(code, machine, operand, lanes, skip, toStored(code, machine, dtype, dtype === "bool" ? mask() : value));
}

/** The bits to store, in the low bits of int32 lanes; float64 as such. */
function toStored(code: Code, machine: WasmMachine, dtype: DType, value: Value): Value {
  const { compute } = machine;
  const t = machine;
  if (dtype === compute) return value;
  switch (dtype) {
    case "bool":
      if (compute === "float64") {
        code.get(value).get(value).shuffle32(0, 2, 0, 2);
        value = t.keep();
      }
      return t.emit("and", value, t.word(1));
    case "uint8":
    case "int32": {
      const whole = toInt(code, t, value, compute);
      return dtype === "int32" ? whole : t.emit("and", whole, t.word(0xff));
    }
    default: {
      if (compute === "int32") value = t.emit("intToFloat", value);
      else if (compute === "float64") {
        code.get(value).op("f32x4.demote_f64x2_zero");
        value = t.keep();
      }
      if (dtype === "float32") return value;
      return dtype === "float16" ? floatToHalf(code, t, value) : floatToBrain(code, t, value);
    }
  }
}

function toInt(code: Code, t: WasmMachine, value: Value, compute: ComputeType): Value {
  if (compute === "int32") return value;
  code.get(value).op(compute === "float32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f64x2_s_zero");
  return t.keep();
}

/** `yes` in the int32 lanes of `mask`, else `no`. */
function choose(code: Code, t: WasmMachine, mask: Value, yes: Value, no: Value): Value {
  code.get(yes).get(no).get(mask).op("v128.bitselect");
  return t.keep();
}

function isNan(code: Code, t: WasmMachine, value: Value): Value {
  code.get(value).get(value).op("f32x4.ne");
  return t.keep();
}

/** The upper half, rounded to even. */
function floatToBrain(code: Code, t: WasmMachine, value: Value): Value {
  const odd = t.emit("and", t.shift(value, -16), t.word(1));
  const rounded = t.shift(t.emit("intAdd", value, t.emit("intAdd", odd, t.word(0x7fff))), -16);
  return choose(code, t, isNan(code, t, value), t.word(0x7fc0), rounded);
}

/** Rounded to even; subnormal halves by adding a number whose last bit is theirs (F. Giesen). */
function floatToHalf(code: Code, t: WasmMachine, value: Value): Value {
  const magnitude = t.emit("and", value, t.word(0x7fffffff));
  const sign = t.shift(t.emit("and", value, t.word(0x80000000)), -16);
  code.get(magnitude).get(t.word(0x3f000000)).op("f32x4.add");
  const small = t.emit("intSub", t.keep(), t.word(0x3f000000));
  const odd = t.emit("and", t.shift(magnitude, -13), t.word(1));
  // Minus 112 exponents, plus half of the last place less one.
  const moved = t.emit("intAdd", magnitude, t.emit("intAdd", odd, t.word(0xc8000fff)));
  const normal = t.shift(moved, -13);
  const isSmall = t.emit("intLessUnsigned", magnitude, t.word(0x38800000));
  const finite = t.emit("intLessUnsigned", magnitude, t.word(0x477ff000));
  const endless = choose(code, t, isNan(code, t, value), t.word(0x7e00), t.word(0x7c00));
  const some = choose(code, t, finite, choose(code, t, isSmall, small, normal), endless);
  return t.emit("or", sign, some);
}

function put(code: Code, t: WasmMachine, operand: Operand, lanes: number, skip: number, bits: Value): void {
  const { dtype, lane, pointer, stride } = operand;
  const bytes = bytesOf(dtype);
  if (lane !== "dense" && lanes > 1) {
    const address = code.local("i32");
    code.get(pointer);
    if (skip > 0) code.get(stride).i32(skip).op("i32.mul", "i32.add");
    code.set(address);
    for (let k = 0; k < lanes; k++) {
      code.get(address).get(bits).laneMemory(laneStore(bytes), k * wordsOf(bytes));
      if (k + 1 < lanes) code.advance(address, stride);
    }
    return;
  }
  const offset = lane === "dense" ? skip * bytes : 0;
  if (lanes === 1) {
    code.get(pointer).get(bits).laneMemory(laneStore(bytes), 0, offset);
  } else if (bytes === 8) {
    code.get(pointer).get(bits).memory("v128.store", offset, 3);
  } else if (bytes === 4) {
    if (lanes === 4) code.get(pointer).get(bits).memory("v128.store", offset, 2);
    else code.get(pointer).get(bits).laneMemory("v128.store64_lane", 0, offset, 2);
  } else if (bytes === 2) {
    code.get(pointer).get(bits).get(bits).op("i16x8.narrow_i32x4_u");
    code.laneMemory(lanes === 4 ? "v128.store64_lane" : "v128.store32_lane", 0, offset, 1);
  } else {
    code.get(pointer).get(bits).get(bits).op("i16x8.narrow_i32x4_u");
    code.set(t.scratch).get(t.scratch).get(t.scratch).op("i8x16.narrow_i16x8_u");
    code.laneMemory(lanes === 4 ? "v128.store32_lane" : "v128.store16_lane", 0, offset, 0);
  }
}

/** The store of one lane of that many bytes; lanes are counted in elements of that size. */
function laneStore(
  bytes: number,
): "v128.store8_lane" | "v128.store16_lane" | "v128.store32_lane" | "v128.store64_lane" {
  return bytes === 1
    ? "v128.store8_lane"
    : bytes === 2
    ? "v128.store16_lane"
    : bytes === 4
    ? "v128.store32_lane"
    : "v128.store64_lane";
}

/** How many elements of that size lie in the lane of an int32, or of a float64. */
function wordsOf(bytes: number): number {
  return bytes === 8 ? 1 : 4 / bytes;
}
