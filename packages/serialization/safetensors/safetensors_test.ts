import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { join } from "@std/path";
import { decodeSafetensors, encodeSafetensors, loadSafetensors, saveSafetensors } from "../mod.ts";

const device: Device = new Device(new ReferenceBackend());

/** A file of a header, spelt out, and data. */
function fileOf(header: unknown, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], start: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

function decode(bytes: Uint8Array) {
  return decodeSafetensors(bytes, { device, name: "x.safetensors" });
}

function refused(bytes: Uint8Array, kind: new (message: string) => Error, ...parts: string[]): void {
  const error = assertThrows(() => decode(bytes), kind);
  assertInstanceOf(error, kind);
  for (const part of ["x.safetensors", ...parts]) assertStringIncludes(error.message, part);
}

Deno.test("decodeSafetensors() reads bytes made by hand", () => {
  // 1.5 = 0x3fc0_0000, -2 = 0xc000_0000; bfloat16 is the upper half.
  const data = [
    ...[0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0],
    ...[0xc0, 0x3f],
    ...[0, 0x3e, 0, 0xc0],
    ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ...[1, 0, 1],
    ...[200],
    ...[0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
    ...[0xfe, 0xff, 0xff, 0xff],
  ];
  const { tensors, metadata } = decode(fileOf({
    __metadata__: { format: "pt" },
    f32: entry("F32", [2, 1], 0, 8),
    bf16: entry("BF16", [1], 8, 10),
    f16: entry("F16", [2], 10, 14),
    i64: entry("I64", [], 14, 22),
    bool: entry("BOOL", [3], 22, 25),
    u8: entry("U8", [1], 25, 26),
    f64: entry("F64", [1, 1], 26, 34),
    i32: entry("I32", [1], 34, 38),
    none: entry("F32", [2, 0], 38, 38),
  }, data));
  assertEquals(metadata, { format: "pt" });
  const read = [...tensors].map(([name, t]) => [name, t.dtype, t.tolist()]);
  assertEquals(read, [
    ["f32", "float32", [[1.5], [-2]]],
    ["bf16", "bfloat16", [1.5]],
    ["f16", "float16", [1.5, -2]],
    ["i64", "int64", -1],
    ["bool", "bool", [true, false, true]],
    ["u8", "uint8", [200]],
    ["f64", "float64", [[1.5]]],
    ["i32", "int32", [-2]],
    ["none", "float32", [[], []]],
  ]);
});

Deno.test("encodeSafetensors() writes the reference implementation's bytes", async () => {
  const tensors = new Map([
    ["10", tensor([1], { device, dtype: "uint8" })],
    ["b", tensor([1.5, -2], { device })],
    ["a", tensor([3], { device, dtype: "int32" })],
    ["9", tensor([[true]], { device })],
    ["c", tensor([0.5], { device, dtype: "bfloat16" })],
    ["a.b", tensor([2], { device })],
  ]);
  const bytes = await encodeSafetensors(tensors, { metadata: { k: "v" } });
  const header = '{"__metadata__":{"k":"v"},' +
    '"a.b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
    '"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},' +
    '"a":{"dtype":"I32","shape":[1],"data_offsets":[12,16]},' +
    '"c":{"dtype":"BF16","shape":[1],"data_offsets":[16,18]},' +
    '"10":{"dtype":"U8","shape":[1],"data_offsets":[18,19]},' +
    '"9":{"dtype":"BOOL","shape":[1,1],"data_offsets":[19,20]}}';
  const data = [0, 0, 0, 0x40, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 3, 0, 0, 0, 0, 0x3f, 1, 1];
  const expected = fileOf(header.padEnd(Math.ceil(header.length / 8) * 8), data);
  assert(header.length % 8 !== 0, "no padding to test");
  assertEquals(bytes, expected);
  assertEquals(decode(bytes).tensors.get("c")?.tolist(), [0.5]);
});

Deno.test("encodeSafetensors() writes views, and nothing at all", async () => {
  const t = tensor([[1, 2, 3], [4, 5, 6]], { device }).transpose(0, 1);
  const { tensors } = decode(await encodeSafetensors(new Map([["t", t]])));
  assertEquals(tensors.get("t")?.tolist(), [[1, 4], [2, 5], [3, 6]]);
  assertEquals(decode(await encodeSafetensors(new Map())).tensors.size, 0);
  await assertRejects(() => encodeSafetensors(new Map([["__metadata__", t]])), TypeError, "__metadata__");
});

Deno.test("decodeSafetensors() refuses what is no safetensors file", () => {
  refused(new Uint8Array(7), RangeError, "8 bytes", "size is 7");
  const long = new Uint8Array(16);
  new DataView(long.buffer).setBigUint64(0, 100_000_001n, true);
  refused(long, RangeError, "100000000", "100000001");
  refused(new Uint8Array(12).fill(9, 0, 1), RangeError, "ends at byte 17", "size is 12");
  refused(fileOf("[]"), SyntaxError, 'begin with "{"');
  refused(fileOf(" {}"), SyntaxError, 'begin with "{"');
  refused(fileOf("{"), SyntaxError, "JSON");
  const torn = fileOf('{"é":1}');
  refused(torn.with(10, 0x28), SyntaxError, "UTF-8");
  assertEquals(decode(fileOf("{}")).tensors.size, 0);
});

Deno.test("decodeSafetensors() refuses names that come twice", () => {
  const a = JSON.stringify(entry("U8", [1], 0, 1));
  refused(fileOf(`{"a":${a},"a":${a}}`, [0]), SyntaxError, '"a" comes twice');
  refused(fileOf(`{"a":${a},"\\u0061":${a}}`, [0]), SyntaxError, '"a" comes twice');
  refused(fileOf(`{"__metadata__":{"k\\"":"1","k\\"":"2"}}`), SyntaxError, "comes twice");
  refused(
    fileOf(`{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, [0]),
    SyntaxError,
    "dtype",
  );
  const same = { __metadata__: { a: "a", b: "a" }, a: entry("U8", [1], 0, 1) };
  assertEquals(decode(fileOf(same, [7])).tensors.get("a")?.tolist(), [7]);
});

Deno.test("decodeSafetensors() refuses entries of the wrong kind", () => {
  const bad = (value: unknown, kind: new (message: string) => Error, ...parts: string[]) =>
    refused(fileOf({ bad: value }, [0, 0, 0, 0]), kind, '"bad"', ...parts);
  bad(3, TypeError, "object");
  bad({ ...entry("F32", [1], 0, 4), more: 1 }, TypeError, "more");
  bad(entry("F33", [1], 0, 4), TypeError, "F33");
  bad(entry("toString", [1], 0, 4), TypeError, "toString");
  bad({ ...entry("F32", [1], 0, 4), shape: 1 }, TypeError, "shape");
  bad(entry("F32", [-1], 0, 4), TypeError, "shape");
  bad(entry("F32", [0.5], 0, 4), TypeError, "shape");
  bad({ ...entry("F32", [1], 0, 4), data_offsets: [0, 4, 8] }, TypeError, "data_offsets");
  bad(entry("F32", [2], 0, 4), RangeError, "8 bytes");
  bad(entry("F32", [2 ** 40, 2 ** 40], 0, 4), RangeError);
  bad(entry("F4", [3], 0, 4), RangeError, "12 bits");
  refused(fileOf({ __metadata__: { a: 1 } }), TypeError, "__metadata__");
});

Deno.test("decodeSafetensors() reads the rest of a file with dtypes that there are none of", () => {
  const others: readonly (readonly [type: string, bytes: number])[] = [
    ["F8_E4M3", 1],
    ["F8_E5M2", 1],
    ["I8", 1],
    ["I16", 2],
    ["U16", 2],
    ["U32", 4],
    ["U64", 8],
    ["C64", 8],
  ];
  for (const [type, size] of others) {
    const header = {
      a: entry("U8", [2], 0, 2),
      odd: entry(type, [1], 2, 2 + size),
      z: entry("BOOL", [1], 2 + size, 3 + size),
    };
    const { tensors, unread } = decode(fileOf(header, [5, 6, ...new Array<number>(size).fill(1), 1]));
    assertEquals([...tensors.keys()], ["a", "z"]);
    assertEquals([tensors.get("a")?.tolist(), tensors.get("z")?.tolist()], [[5, 6], [true]]);
    assertEquals([...unread], [["odd", type]]);
    assertEquals([tensors.has("odd"), tensors.has("b"), tensors.get("b")], [true, false, undefined]);
    assertThrows(
      () => tensors.get("odd"),
      TypeError,
      `Cannot read "odd" of x.safetensors as there are no tensors of its dtype: current dtype is ${type}`,
    );
  }
});

Deno.test("encodeSafetensors() writes a shared tensor under each of its names", async () => {
  const x = tensor([1, 2], { device });
  const { tensors } = decode(await encodeSafetensors(new Map([["a.weight", x], ["b.weight", x]])));
  assertEquals([tensors.get("a.weight")?.tolist(), tensors.get("b.weight")?.tolist()], [[1, 2], [1, 2]]);
});

Deno.test("decodeSafetensors() refuses holes, overlaps and bytes beyond", () => {
  const u8 = (start: number, end: number) => entry("U8", [end - start], start, end);
  refused(fileOf({ a: u8(0, 2), b: u8(3, 4) }, [1, 2, 3, 4]), RangeError, '"b"', "side by side");
  refused(fileOf({ a: u8(0, 2), b: u8(1, 4) }, [1, 2, 3, 4]), RangeError, '"b"', "side by side");
  refused(fileOf({ a: u8(1, 4) }, [1, 2, 3, 4]), RangeError, '"a"');
  refused(fileOf({ a: u8(0, 5) }, [1, 2, 3, 4]), RangeError, '"a"', "current size");
  refused(fileOf({ a: u8(0, 3) }, [1, 2, 3, 4]), RangeError, "tensors end at");
  assertEquals(decode(fileOf({ b: u8(2, 4), a: u8(0, 2) }, [1, 2, 3, 4])).tensors.get("b")?.tolist(), [3, 4]);
});

Deno.test("encodeSafetensors() and decodeSafetensors() keep every digit of int64", async () => {
  const values = [2n ** 62n + 1n, -(2n ** 63n), 2n ** 53n + 1n, -1n];
  const bytes = await encodeSafetensors(new Map([["x", tensor(values, { device })]]));
  assertEquals(decode(bytes).tensors.get("x")?.tolist({ bigint: true }), values);
});

Deno.test("saveSafetensors() puts a whole file in the place of another", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.safetensors");
    for (const value of [1, 2]) await saveSafetensors(path, new Map([["x", tensor([value], { device })]]));
    assertEquals((await loadSafetensors(path, { device })).tensors.get("x")?.tolist(), [2]);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
    const blocked = join(folder, "folder");
    await Deno.mkdir(blocked);
    await Deno.writeTextFile(join(blocked, "in"), "");
    await assertRejects(() => saveSafetensors(blocked, new Map()));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 2);
    await Deno.writeFile(path, fileOf({ a: 1 }));
    await assertRejects(() => loadSafetensors(path, { device }), TypeError, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
