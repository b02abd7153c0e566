import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { ONNX_DATA_TYPES, type OnnxDataType, type OnnxTensor } from "../mod.ts";
import { tensorOf } from "./stored_tensor.ts";

const device = new Device(new ReferenceBackend());

const made = (type: OnnxDataType, stored: Partial<OnnxTensor>, dims: readonly number[] = [2]) =>
  tensorOf({ dims, dataType: ONNX_DATA_TYPES[type], ...stored }, device, '"w" of a.onnx');

const bytes = (array: ArrayBufferView<ArrayBuffer>): Partial<OnnxTensor> => ({
  rawData: new Uint8Array(array.buffer),
});

Deno.test("tensorOf() reads elements of all types, from their bytes and from their lists", () => {
  const rows: [OnnxDataType, Partial<OnnxTensor>, Partial<OnnxTensor>, string, number[]][] = [
    ["FLOAT", bytes(Float32Array.of(1.5, -2)), { floatData: Float32Array.of(1.5, -2) }, "float32", [1.5, -2]],
    ["DOUBLE", bytes(Float64Array.of(0.1, -2)), { doubleData: Float64Array.of(0.1, -2) }, "float64", [
      0.1,
      -2,
    ]],
    [
      "FLOAT16",
      bytes(Uint16Array.of(0x3c00, 0xc000)),
      { int32Data: Int32Array.of(0x3c00, 0xc000) },
      "float16",
      [1, -2],
    ],
    [
      "BFLOAT16",
      bytes(Uint16Array.of(0x3f80, 0xc000)),
      { int32Data: Int32Array.of(0x3f80, 0xc000) },
      "bfloat16",
      [1, -2],
    ],
    ["INT64", bytes(BigInt64Array.of(7n, -9n)), { int64Data: BigInt64Array.of(7n, -9n) }, "int64", [7, -9]],
    ["INT32", bytes(Int32Array.of(7, -9)), { int32Data: Int32Array.of(7, -9) }, "int32", [7, -9]],
    ["UINT8", bytes(Uint8Array.of(7, 250)), { int32Data: Int32Array.of(7, 250) }, "uint8", [7, 250]],
    ["INT8", bytes(Int8Array.of(7, -9)), { int32Data: Int32Array.of(7, -9) }, "int32", [7, -9]],
    ["INT16", bytes(Int16Array.of(7, -900)), { int32Data: Int32Array.of(7, -900) }, "int32", [7, -900]],
    ["UINT16", bytes(Uint16Array.of(7, 65535)), { int32Data: Int32Array.of(7, 65535) }, "int32", [7, 65535]],
    [
      "UINT32",
      bytes(Uint32Array.of(7, 2 ** 32 - 1)),
      { uint64Data: BigUint64Array.of(7n, 2n ** 32n - 1n) },
      "int64",
      [7, 2 ** 32 - 1],
    ],
    ["UINT64", bytes(BigUint64Array.of(7n, 9n)), { uint64Data: BigUint64Array.of(7n, 9n) }, "int64", [7, 9]],
  ];
  for (const [type, raw, list, dtype, values] of rows) {
    for (const stored of [raw, list]) {
      const x = made(type, stored);
      assertEquals([x.dtype, x.tolist()], [dtype, values], type);
    }
  }
  assertEquals(made("BOOL", bytes(Uint8Array.of(0, 2))).tolist(), [false, true]);
  assertEquals(made("FLOAT", {}, [0, 3]).shape, [0, 3]);
  assertEquals(made("INT64", { int64Data: BigInt64Array.of(5n) }, []).item(), 5);
});

Deno.test("tensorOf() refuses elements that are not there, too few, or of a type that no dtype holds exactly", () => {
  assertThrows(
    () => made("FLOAT", {}),
    TypeError,
    'Cannot read "w" of a.onnx as it has no elements of its type',
  );
  assertThrows(
    () => made("FLOAT", bytes(Float32Array.of(1))),
    RangeError,
    "shape [2] takes 2 elements: there are 1",
  );
  assertThrows(() => made("FLOAT", { rawData: new Uint8Array(7) }), RangeError, "there are 1.75");
  assertThrows(() => made("FLOAT", { rawData: new Uint8Array(8) }, [-2]), RangeError, "whole numbers from 0");
  assertThrows(() => made("STRING", {}), TypeError, "their type is STRING");
  assertThrows(() => tensorOf({ dims: [], dataType: 99 }, device, "it"), TypeError, "their type is 99");
  assertThrows(
    () => made("UINT64", { uint64Data: BigUint64Array.of(1n, 2n ** 63n) }),
    RangeError,
    "below 2^63",
  );
  assertThrows(() => made("FLOAT", { segment: { begin: 0, end: 1 } }), TypeError, "a segment");
  assertThrows(() => made("FLOAT", { dataLocation: 1 }), TypeError, "in another file");
});
