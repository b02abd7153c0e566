/** Conversions of vectors between element type and compute type. */
import { type ComputeType, type DType, isFloating } from "@troodon/core";
import type { Code } from "../targets/wasm/assembler.ts";
import type { ScalarOp } from "../targets/wasm/opcodes.ts";
import { pushLowWords } from "./halves.ts";
import type { Value } from "./machine.ts";
import type { WasmMachine } from "./wasm_machine.ts";

/** Elements as they lie in memory, in the compute type. */
export function converted(code: Code, machine: WasmMachine, dtype: DType, raw: Value): Value {
  const { compute } = machine;
  if (dtype === compute) return raw;
  if (dtype === "int64") return eachLane(code, raw, "i64x2", "f64.convert_i64_s", "f64x2");
  if (compute === "int64" && !isFloating(dtype)) {
    code.get(raw).op("i64x2.extend_low_i32x4_s");
    return machine.keep();
  }
  if (compute === "int64" && dtype === "float64") {
    return eachLane(code, raw, "f64x2", "i64.trunc_sat_f64_s", "i64x2");
  }
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
  if (compute === "int64") return eachLane(code, single, "f32x4", "i64.trunc_sat_f32_s", "i64x2");
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

/** The bits to store, in the low bits of int32 lanes; those of 64 bits as such. */
export function toStored(code: Code, machine: WasmMachine, dtype: DType, value: Value): Value {
  const { compute } = machine;
  const t = machine;
  if (dtype === compute) return value;
  switch (dtype) {
    case "int64":
      return eachLane(code, value, "f64x2", "i64.trunc_sat_f64_s", "i64x2");
    case "float64":
      return eachLane(code, value, "i64x2", "f64.convert_i64_s", "f64x2");
    case "bool":
      if (compute === "float64" || compute === "int64") {
        pushLowWords(code, value, value);
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
      else if (compute === "int64") value = eachLane(code, value, "i64x2", "f32.convert_i64_s", "f32x4");
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
  if (compute === "int64") {
    pushLowWords(code, value, value);
    return t.keep();
  }
  code.get(value).op(compute === "float32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f64x2_s_zero");
  return t.keep();
}

/** Lanes that are read and written one by one. */
type LaneType = "i64x2" | "f64x2" | "f32x4";

/** Lanes 0 and 1 of `value`, converted one by one: there are no such instructions on vectors. Not for wide modules. */
export function eachLane(
  code: Code,
  value: Value,
  from: LaneType,
  convert: ScalarOp,
  to: LaneType,
): Value {
  const result = code.local("v128");
  for (const lane of [0, 1]) {
    code.get(result).get(value).lane(`${from}.extract_lane`, lane).op(convert);
    code.lane(`${to}.replace_lane`, lane).set(result);
  }
  return result;
}

/** Two vectors of int64 as one of int32, modulo 2^32, or of float32. */
export function narrowedLongs(code: Code, t: WasmMachine, low: Value, high: Value): Value {
  if (t.compute === "int32") code.get(low).get(high).shuffle32(0, 2, 4, 6);
  else {
    const [first, second] = [low, high].map((v) =>
      eachLane(code, v, "i64x2", "f32.convert_i64_s", "f32x4")
    ) as [Value, Value];
    code.get(first).get(second).shuffle64(0, 2);
  }
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
