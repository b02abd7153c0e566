import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import {
  type ByteRange,
  Device,
  type DType,
  DTYPES,
  fromTypedArray,
  isFloating,
  promote,
  ReferenceBackend,
  type ReferenceBuffer,
  tensor,
  type TypedArray,
} from "./mod.ts";
import { bytesOf, computeType, typedView } from "./kernel.ts";

const device = new Device(new ReferenceBackend());

const NAMES: Readonly<Record<string, DType>> = {
  b: "bool",
  u8: "uint8",
  i32: "int32",
  i64: "int64",
  f16: "float16",
  bf: "bfloat16",
  f32: "float32",
  f64: "float64",
};

// torch.promote_types of PyTorch, which is what tensors with dimensions promote to.
const TABLE = `
      b   u8  i32 i64 f16 bf  f32 f64
b     b   u8  i32 i64 f16 bf  f32 f64
u8    u8  u8  i32 i64 f16 bf  f32 f64
i32   i32 i32 i32 i64 f16 bf  f32 f64
i64   i64 i64 i64 i64 f16 bf  f32 f64
f16   f16 f16 f16 f16 f16 f32 f32 f64
bf    bf  bf  bf  bf  f32 bf  f32 f64
f32   f32 f32 f32 f32 f32 f32 f32 f64
f64   f64 f64 f64 f64 f64 f64 f64 f64
`.trim().split("\n").map((line) => line.trim().split(/ +/));

Deno.test("promote() gives the types of PyTorch's table, in calls too", () => {
  const columns = TABLE[0]!;
  for (const [row, ...results] of TABLE.slice(1)) {
    results.forEach((result, i) => {
      const [a, b, expected] = [NAMES[row!]!, NAMES[columns[i]!]!, NAMES[result]!];
      assertEquals(promote(a, b), expected, `${a} and ${b}`);
      const y = tensor([1], { device, dtype: a }).mul(tensor([1], { device, dtype: b }));
      assertEquals([y.dtype, y.item()], [expected, 1], `${a} and ${b}`);
    });
  }
  assertEquals(TABLE.length, DTYPES.length + 1);
});

Deno.test("numbers take part in promotion by their kind: whole ones leave integers, others make them float32", () => {
  const sum = (dtype: DType, number: number): DType => tensor([1], { device, dtype }).add(number).dtype;
  assertEquals(DTYPES.map((dtype) => sum(dtype, 1)), [
    "int64",
    "uint8",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
  ]);
  assertEquals(DTYPES.map((dtype) => sum(dtype, 0.5)), [
    "float32",
    "float32",
    "float32",
    "float32",
    "float16",
    "bfloat16",
    "float32",
    "float64",
  ]);
  const divided = DTYPES.map((dtype) => tensor([1], { device, dtype }).div(1).dtype);
  assertEquals(divided, [
    "float32",
    "float32",
    "float32",
    "float32",
    "float16",
    "bfloat16",
    "float32",
    "float64",
  ]);
  const compared = DTYPES.map((dtype) => tensor([1], { device, dtype }).gt(0.5));
  assertEquals(compared.map((t) => t.dtype), DTYPES.map(() => "bool"));
  assertEquals(compared.map((t) => t.tolist()), DTYPES.map(() => [true]));
});

Deno.test("dtypes have their widths, kinds and types of calculation", () => {
  assertEquals(DTYPES.map((d) => [d, bytesOf(d), isFloating(d), computeType(d)]), [
    ["bool", 1, false, "int32"],
    ["uint8", 1, false, "int32"],
    ["int32", 4, false, "int32"],
    ["int64", 8, false, "int64"],
    ["float16", 2, true, "float32"],
    ["bfloat16", 2, true, "float32"],
    ["float32", 4, true, "float32"],
    ["float64", 8, true, "float64"],
  ]);
});

