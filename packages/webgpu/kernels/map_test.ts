import { assertEquals } from "@std/assert";
import type { DType } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { compare, kernelTests, noise, picks, run } from "../test_support.ts";

const test = await kernelTests();

const SUM = body(e.add(e.input(0), e.input(1)));
const ITSELF = body(e.input(0));

test("map() broadcasts, transposes, flips and skips", async (b) => {
  const shape = [3, 4, 8],
    x = noise(96),
    call = { kernel: "map", body: SUM, compute: "float32", scalars: [], shape } as const;
  const layouts = [
    [[32, 8, 1], 0],
    [[0, 8, 1], 4],
    [[32, 0, 1], 0],
    [[32, 8, 0], 1],
    [[1, 3, 12], 0],
    [[-32, -8, -1], 95],
    [[0, 0, 0], 5],
  ] as const;
  for (const [strides, offset] of layouts) {
    for (const [others, start] of layouts.slice(0, 5)) {
      await compare(
        b,
        call,
        [{ dtype: "float32", shape, data: x, strides, offset }, {
          dtype: "float32",
          shape,
          data: noise(96, 3),
          strides: others,
          offset: start,
        }],
        [{ dtype: "float32", shape }],
      );
    }
  }
});

test("map() converts between all dtypes, in fours and singly", async (b) => {
  const dtypes: DType[] = ["float32", "float16", "bfloat16", "int32", "uint8", "bool"];
  for (const from of dtypes) {
    for (const to of dtypes) {
      const floating = from.includes("float") || to.includes("float");
      const compute = floating ? "float32" : "int32";
      const data = from.includes("float")
        ? [0, -0.5, 1.5, 300.25, -7, 65504, 0.0001, NaN, 2, 3, 4]
        : picks(11, 250);
      if (from === "bool") data.forEach((x, i) => data[i] = x & 1);
      const call = { kernel: "map", body: ITSELF, compute, scalars: [], shape: [11] } as const;
      await compare(b, call, [{ dtype: from, shape: [11], data }], [{ dtype: to, shape: [11] }]);
      // Every other element, between others that must stay.
      const spread = { dtype: to, shape: [5], data: new Array(11).fill(1), strides: [2], offset: 1 };
      await compare(
        b,
        { ...call, shape: [5] },
        [{ dtype: from, shape: [5], data, strides: [2], offset: 1 }],
        [spread],
      );
    }
  }
});

test("map() leaves what follows a view as it was", async (b) => {
  for (const dtype of ["float32", "uint8", "float16"] as const) {
    const output = { dtype, shape: [6], data: new Array(12).fill(9), offset: 4 };
    const call = { kernel: "map", body: ITSELF, compute: "float32", scalars: [], shape: [6] } as const;
    await compare(b, call, [{ dtype, shape: [6], data: [1, 2, 3, 4, 5, 6] }], [output]);
  }
});

test("map() has several outputs, numbers of the call, and positions", async (b) => {
  const two = body(
    e.add(e.input(0), e.mul(e.scalar(0), e.coordinate(1))),
    e.sub(e.input(0), e.div(e.scalar(1), e.sub(1, e.scalar(0)))),
  );
  const call = { kernel: "map", body: two, compute: "float32", scalars: [0.999, 2], shape: [5, 7] } as const;
  const result = { dtype: "float32", shape: [5, 7] } as const;
  await compare(b, call, [{ ...result, data: noise(35) }], [result, result], 1e-6);
});

test("map() draws the numbers that every backend draws", async (b) => {
  const words = body(...[0, 1, 2, 3].map((word) => e.random(word)));
  for (const shape of [[8], [3, 3]]) {
    const call = {
      kernel: "map",
      body: words,
      compute: "float32",
      scalars: [],
      shape,
      random: { seed: [123456789, 987654321], offset: [0xfffffffd, 7] },
    } as const;
    const outputs = words.outputs.map(() => ({ dtype: "float32" as const, shape }));
    await compare(b, call, [], outputs);
  }
});

test("map() reads more numbers than one slot holds", async (b) => {
  const terms = Array.from({ length: 150 }, (_, i) => e.mul(e.scalar(i), e.add(e.input(0), i)));
  const many = body(terms.reduce((sum, term) => e.add(sum, term)));
  for (const start of [1, 2]) {
    const scalars = terms.map((_, i) => (start + i) % 7);
    const call = { kernel: "map", body: many, compute: "float32", scalars, shape: [3] } as const;
    await compare(b, call, [{ dtype: "float32", shape: [3], data: [1, 2, 3] }], [{
      dtype: "float32",
      shape: [3],
    }], 1e-6);
  }
});

test("map() changes a tensor in place", async (b) => {
  const buffer = b.allocate(16),
    view = { buffer, dtype: "float32", shape: [4], strides: [1], offset: 0 } as const;
  b.write(buffer, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
  const call = { kernel: "map", body: SUM, compute: "float32", scalars: [], shape: [4] } as const;
  b.launch(call, [view, view], [view]);
  assertEquals([...new Float32Array((await b.read(buffer)).buffer)], [2, 4, 6, 8]);
  b.release(buffer);
});

test("map() keeps NaN, infinities and signs of 0", async (b) => {
  const x = [NaN, Infinity, -Infinity, 0, -0, 1, NaN, -Infinity],
    y = [1, NaN, Infinity, -0, 0, NaN, NaN, -Infinity];
  const expressions = [
    e.max(e.input(0), e.input(1)),
    e.min(e.input(0), e.input(1)),
    e.mul(e.input(0), 0),
    e.where(e.less(e.input(0), 0), 0, e.input(0)),
    e.isNan(e.input(0)),
    e.notEqual(e.input(0), e.input(0)),
    e.div(1, e.input(0)),
    e.where(e.equal(e.input(0), Infinity), NaN, -Infinity),
  ];
  for (const one of expressions) {
    const call = { kernel: "map", body: body(one), compute: "float32", scalars: [], shape: [8] } as const;
    await compare(
      b,
      call,
      [x, y].map((data) => ({ dtype: "float32", shape: [8], data })),
      [{ dtype: "float32", shape: [8] }],
    );
  }
});

test("map() does not take sums apart", async (b) => {
  const call = {
    kernel: "map",
    body: body(e.sub(e.add(e.input(0), e.input(1)), e.input(1))),
    compute: "float32",
    scalars: [],
    shape: [4],
  } as const;
  const inputs = [[1, 2, 3, 5], [1e8, 1e8, 1e8, 1e8]].map((data) => ({
    dtype: "float32" as const,
    shape: [4],
    data,
  }));
  // 1e8 and 1 to 3 are 1e8 in float32, and 1e8 and 5 are the next number.
  assertEquals(await run(b, call, inputs, [{ dtype: "float32", shape: [4] }]), [[0, 0, 0, 8]]);
});
