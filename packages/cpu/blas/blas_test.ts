import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Device, Generator, tensor } from "@troodon/core";
import { CpuBackend } from "../backend.ts";
import { CpuContext } from "../context.ts";
import type { Extents, Matrix } from "../gemm/matrix.ts";
import { CpuMemory } from "../memory.ts";
import { Address, OPERANDS } from "../plan/address.ts";
import { Binding } from "../plan/binding.ts";
import { Planner } from "../plan/planner.ts";
import { Blas } from "./blas.ts";
import { BlasGemm } from "./blas_gemm.ts";
import { findBlas } from "./find.ts";

const { library } = findBlas("auto");

/** A test of the library itself, which is skipped where there is none. */
function testNative(name: string, fn: () => void): void {
  const ignore = library === null;
  Deno.test({ name: ignore ? `${name} (skipped as no native BLAS is found)` : name, ignore, fn });
}

const chance = new Generator(11);
/** Small whole numbers, whose sums of products are exact in any order. */
const integers = (length: number): number[] => Array.from({ length }, () => chance.integer(9) - 4);

/** With `threads` others than this one take part in all that can be divided. */
function native(threads = 1): { context: CpuContext; memory: CpuMemory; blas: Blas } {
  const memory = new CpuMemory(), context = new CpuContext(memory, { threads, grain: 0 });
  const blas = context.blas = new Blas(library!, memory);
  blas.threads = threads;
  return { context, memory, blas };
}

/** A matrix at an address. */
interface Placed extends Omit<Matrix, "pointer"> {
  readonly pointer: number;
}

/** Plans a product of matrices that lie in slots of their own, or in the same one; runs it, and tells whether it could. */
function multiply(
  { context, memory, blas }: ReturnType<typeof native>,
  type: "float32" | "float64" | "int32",
  extents: Extents,
  placed: readonly Placed[],
): boolean {
  const planner = new Planner(context), bases: number[] = [];
  const [a, b, c, addend] = placed.map(({ pointer, row, column }): Matrix => {
    const known = bases.indexOf(pointer), slot = known < 0 ? bases.push(pointer) - 1 : known;
    return { pointer: new Address(OPERANDS + slot, 0), row, column };
  }) as [Matrix, Matrix, Matrix, Matrix?];
  const gemm = BlasGemm.plan(planner, blas, type, extents, a, b, c);
  if (gemm === null) return false;
  planner.run(gemm.divided(a, b, c, addend) ?? [gemm.whole(a, b, c, addend)], gemm.nanoseconds);
  const binding = new Binding(planner.finish(OPERANDS + bases.length, null), memory);
  binding.moveOperands(bases);
  binding.run(context);
  return true;
}

testNative("BlasGemm multiplies every layout with every addend", () => {
  checkProducts(native(), [[1, 1, 1], [1, 5, 7], [7, 5, 1], [5, 1, 6], [9, 4, 3], [17, 33, 10]]);
});

testNative("BlasGemm multiplies every layout with every addend by several threads", () => {
  const shared = native(3);
  checkProducts(shared, [[3, 5, 70], [70, 5, 3], [40, 9, 40]]);
  shared.context.threads.close();
});

/** Compares products of [m, k] by [k, n] with what they must be. */
function checkProducts(own: ReturnType<typeof native>, extents: readonly number[][]): void {
  const { context, memory } = own;
  for (const type of ["float32", "float64"] as const) {
    const bytes = type === "float32" ? 4 : 8;
    const numbers = (): Float32Array | Float64Array => type === "float32" ? memory.f32 : memory.f64;
    for (const [m, k, n] of extents as [number, number, number][]) {
      for (let bits = 0; bits < 48; bits++) {
        const [turnA, turnB, gap, kind] = [bits & 1, bits & 2, bits & 4 ? 3 : 0, bits >> 3];
        /** A matrix of its own bytes, of chance numbers. */
        const matrix = (rows: number, columns: number, turned: boolean) => {
          const stride = (turned ? rows : columns) + gap, length = stride * (turned ? columns : rows);
          const { pointer } = memory.allocate(bytes * length), data = integers(length);
          numbers().set(data, pointer / bytes);
          const [row, column] = turned ? [1, stride] : [stride, 1];
          const at = (i: number, j: number): number => data[i * row + j * column]!;
          return { matrix: { pointer, row: row * bytes, column: column * bytes }, at, data };
        };
        const a = matrix(m, k, turnA > 0), b = matrix(k, n, turnB > 0), c = matrix(m, n, false);
        // None, c itself, one of its own, a row for all, one with gaps.
        const other = matrix(m, n, false), row = { ...other.matrix, row: 0 };
        const addend = [undefined, c.matrix, other.matrix, row, undefined, c.matrix][kind];
        const added = (i: number, j: number): number =>
          addend === undefined ? 0 : addend === c.matrix ? c.at(i, j) : other.at(addend === row ? 0 : i, j);
        const expected = c.data.slice(), stride = c.matrix.row / bytes;
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = added(i, j);
            for (let s = 0; s < k; s++) sum += a.at(i, s) * b.at(s, j);
            expected[i * stride + j] = sum;
          }
        }
        const matrices = [a.matrix, b.matrix, c.matrix, ...addend ? [addend] : []];
        assert(multiply(own, type, { m, n, k }, matrices), "all of these are dense one way or the other");
        context.clear();
        const start = c.matrix.pointer / bytes;
        assertEquals([...numbers().slice(start, start + expected.length)], expected);
      }
    }
  }
}

