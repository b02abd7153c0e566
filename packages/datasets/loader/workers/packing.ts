/** Batches as messages: what a structured clone would strip of its class, and back. */
import { type DType, type Expr, Tensor, type TypedArray } from "@troodon/core";
import { body } from "@troodon/core/kernel";
import { isRecord } from "../../collate.ts";
import { NdArray } from "../../nd_array.ts";
import { fromNumbers, isFromNumbers } from "../../number_arrays.ts";
import { Pixels } from "../../pixels.ts";

/** A batch on its way. */
export type Packed =
  | {
    readonly kind: "array";
    readonly data: TypedArray;
    readonly shape: readonly number[];
    readonly dtype: DType;
    /** True if the array was made of plain numbers. */
    readonly isFromNumbers: boolean;
  }
  | {
    readonly kind: "pixels";
    readonly data: Uint8Array;
    readonly shape: readonly number[];
    /** Expressions over the bytes of each channel: bodies are objects of their thread and cannot be sent. */
    readonly expressions: readonly Expr[];
  }
  | { readonly kind: "list"; readonly items: readonly Packed[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Packed])[] }
  | { readonly kind: "value"; readonly value: unknown };

/**
 * Takes a batch apart.
 *
 * @throws {TypeError} If there is a tensor in it, which belongs to its thread.
 */
export function pack(batch: unknown): Packed {
  if (batch instanceof Pixels) {
    const { planes, shape, bodies } = batch;
    return { kind: "pixels", data: planes, shape, expressions: bodies.flatMap(({ outputs }) => outputs) };
  }
  if (batch instanceof NdArray) {
    const { data, shape, dtype } = batch;
    return { kind: "array", data, shape, dtype, isFromNumbers: isFromNumbers(batch) };
  }
  if (batch instanceof Tensor) {
    throw new TypeError("Cannot send a batch from a worker as it has tensors: return NdArrays instead");
  }
  if (Array.isArray(batch)) return { kind: "list", items: batch.map(pack) };
  if (isRecord(batch)) {
    return { kind: "record", entries: Object.entries(batch).map(([key, value]) => [key, pack(value)]) };
  }
  return { kind: "value", value: batch };
}

/** Puts a batch together again. */
export function unpack(packed: Packed): unknown {
  switch (packed.kind) {
    case "array": {
      const array = new NdArray(packed.data, packed.shape, packed.dtype);
      return packed.isFromNumbers ? fromNumbers(array) : array;
    }
    case "pixels":
      return new Pixels(packed.data, {
        shape: packed.shape,
        bodies: packed.expressions.map((expression) => body(expression)),
      });
    case "list":
      return packed.items.map(unpack);
    case "record":
      return Object.fromEntries(packed.entries.map(([key, value]) => [key, unpack(value)]));
    case "value":
      return packed.value;
  }
}

/**
 * Returns true if a batch contains objects, functions or symbols, which a message may not be able to carry.
 */
export function hasForeignValues(packed: Packed): boolean {
  if (packed.kind === "list") return packed.items.some(hasForeignValues);
  if (packed.kind === "record") return packed.entries.some(([, value]) => hasForeignValues(value));
  if (packed.kind !== "value" || packed.value === null || ArrayBuffer.isView(packed.value)) return false;
  return ["object", "function", "symbol"].includes(typeof packed.value);
}

/** The buffers of the arrays in a batch that fill them. */
export function buffersOf(packed: Packed, into: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (packed.kind === "array" || packed.kind === "pixels") {
    const { buffer, byteLength } = packed.data;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) into.add(buffer);
  } else if (packed.kind === "list") {
    for (const item of packed.items) buffersOf(item, into);
  } else if (packed.kind === "record") {
    for (const [, value] of packed.entries) buffersOf(value, into);
  }
  return into;
}
