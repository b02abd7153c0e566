/** Loads and stores of vectors, with conversion between element type and compute type. */
import type { ComputeType, DType } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import type { Code, Local } from "../targets/wasm/assembler.ts";
import { converted, eachLane, narrowedLongs, toStored } from "./conversions.ts";
import { joinLow, pushHigh } from "./halves.ts";
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
  /**
   * Mask of the lanes to load and store if the operand is dense, of 32 bits, and in a wide module; all if undefined.
   */
  readonly mask?: Local | undefined;
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
  if (bytesOf(dtype) === 8 && isOfWords(compute)) {
    // Two vectors of 64-bit lanes make one.
    const half = machine.lanes / 2;
    const low = rawLanes(code, machine, operand, Math.min(lanes, half), skip);
    const high = lanes > half ? rawLanes(code, machine, operand, half, skip + half) : low;
    if (dtype === "int64") return narrowedLongs(code, machine, low, high);
    const convert = compute === "float32" ? "f32x4.demote_f64x2_zero" : "i32x4.trunc_sat_f64x2_s_zero";
    joinLow(code.get(low).op(convert).get(high).op(convert));
    return machine.keep();
  }
  return converted(code, machine, dtype, rawLanes(code, machine, operand, lanes, skip));
}

/** Elements as they lie in memory: those of 64 bits as such, others as the low bits of int32 lanes. */
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
    } else if (bytes === 4 && operand.mask !== undefined) {
      code.get(operand.mask).memory("mask.load32", offset);
    } else if (bytes >= 4) pushElements(code, lanes * bytes, offset, bytes);
    else if (bytes === 2) {
      if (lanes * 4 === code.vectorBytes) code.memory("v128.load16x4_u", offset, 1);
      else pushElements(code, lanes * bytes, offset, bytes).op("i32x4.extend_low_i16x8_u");
    } else {
      pushElements(code, lanes, offset, 1).op("i16x8.extend_low_i8x16_u");
      if (lanes < 8) code.op("i32x4.extend_low_i16x8_u");
      else {
        // Extends act within each half of 16 bytes: each half of the elements is one.
        const words = machine.keep();
        code.get(words).op("i32x4.extend_low_i16x8_u").get(words).op(
          "i32x4.extend_high_i16x8_u",
          "half.join",
        );
      }
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

/** Pops an address and pushes a vector with the `bytes` bytes there in front: 2, 4, 8, 16 or a whole vector. */
function pushElements(code: Code, bytes: number, offset: number, unit: number): Code {
  const alignment = Math.log2(unit);
  if (bytes === code.vectorBytes) return code.memory("v128.load", offset, alignment);
  if (bytes === 16) return code.memory("half.load", offset, alignment);
  if (bytes === 2) return code.memory("i32.load16_u", offset, 0).op("i32x4.splat");
  return code.memory(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", offset, alignment);
}

/** Returns true if lanes have 32 bits. */
function isOfWords(compute: ComputeType): boolean {
  return compute === "float32" || compute === "int32";
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
  if (bytesOf(dtype) === 8 && isOfWords(compute)) {
    const half = machine.lanes / 2;
    for (let first = 0; first < lanes; first += half) {
      if (first > 0) pushHigh(code, value);
      else code.get(value);
      if (dtype === "int64" && compute === "float32") {
        const longs = eachLane(code, machine.keep(), "f32x4", "i64.trunc_sat_f32_s", "i64x2");
        put(code, machine, operand, Math.min(half, lanes), skip + first, longs);
        continue;
      }
      code.op(
        dtype === "int64"
          ? "i64x2.extend_low_i32x4_s"
          : compute === "float32"
          ? "f64x2.promote_low_f32x4"
          : "f64x2.convert_low_i32x4_s",
      );
      put(code, machine, operand, Math.min(half, lanes), skip + first, machine.keep());
    }
    return;
  }
  put(code, machine, operand, lanes, skip, toStored(code, machine, dtype, dtype === "bool" ? mask() : value));
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
  } else if (operand.mask !== undefined && bytes === 4) {
    code.get(pointer).get(bits).get(operand.mask).memory("mask.store32", offset);
  } else if (bytes >= 4) {
    putElements(code, pointer, bits, lanes * bytes, offset, bytes);
  } else {
    code.get(bits).get(bits).op("i16x8.narrow_i32x4_u");
    if (bytes === 1) code.set(t.scratch).get(t.scratch).get(t.scratch).op("i8x16.narrow_i16x8_u");
    code.set(t.scratch);
    // Narrow instructions act within each half of 16 bytes: each holds half of the elements.
    const halves = lanes === 8 ? [0, 1] : [0];
    for (const half of halves) {
      const size = bytes * Math.min(lanes, 4);
      code.get(pointer).get(t.scratch);
      code.laneMemory(laneStore(size), half * 16 / size, offset + half * size, Math.log2(bytes));
    }
  }
}

/** Stores the first bytes of a vector: 8, 16 or all. */
function putElements(
  code: Code,
  pointer: Local,
  bits: Value,
  bytes: number,
  offset: number,
  unit: number,
): void {
  const alignment = Math.log2(unit);
  code.get(pointer).get(bits);
  if (bytes === code.vectorBytes) code.memory("v128.store", offset, alignment);
  else if (bytes === 16) code.memory("half.store", offset, alignment);
  else code.laneMemory("v128.store64_lane", 0, offset, alignment);
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
