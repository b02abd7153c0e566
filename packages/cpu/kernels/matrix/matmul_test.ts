import type { DType, MatmulCall } from "@troodon/core";
import { body, expr as e, rowMajor, sizeOf } from "@troodon/core/kernel";
import { matmul } from "./matmul.ts";
import { assertAsReference, type Case, Chance } from "../support_test.ts";

const CALL: MatmulCall = { kernel: "matmul", scalars: [] };
const chance = new Chance(7);

/** A view of small whole numbers, whose sums of products are exact in any order. */
function numbers(dtype: DType, shape: readonly number[], layout: Partial<Case> = {}): Case {
  const { strides = rowMajor(shape), offset = 0 } = layout;
  const reach = shape.reduce(
    (sum, extent, axis) => sum + Math.max(0, (extent - 1) * strides[axis]!),
    offset + 1,
  );
  const low = dtype === "uint8" || dtype === "bool" ? 0 : -3, high = dtype === "bool" ? 1 : 3;
  const data = Array.from({ length: Math.max(reach, sizeOf(shape)) }, () => chance.integer(low, high));
  return { dtype, shape, strides, offset, data };
}

/** The same matrices in another order: columns first. */
function turned(dtype: DType, shape: readonly number[]): Case {
  const swap = (list: readonly number[]): number[] => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return numbers(dtype, shape, { strides: swap(rowMajor(swap(shape))) });
}

const layouts = [numbers, turned];

for (const dtype of ["float32", "float64", "int32"] as const) {
  Deno.test(`matmul() multiplies all extents from 1 to 17, transposed or not (${dtype})`, () => {
    for (let m = 1; m <= 17; m++) {
      for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 16, 17]) {
        const k = 1 + (m * n) % 17, pick = m + n;
        const a = layouts[pick & 1]!(dtype, [m, k]), b = layouts[pick >> 1 & 1]!(dtype, [k, n]);
        assertAsReference(matmul, CALL, [a, b], [layouts[m * n % 5 === 0 ? 1 : 0]!(dtype, [m, n])]);
      }
    }
  });

  Deno.test(`matmul() transposes every operand and the result (${dtype})`, () => {
    for (const [m, k, n] of [[6, 11, 10], [1, 9, 37], [37, 9, 1], [1, 40, 1], [3, 5, 70]] as const) {
      for (let which = 0; which < 8; which++) {
        const [a, b, c] = [1, 2, 4].map((bit) => layouts[which & bit ? 1 : 0]!);
        assertAsReference(matmul, CALL, [a!(dtype, [m, k]), b!(dtype, [k, n])], [c!(dtype, [m, n])]);
      }
    }
  });

  Deno.test(`matmul() works in blocks (${dtype})`, () => {
    for (const [m, k, n] of [[5, 700, 9], [261, 3, 5], [2, 3, 1100], [70, 330, 33]] as const) {
      assertAsReference(matmul, CALL, [numbers(dtype, [m, k]), turned(dtype, [k, n])], [
        numbers(dtype, [m, n]),
      ]);
    }
  });
}

for (const dtype of ["float32", "float64", "int32"] as const) {
  Deno.test(`matmul() multiplies one row by a large matrix, in whole and in parts (${dtype})`, () => {
    const sum = { ...CALL, epilogue: body(e.add(e.input(0), e.input(1))) };
    for (const [k, n] of [[260, 301], [77, 1030], [300, 255]] as const) {
      for (const layout of layouts) {
        const inputs = [numbers(dtype, [1, k]), layout(dtype, [k, n])], output = [numbers(dtype, [1, n])];
        assertAsReference(matmul, CALL, inputs, output);
        for (const strides of [[n, 1], [0, 1], [0, 0]]) {
          assertAsReference(matmul, sum, [...inputs, numbers(dtype, [1, n], { strides })], output);
        }
      }
    }
  });
}

Deno.test("matmul() goes over batches, repeated or not", () => {
  const cases: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
    [[3, 2, 5, 4], [40, 20, 4, 1], [60, 30, 6, 1]],
    [[3, 2, 5, 4], [0, 20, 4, 1], [30, 0, 6, 1]],
    [[3, 2, 5, 4], [40, 20, 4, 1], [0, 0, 6, 1]],
    [[3, 2, 5, 4], [40, 20, 4, 1], [0, 0, 1, 4]],
    [[3, 2, 5, 4], [20, 60, 4, 1], [0, 0, 6, 1]],
    [[3, 2, 1, 4], [8, 4, 99, 1], [0, 0, 6, 1]],
  ];
  for (const [shape, left, right] of cases) {
    const a = numbers("float32", shape, { strides: left }),
      b = numbers("float32", [3, 2, 4, 6], { strides: right });
    assertAsReference(matmul, CALL, [a, b], [numbers("float32", [3, 2, shape[2]!, 6])]);
  }
});

