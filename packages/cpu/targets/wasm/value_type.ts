/** The types of parameters, results and locals. */

/** Value types. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Their encodings. */
export const VALUE_TYPES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