testNative("BlasGemm leaves other layouts and integers alone", () => {
  const own = native(), extents = { m: 4, n: 4, k: 4 };
  const dense = { pointer: own.memory.allocate(256).pointer, row: 16, column: 4 };
  const takes = (a = dense, c = dense): boolean => multiply(own, "float32", extents, [a, dense, c]);
  assert(takes());
  assert(!takes({ ...dense, row: 8 }));
  assert(!takes({ ...dense, row: 32, column: 8 }));
  assert(!takes({ ...dense, row: -16 }));
  assert(!takes({ ...dense, row: 0 }));
  assert(!takes(dense, { ...dense, row: 4, column: 16 }));
  assert(!multiply(own, "int32", extents, [dense, dense, dense]));
});

testNative("Blas finds the memory where it was after it grew", () => {
  const own = native(), { memory } = own, buffer = memory.memory.buffer.byteLength;
  memory.allocate(64 * 1024 * 1024);
  assert(memory.memory.buffer.byteLength > buffer);
  const { pointer } = memory.allocate(48), at = pointer / 4;
  memory.f32.set([1, 2, 3, 4, 5, 6, 7, 8], at);
  const matrix = (offset: number) => ({ pointer: pointer + offset, row: 8, column: 4 });
  assert(multiply(own, "float32", { m: 2, n: 2, k: 2 }, [matrix(0), matrix(16), matrix(32)]));
  assertEquals([...memory.f32.slice(at + 8, at + 12)], [19, 22, 43, 50]);
});

testNative(
  "CpuBackend gives products by BLAS that are those without, for batches and any number of threads",
  () => {
    const x = integers(3 * 20 * 30), y = integers(3 * 30 * 25), bias = integers(25);
    const large = integers(200 * 200);
    const products = [{ blas: "auto" }, { blas: "auto", threads: 2 }, { blas: "off" }].map((own) => {
      using backend = new CpuBackend({ ...own, native: "off" }), device = new Device(backend);
      const a = tensor(x, { device }).reshape([3, 20, 30]), b = tensor(y, { device }).reshape([3, 30, 25]);
      const square = tensor(large, { device }).reshape([200, 200]);
      return [
        a.matmul(b),
        a.transpose(1, 2).matmul(a),
        b.matmul(b.transpose(-1, -2)),
        a.matmul(b.select(0, 1)).add(tensor(bias, { device })),
        a.to("float64").matmul(b.to("float64")),
        square.matmul(square),
      ].map((result) => result.tolist());
    });
    assertEquals(products[0], products[2]);
    assertEquals(products[1], products[2]);
  },
);

testNative("CpuBackend names the library", () => {
  using named = new CpuBackend({ blas: "auto", native: "off" });
  assert(named.describe().includes(` + ${library!.name}, `));
  assertEquals(named.blas, "native BLAS by --allow-ffi");
});

Deno.test("CpuBackend does without a native BLAS", () => {
  using backend = new CpuBackend({ blas: "off", native: "off" });
  assertMatch(backend.describe(), /^cpu: WebAssembly SIMD( \(relaxed\))?, \d+ threads?$/);
  assertEquals(backend.blas, "no native BLAS as it is off");
});

Deno.test("findBlas() refuses a path where there is none", () => {
  const error = assertThrows(() => findBlas("/nowhere/libnothing.so"), TypeError);
  assertMatch(error.message, /^Cannot use the BLAS library "\/nowhere\/libnothing.so" as it must be one/);
});

Deno.test({
  name: "findBlas() finds none without the permission, and never asks",
  permissions: { ffi: false, env: false },
  fn: () => {
    assertEquals(findBlas(), { library: null, why: "no native BLAS without --allow-ffi" });
    assertThrows(() => findBlas("libopenblas.so.0"), TypeError, "--allow-ffi must be given");
  },
});
