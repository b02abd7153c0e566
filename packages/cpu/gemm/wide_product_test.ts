import { assertEquals } from "@std/assert";
import { Chance, context, cpuView, launch } from "../kernels/support_test.ts";
import { nativeContexts } from "../machine_code/native_support_test.ts";
import { planned } from "../plan/planned_kernel.ts";
import type { PlanView } from "../plan/plan.ts";
import type { CpuContext } from "../context.ts";
import type { CpuView } from "../view.ts";
import { Gemm } from "./gemm.ts";
import type { Extents, Matrix } from "./matrix.ts";
import type { NumberType } from "./number_type.ts";

type Name = NumberType["name"];
/** Layout of a matrix: dense rows, dense columns, or neither. */
type Order = "rows" | "columns" | "apart";

const chance = new Chance(11), native = nativeContexts(context.memory);

function strides(order: Order, rows: number, columns: number): readonly [number, number] {
  return order === "rows" ? [columns, 1] : order === "columns" ? [1, rows] : [2 * columns + 1, 2];
}

/** A matrix of random numbers: fractions, whose sums depend on their order, or integers. */
function matrix(dtype: Name, rows: number, columns: number, order: Order): CpuView {
  const [row, column] = strides(order, rows, columns), shape = [rows, columns];
  const length = (rows - 1) * row + (columns - 1) * column + 1;
  const data = Array.from(
    { length },
    () => dtype === "int32" ? chance.integer(-9, 9) : chance.integer(-1e6, 1e6) / 7,
  );
  return cpuView({ dtype, shape, strides: [row, column], offset: 0, data });
}

/** Calculates a product by tiles for any width, or by those for 16 bytes. */
const product = planned<{ readonly wide: boolean; readonly compute: Name }, void>({
  key: (key, { wide }, inputs, outputs) =>
    key.add(wide ? 1 : 0).layouts(inputs).layouts(outputs).shapes(inputs).shapes(outputs),
  plan(planner, { wide, compute }, inputs, [c]) {
    const bytes = compute === "float64" ? 8 : 4;
    const matrixOf = ({ address, strides: [row, column] }: PlanView): Matrix => (
      { pointer: address, row: row! * bytes, column: column! * bytes }
    );
    const [m, n] = c!.shape as [number, number], extents: Extents = { m, n, k: inputs[0]!.shape[1]! };
    const [a, b, addend] = inputs.map(matrixOf), gemm = new Gemm(planner, compute, extents, { wide });
    planner.run(gemm.divided(a!, b!, matrixOf(c!), addend) ?? [gemm.whole(a!, b!, matrixOf(c!), addend)], 0);
  },
});

/** Returns the bytes of a result with gaps between its rows. */
function run(
  within: CpuContext,
  wide: boolean,
  compute: Name,
  inputs: readonly CpuView[],
  m: number,
  n: number,
): Uint8Array {
  const data = Array.from({ length: m * (n + 3) }, (_, i) => i % 100);
  const c = cpuView({ dtype: compute, shape: [m, n], strides: [n + 3, 1], offset: 0, data });
  launch(product, { wide, compute }, inputs, [c], within);
  const { pointer, bytes } = c.buffer, result = context.memory.u8.slice(pointer, pointer + bytes);
  context.memory.release(c.buffer);
  return result;
}

/** Asserts that tiles for any width give the same bits as tiles for 16 bytes, in WebAssembly and in machine code. */
function assertSameBits(
  compute: Name,
  inputs: readonly CpuView[],
  m: number,
  n: number,
  title: string,
): void {
  const expected = run(context, false, compute, inputs, m, n);
  for (const within of [context, ...native]) {
    assertEquals(
      run(within, true, compute, inputs, m, n),
      expected,
      `${title}, ${within.threads.count} threads`,
    );
  }
}

const ORDERS: readonly Order[] = ["rows", "columns", "apart"];

for (const compute of ["float32", "float64", "int32"] as const) {
  Deno.test(`wideProduct() gives the bits of tiles for 16 bytes (${compute})`, () => {
    for (let i = 0; i < 180; i++) {
      const m = chance.integer(1, 20), n = chance.integer(1, 40), k = chance.integer(1, 30);
      const a = matrix(compute, m, k, ORDERS[i % 3]!),
        b = matrix(compute, k, n, ORDERS[Math.floor(i / 3) % 3]!);
      const inputs = [a, b, ...i % 2 === 0 ? [matrix(compute, i % 4 === 0 ? 1 : m, n, "rows")] : []];
      const views = inputs.map((view, t) =>
        t === 2 && view.shape[0] === 1 ? { ...view, shape: [m, n], strides: [0, 1] } : view
      );
      const title = `${m}x${k}x${n}, ${ORDERS[i % 3]} by ${
        ORDERS[Math.floor(i / 3) % 3]
      }, ${inputs.length} inputs`;
      assertSameBits(compute, views, m, n, title);
      for (const { buffer } of inputs) context.memory.release(buffer);
    }
  });
}

Deno.test("wideProduct() gives the bits of tiles for 16 bytes in several blocks and where rows clash", () => {
  const cases: readonly (readonly [number, number, number, Order, Order])[] = [
    [1, 300, 301, "rows", "rows"],
    [1, 300, 301, "rows", "columns"],
    [5, 700, 9, "rows", "rows"],
    [301, 5, 33, "rows", "columns"],
    [20, 7, 2100, "columns", "rows"],
    [60, 1024, 130, "rows", "rows"],
    [512, 330, 131, "columns", "columns"],
  ];
  for (const [m, k, n, left, right] of cases) {
    const a = matrix("float32", m, k, left), b = matrix("float32", k, n, right);
    assertSameBits("float32", [a, b], m, n, `${m}x${k}x${n}`);
    for (const { buffer } of [a, b]) context.memory.release(buffer);
  }
});