Deno.test("typedView() looks at the same bytes, from their offset", () => {
  const bytes = new Uint8Array(new ArrayBuffer(32), 8, 16);
  const kinds: Readonly<Record<DType, abstract new (...args: never[]) => TypedArray | BigInt64Array>> = {
    bool: Uint8Array,
    uint8: Uint8Array,
    int64: BigInt64Array,
    int32: Int32Array,
    float16: Float16Array,
    bfloat16: Uint16Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  for (const dtype of DTYPES) {
    const view = typedView(dtype, bytes);
    assertEquals([view.constructor, view.byteOffset, view.byteLength], [kinds[dtype], 8, 16]);
    assertStrictEquals(view.buffer, bytes.buffer);
  }
});

Deno.test("conversions round to the nearest, ties to even, and cut off what integers cannot hold", () => {
  const to = (values: number[], from: DType, dtype: DType): number[] =>
    [...tensor(values, { device, dtype: from }).to(dtype).dataSync()].map(Number);
  // 1 + 2^-8 and 1 + 3 * 2^-8 lie between two of bfloat16, 1 + 2^-11 and 1 + 3 * 2^-11 of float16.
  const [half, short] = [2 ** -8, 2 ** -11];
  const brain = [1 + half, 1 + 3 * half, 1 + half + 2 ** -20, -1 - half];
  assertEquals(to(brain, "float32", "bfloat16"), [1, 1 + 4 * half, 1 + 2 * half, -1]);
  const small = [1 + short, 1 + 3 * short, 1 + short + 2 ** -20, 65519, 65520, -65520, 2 ** -25, 2 ** -24];
  assertEquals(to(small, "float32", "float16"), [
    1,
    1 + 4 * short,
    1 + 2 * short,
    65504,
    Infinity,
    -Infinity,
    0,
    2 ** -24,
  ]);
  assertEquals(to([NaN, Infinity, -Infinity, 3.4e38], "float32", "bfloat16"), [
    NaN,
    Infinity,
    -Infinity,
    Infinity,
  ]);
  assertEquals(to([1.9, -1.9, 0.5, -0.5], "float32", "int32"), [1, -1, 0, 0]);
  assertEquals(to([0, -0, 0.1, NaN, -3], "float32", "bool"), [0, 0, 1, 1, 1]);
  assertEquals(to([16777217], "int32", "float32"), [16777216]);
  assertEquals(to([16777217], "int32", "float64"), [16777217]);
  assertEquals(to([1e300], "float64", "float32"), [Infinity]);
});

Deno.test("to() gives the tensor itself where nothing is to be converted", () => {
  const x = tensor([1], { device });
  assertStrictEquals(x.to("float32"), x);
  assertStrictEquals(x.float(), x);
  assertNotStrictEquals(x.double(), x);
});

Deno.test("fromTypedArray() and dataAsync() keep every element of every dtype", () => {
  const values = [0, 1, 1, 0];
  for (const dtype of DTYPES) {
    const x = fromTypedArray(Float64Array.from(values), [2, 2], { device, dtype });
    assertEquals([...x.dataSync()].map(Number), values);
    // From the middle of the memory, where the elements are not aligned.
    const part = x.reshape([4]).slice(0, 1, 3);
    assertEquals([...part.dataSync()].map(Number), [1, 1]);
    assertEquals([...x.t().dataSync()].map(Number), [0, 1, 1, 0]);
    assertEquals(x.tolist(), dtype === "bool" ? [[false, true], [true, false]] : [[0, 1], [1, 0]]);
  }
  const own: [TypedArray, DType][] = [
    [Float32Array.of(1.5), "float32"],
    [Float64Array.of(1.5), "float64"],
    [Float16Array.of(1.5), "float16"],
    [Int32Array.of(-7), "int32"],
    [Uint8Array.of(200), "uint8"],
  ];
  for (const [array, dtype] of own) {
    const t = tensor(array, { device });
    assertEquals([t.dtype, t.item()], [dtype, Number(array[0])]);
  }
  assertEquals(tensor([true, false], { device }).dtype, "bool");
  assertEquals(tensor([true, 1], { device }).dtype, "float32");
  assertEquals([tensor([], { device }).dtype, tensor([[]], { device }).shape], ["float32", [1, 0]]);
  const middle = new Float32Array(Float32Array.of(9, 1, 2, 9).buffer, 4, 2);
  assertEquals(tensor(middle, { device }).tolist(), [1, 2]);
});

Deno.test("dataSync() reads elements that a backend hands over anywhere in an array", () => {
  class Unaligned extends ReferenceBackend {
    override readSync(buffer: ReferenceBuffer, range?: ByteRange): Uint8Array {
      const bytes = super.readSync(buffer, range), moved = new Uint8Array(bytes.length + 1);
      moved.set(bytes, 1);
      return moved.subarray(1);
    }
  }
  const odd = new Device(new Unaligned());
  for (const dtype of DTYPES) {
    const x = tensor([0, 1, 1, 0], { device: odd, dtype });
    assertEquals([...x.dataSync()].map(Number), [0, 1, 1, 0], dtype);
    assertEquals(x.slice(0, 1).tolist(), dtype === "bool" ? [true, true, false] : [1, 1, 0], dtype);
  }
});
