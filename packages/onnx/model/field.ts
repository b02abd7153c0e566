/** Messages of protobuf as tables: one entry a field, read by the decoder and the encoder alike. */

/** Kinds of fields, with the types of their values. */
export interface FieldValues {
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly float: number;
  /** A signed integer of 32 bits, or an enumeration. */
  readonly int32: number;
  /** An integer that is exact as a number. */
  readonly size: number;
  /** An integer of 64 bits; a bigint where it is not exact as a number. */
  readonly int64: number | bigint;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly int32s: Int32Array;
  readonly int64s: BigInt64Array;
  readonly uint64s: BigUint64Array;
}

/** A kind of field without fields of its own. */
export type FieldKind = keyof FieldValues;

/** A field of a message. */
export interface Field {
  /** Its number in the file. */
  readonly number: number;
  /** Kind of the values. */
  readonly kind: FieldKind | Message<object>;
  /** True for a list. */
  readonly repeated: boolean;
  /** The value where the file has none, for fields that are always there; undefined for others. */
  readonly initial?: string | number;
}

declare const VALUE: unique symbol;

/** A field whose values are of type `T`. */
export interface FieldOf<T> extends Field {
  readonly [VALUE]?: (value: T) => T;
}

/** The fields of objects of type `T`, by key. */
export type Fields<T> = { readonly [K in keyof T]-?: FieldOf<Exclude<T[K], undefined>> };

/** A kind of message: its name in errors, and its fields. */
export interface Message<T> {
  readonly name: string;
  /** Returns the fields; a function, as messages hold each other. */
  readonly fields: () => Fields<T>;
}

/** A field that may be missing. */
export function one<K extends FieldKind>(number: number, kind: K): FieldOf<FieldValues[K]> {
  return { number, kind, repeated: false };
}

/** A field that is `initial` where the file does not have it. */
export function always<K extends "string" | "int32" | "size">(
  number: number,
  kind: K,
  initial: FieldValues[K],
): FieldOf<FieldValues[K]> {
  return { number, kind, repeated: false, initial };
}

/** A list. */
export function many<K extends "string" | "bytes" | "float" | "size" | "int64">(
  number: number,
  kind: K,
): FieldOf<readonly FieldValues[K][]> {
  return { number, kind, repeated: true };
}

/** A message that may be missing. */
export function child<T extends object>(number: number, kind: Message<T>): FieldOf<T> {
  return { number, kind, repeated: false };
}

/** A list of messages. */
export function children<T extends object>(number: number, kind: Message<T>): FieldOf<readonly T[]> {
  return { number, kind, repeated: true };
}