Deno.test("matmul() gives threads whole products of a batch", () => {
  for (const [batch, size] of [[[7], 48], [[3, 5], 45], [[2], 60]] as const) {
    const shape = [...batch, size, size];
    for (const layout of layouts) {
      assertAsReference(matmul, CALL, [layout("float32", shape), numbers("float32", shape)], [
        layout("float32", shape),
      ]);
    }
    const repeated = numbers("float32", shape, { strides: [...batch.map(() => 0), 1, size] });
    const sum = { ...CALL, epilogue: body(e.add(e.input(0), e.input(1))) };
    assertAsReference(matmul, sum, [numbers("float32", shape), repeated, numbers("float32", shape)], [
      numbers("float32", shape),
    ]);
  }
});

Deno.test("matmul() reads and writes any strides", () => {
  for (let i = 0; i < 200; i++) {
    const batch = i % 3 === 0 ? [chance.integer(1, 3)] : [];
    const [m, k, n] = [chance.integer(1, 7), chance.integer(1, 9), chance.integer(1, 11)];
    const view = (rows: number, columns: number, repeats: boolean): Case => {
      const shape = [...batch, rows, columns], { length, ...layout } = chance.layout(shape, repeats);
      return { ...layout, dtype: "float32", data: Array.from({ length }, () => chance.integer(-3, 3)) };
    };
    assertAsReference(matmul, CALL, [view(m, k, true), view(k, n, true)], [view(m, n, false)]);
  }
});

Deno.test("matmul() gives zeros for empty sums and nothing for empty results", () => {
  for (const [m, k, n] of [[3, 0, 4], [0, 3, 4], [3, 4, 0], [1, 0, 1]] as const) {
    const inputs = [numbers("float32", [m, k]), numbers("float32", [k, n])];
    assertAsReference(matmul, CALL, inputs, [numbers("float32", [m, n])]);
  }
});

Deno.test("matmul() converts the other dtypes", () => {
  for (const dtype of ["float16", "bfloat16", "uint8"] as const) {
    const inputs = [numbers(dtype, [5, 6]), turned(dtype, [6, 9])];
    assertAsReference(matmul, CALL, inputs, [numbers(dtype, [5, 9])]);
  }
});

Deno.test("matmul() applies its epilogue", () => {
  const sum = body(e.add(e.input(0), e.input(1)));
  const scaled = body(e.add(e.mul(e.scalar(0), e.input(0)), e.mul(e.scalar(1), e.input(1))));
  const relu = body(e.max(e.input(0), 0));
  for (const [m, k, n] of [[6, 5, 10], [1, 5, 10], [70, 400, 9], [9, 3, 1], [4, 0, 3]] as const) {
    const inputs = [numbers("float32", [m, k]), numbers("float32", [k, n])];
    const addends = [
      numbers("float32", [m, n]),
      turned("float32", [m, n]),
      numbers("float32", [m, n], { strides: [0, 1] }),
      numbers("float32", [m, n], { strides: [1, 0] }),
      numbers("float32", [m, n], { strides: [0, 0] }),
    ];
    for (const output of layouts) {
      for (const addend of addends) {
        const call = { ...CALL, epilogue: sum };
        assertAsReference(matmul, call, [...inputs, addend], [output("float32", [m, n])]);
        const weighted = { ...CALL, epilogue: scaled, scalars: [2, -0.5] };
        assertAsReference(matmul, weighted, [...inputs, addend], [output("float32", [m, n])]);
      }
      assertAsReference(matmul, { ...CALL, epilogue: relu }, inputs, [output("float32", [m, n])]);
    }
  }
});

Deno.test("matmul() keeps NaN and infinity to their rows and columns", () => {
  const a = numbers("float32", [5, 6]), b = numbers("float32", [6, 10]);
  const spoiled = { ...a, data: a.data.with(8, NaN) }, endless = { ...b, data: b.data.with(59, Infinity) };
  assertAsReference(matmul, CALL, [spoiled, endless], [numbers("float32", [5, 10])]);
});
