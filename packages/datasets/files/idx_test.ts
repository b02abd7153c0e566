import { assertEquals, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { type IdxData, readIdx, writeIdx } from "./idx.ts";

const header = (code: number, ...shape: number[]): number[] => [
  ...[0, 0, code, shape.length],
  ...shape.flatMap((n) => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255]),
];
const bytes = (...parts: number[]): Uint8Array => new Uint8Array(parts);

Deno.test("readIdx() reads what writeIdx() writes, for every element type", () => {
  const arrays: IdxData[] = [
    new Uint8Array([0, 1, 254, 255, 7, 8]),
    new Int8Array([0, 1, -1, -128, 127, 8]),
    new Int16Array([0, 1, -1, -32768, 32767, 258]),
    new Int32Array([0, 1, -1, -(2 ** 31), 2 ** 31 - 1, 66051]),
    new Float32Array([0, -0, 1.5, -Infinity, NaN, 1e-40]),
    new Float64Array([0, -0, 0.1, Infinity, NaN, 5e-324]),
  ];
  for (const data of arrays) {
    const file = writeIdx({ data, shape: [2, 3] });
    assertEquals(readIdx(file, "x"), { data, shape: [2, 3] });
    assertEquals(readIdx(gzipSync(file), "x.gz"), { data, shape: [2, 3] });
  }
});

Deno.test("readIdx() reads big-endian numbers, by the format's own layout", () => {
  assertEquals(readIdx(bytes(...header(0x0b, 2), 1, 2, 255, 254), "x").data, new Int16Array([258, -2]));
  assertEquals(readIdx(bytes(...header(0x0c, 1), 0, 1, 2, 3), "x").data, new Int32Array([66051]));
  assertEquals(readIdx(bytes(...header(0x0d, 1), 0x3f, 0xc0, 0, 0), "x").data, new Float32Array([1.5]));
  assertEquals(readIdx(bytes(0, 0, 8, 0, 9), "x"), { data: new Uint8Array([9]), shape: [] });
  assertEquals(readIdx(bytes(...header(8, 0, 28)), "x").data.length, 0);
});

Deno.test("readIdx() reads a view that does not begin its buffer", () => {
  const file = writeIdx({ data: new Float64Array([1, 2]), shape: [2] });
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  assertEquals(readIdx(shifted.subarray(3), "x").data, new Float64Array([1, 2]));
});

Deno.test("readIdx() names the file and the field that is wrong", () => {
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [bytes(), "Cannot read f: the idx magic number needs 4 bytes but the file has 0"],
    [bytes(1, 0, 8, 1), "must start with two zero bytes but starts with 0x01 0x00"],
    [bytes(0, 0, 0x0a, 1), "the element type must be 0x08, 0x09 or 0x0b to 0x0e but is 0x0a"],
    [bytes(0, 0, 8, 3, 0, 0), "the sizes of 3 dimensions end at byte 16 but the file has 6 bytes"],
    [bytes(...header(8, 2, 3), 1, 2), "header says 2x3 = 6 bytes but only 2 follow it"],
    [bytes(...header(0x0c, 1), 1, 2, 3, 4, 5), "header says 1 = 4 bytes but 1 bytes more follow it"],
    [bytes(...header(8, 0xffffffff, 0xffffffff)), "but only 0 follow it"],
    [gzipSync(bytes(0, 0, 8, 1)).subarray(0, 15), "its gzip data is damaged or truncated"],
    [bytes(0x1f, 0x8b, 1, 2, 3), "its gzip data is damaged or truncated"],
  ];
  for (const [file, message] of cases) assertThrows(() => readIdx(file, "f"), TypeError, message);
});

Deno.test("writeIdx() refuses a shape that does not fit", () => {
  assertThrows(() => writeIdx({ data: new Uint8Array(3), shape: [2] }), RangeError, "must hold 3 elements");
  assertThrows(() => writeIdx({ data: new Uint8Array(2), shape: [-1, -2] }), RangeError, "[-1, -2]");
});
