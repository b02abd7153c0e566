import { assert, assertEquals } from "@std/assert";
import {
  body,
  expr as e,
  type MatmulCall,
  type ProgramLaunch,
  type ProgramView,
  type ReduceCall,
} from "@troodon/core/kernel";
import { launch, map, view } from "./build_support_test.ts";
import { fuse } from "./fuse.ts";
import { fused, LIMITS, programOf } from "./fuse_support_test.ts";

const X = e.input(0), Y = e.input(1);
const of = (slot: number, ...shape: number[]): ProgramView => view(slot, shape.length === 0 ? [4] : shape);

const SUM: ReduceCall = {
  kernel: "reduce",
  op: "sum",
  body: body(X),
  compute: "float32",
  scalars: [],
  shape: [4, 6],
  axes: [1],
};
const PRODUCT: MatmulCall = { kernel: "matmul", scalars: [] };

const TURNED = view(1, [4, 6], { strides: [1, 4] });

Deno.test("fuse() puts a map into the map that reads it: in another shape, transposed, cut out, repeated", () => {
  const twice = (
    read: ProgramView,
    to: ProgramView,
  ) => [map(e.exp(X), [of(0, 24)], of(1, 24)), map(e.mul(X, X), [read], to)];
  const one = "map i0;exp(0);mul(1,1)=>2 0 -> 2";
  assertEquals(fused(programOf(twice(of(1, 24), of(2, 24)), 1)), [one]);
  assertEquals(fused(programOf(twice(of(1, 4, 6), of(2, 4, 6)), 1)), [one]);
  assertEquals(fused(programOf(twice(TURNED, of(2, 4, 6)), 1)), [one]);
  assertEquals(fused(programOf(twice(view(1, [5], { offset: 3 }), of(2, 5)), 1)), [one]);
  // A costly map that is read repeatedly is calculated once.
  const repeated = view(1, [3, 24], { strides: [0, 1] });
  assertEquals(fused(programOf(twice(repeated, of(2, 3, 24)), 1)).length, 2);
  const cheap = [map(e.neg(X), [of(0, 24)], of(1, 24)), map(e.exp(X), [repeated], of(2, 3, 24))];
  assertEquals(fused(programOf(cheap, 1)), ["map i0;neg(0);exp(1)=>2 0 -> 2"]);
});

Deno.test("fuse() reads what several maps read once, with other axes each", () => {
  const launches = [
    map(e.exp(X), [of(0, 4, 4)], of(1, 4, 4)),
    map(e.sub(X, Y), [of(1, 4, 4), view(1, [4, 4], { strides: [1, 4] })], of(2, 4, 4)),
  ];
  assertEquals(fused(programOf(launches, 1)), ["map i0;exp(0);i1;exp(2);sub(1,3)=>4 0,0 -> 2"]);
});

Deno.test("fuse() puts maps into the body of a reduction, and behind its end", () => {
  const launches = [
    map(e.mul(X, Y), [of(0, 24), of(1, 24)], of(2, 24)),
    launch(SUM, [of(2, 4, 6)], [view(3, [4, 1], { strides: [1, 0] })]),
    map(e.mul(X, e.scalar(0)), [of(3, 4)], of(4, 4), { scalars: [0.25] }),
  ];
  assertEquals(fused(programOf(launches, 2, 3)), [
    "reduce i0;i1;mul(0,1)=>2 post i0;s0;mul(0,1)=>2 0,1 -> 4",
  ]);
});

Deno.test("fuse() makes a map the epilogue of a product, with its operands and wherever it writes", () => {
  const product = launch(PRODUCT, [of(0, 4, 3), of(1, 3, 6)], [of(2, 4, 6)]);
  const bias = view(3, [4, 6], { strides: [0, 1] });
  const launches = [
    product,
    map(e.add(X, Y), [of(2, 4, 6), bias], of(4, 4, 6)),
    map(e.tanh(X), [view(4, [6, 4], { strides: [1, 6] })], of(5, 6, 4)),
  ];
  assertEquals(fused(programOf(launches, 2, 4)), ["matmul epilogue i0;i1;add(0,1);tanh(2)=>3 0,1,3 -> 5"]);
  // A copy changes the destination, without an epilogue.
  const copied = [product, map(X, [of(2, 24)], view(3, [24], { offset: 2 }))];
  assertEquals(fused(programOf(copied, 2)), ["matmul 0,1 -> 3"]);
  // Rows split in two do not fit a matrix view.
  const cut = [product, map(e.neg(X), [view(2, [4, 2, 3])], view(3, [4, 2, 3], { strides: [3, 12, 1] }))];
  assertEquals(fused(programOf(cut, 2)).length, 2);
});

Deno.test("fuse() lets any kernel read the source of a copy, and write where its result is copied to", () => {
  const scan = { kernel: "scan", op: "sum", axis: 1, reverse: false } as const;
  const launches = [
    map(X, [view(0, [4, 6], { strides: [1, 4] })], of(1, 4, 6)),
    launch(scan, [of(1, 4, 6)], [of(2, 4, 6)]),
    map(X, [view(2, [6, 4], { strides: [1, 6] })], of(3, 6, 4)),
  ];
  const { program } = fuse(programOf(launches, 1, 2), LIMITS);
  assertEquals(fused(programOf(launches, 1, 2)), ["scan 0 -> 3"]);
  assertEquals(program.launches[0]!.inputs[0]!.strides, [1, 4]);
  assertEquals(program.launches[0]!.outputs[0]!.strides, [1, 4]);
  // Rows cannot be read as columns of another length, and fused kernels read no columns.
  const flat = [launches[0]!, launch({ ...scan, axis: 0 }, [of(1, 24)], [of(2, 24)])];
  assertEquals(fused(programOf(flat, 1)).length, 2);
  const softmax = [launches[0]!, launch({ kernel: "softmax" }, [of(1, 4, 6)], [of(2, 4, 6)])];
  assertEquals(fuse(programOf(softmax, 1), LIMITS).program.launches.length, 2);
});

Deno.test("fuse() writes what others read as well beside the result", () => {
  const launches = [
    map(e.exp(X), [of(0, 24)], of(1, 24)),
    map(e.neg(X), [of(1, 4, 6)], of(2, 4, 6)),
    launch(SUM, [of(1, 4, 6)], [view(3, [4, 1])]),
  ];
  assertEquals(fused(programOf(launches, 1)), ["map i0;exp(0);neg(1)=>2,1 0 -> 2,1", "reduce i0=>0 1 -> 3"]);
});

Deno.test("fuse() makes one of two maps that read the same, unless one needs the other in between", () => {
  const [a, b] = [map(e.exp(X), [of(0, 24)], of(1, 24)), map(e.neg(X), [of(0, 4, 6)], of(2, 4, 6))];
  assertEquals(fused(programOf([a, b])), ["map i0;exp(0);neg(0)=>1,2 0 -> 1,2"]);
  const between = launch(SUM, [of(1, 4, 6)], [view(3, [4, 1])]);
  const needs = map(e.mul(X, Y), [of(0, 4, 6), view(3, [4, 6], { strides: [1, 0] })], of(2, 4, 6));
  assertEquals(fused(programOf([a, between, needs])).length, 3);
  const changes = map(e.abs(X), [of(0, 24)], of(0, 24));
  assertEquals(fused(programOf([a, changes, b])).length, 2);
});

Deno.test("fuse() calculates what is cheap wherever it is read, with numbers of its own", () => {
  const launches = [
    map(e.mul(X, e.scalar(0)), [of(0, 6)], of(1, 6), { scalars: [3] }),
    launch({ ...SUM, body: body(e.add(X, e.scalar(0))), scalars: [2] }, [
      view(1, [4, 6], { strides: [0, 1] }),
    ], [view(2, [4, 1])]),
    launch({ ...SUM, axes: [0] }, [view(1, [4, 6], { strides: [0, 1] })], [view(3, [1, 6])]),
  ];
  assertEquals(fused(programOf(launches, 1)), [
    "reduce i0;s0;mul(0,1);s1;add(2,3)=>4 0 -> 2",
    "reduce i0;s0;mul(0,1)=>2 0 -> 3",
  ]);
});

Deno.test("fuse() rounds as memory does, or refuses", () => {
  const half = (slot: number) => view(slot, [4], { dtype: "float16" }),
    bool = (slot: number) => view(slot, [4], { dtype: "bool" });
  const float = { compute: "float32" } as const;
  const rounded = [map(e.exp(X), [of(0)], half(1)), map(e.mul(X, X), [half(1)], of(2))];
  assertEquals(fused(programOf(rounded, 1)).length, 2);
  const read = [map(X, [half(0)], of(1), float), map(e.mul(X, X), [of(1)], of(2))];
  assertEquals(fused(programOf(read, 1)), ["map i0;mul(0,0)=>1 0 -> 2"]);
  const tested = [map(e.less(X, 1), [of(0)], bool(1), float), map(e.where(X, 2, 3), [bool(1)], of(2))];
  assertEquals(fused(programOf(tested, 1)), ["map i0;1;less(0,1);2;3;where(2,3,4)=>5 0 -> 2"]);
  const truth = [map(X, [of(0)], bool(1), float), map(e.mul(X, 5), [bool(1)], of(2))];
  assertEquals(
    fused(programOf(truth, 1)),
    ["map 0;i0;notEqual(1,0);5;mul(2,3)=>4 0 -> 2"].map((text) =>
      text.replace("0;i0;notEqual(1,0);5;mul(2,3)=>4", "i0;0;notEqual(0,1);5;mul(2,3)=>4")
    ),
  );
  const whole = view(1, [4], { dtype: "int32" });
  const cut = [map(e.mul(X, 2), [of(0)], whole, float), map(e.add(X, 0.5), [whole], of(2), float)];
  assertEquals(fused(programOf(cut, 1)).length, 2);
});

Deno.test("fuse() moves coordinates where axes stay whole, and refuses where they do not", () => {
  const at = map(e.add(X, e.coordinate(1)), [of(0, 4, 6)], of(1, 4, 6));
  const turned = [
    at,
    map(e.add(X, e.mul(10, e.coordinate(0))), [view(1, [6, 4], { strides: [1, 6] })], of(2, 6, 4)),
  ];
  assertEquals(fused(programOf(turned, 1)), ["map i0;p0;add(0,1);10;mul(1,3);add(2,4)=>5 0 -> 2"]);
  assertEquals(fused(programOf([at, map(e.neg(X), [of(1, 24)], of(2, 24))], 1)).length, 1);
  assertEquals(fused(programOf([at, map(e.add(X, e.coordinate(0)), [of(1, 24)], of(2, 24))], 1)).length, 2);
  const row = view(1, [6], { offset: 12 });
  assertEquals(
    fused(
      programOf(
        [map(e.add(X, e.coordinate(0)), [of(0, 4, 6)], of(1, 4, 6)), map(e.neg(X), [row], of(2, 6))],
        1,
      ),
    ),
    [
      "map i0;2;add(0,1);neg(2)=>3 0 -> 2",
    ],
  );
});

Deno.test("fuse() draws random numbers for the same elements, and of one call only", () => {
  const random = { random: { seed: [1, 2], offset: [3, 0] } } as const;
  const drawn = map(e.add(X, e.random(0)), [of(0, 24)], of(1, 24), random);
  assertEquals(fused(programOf([drawn, map(e.neg(X), [of(1, 4, 6)], of(2, 4, 6))], 1)).length, 1);
  assertEquals(fused(programOf([drawn, map(e.neg(X), [TURNED], of(2, 4, 6))], 1)).length, 2);
  assertEquals(
    fused(programOf([drawn, map(e.neg(X), [view(1, [3], { offset: 2 })], of(2, 3))], 1)).length,
    2,
  );
  const both = map(e.add(X, e.random(1)), [of(1, 24)], of(2, 24), {
    random: { seed: [1, 2], offset: [9, 0] },
  });
  assertEquals(fused(programOf([drawn, both], 1)).length, 2);
  const beside = map(e.mul(X, e.random(1)), [of(0, 24)], of(2, 24), {
    random: { seed: [1, 2], offset: [9, 0] },
  });
  assertEquals(fused(programOf([drawn, beside])).length, 2);
  assertEquals(fused(programOf([drawn, map(e.neg(X), [of(0, 4, 6)], of(2, 4, 6))])).length, 1);
});

Deno.test("fuse() keeps what is changed on the way, what lies elsewhere, and what is over a limit", () => {
  const [a, b] = [map(e.exp(X), [of(0)], of(1)), map(e.neg(X), [of(1)], of(2))];
  const overwritten = map(e.constant(1), [], of(0)), changed = map(e.sin(X), [of(3)], of(2));
  // Neither may the map go down, as its operand changes, nor its reader up, as its result does.
  assertEquals(fused(programOf([a, overwritten, map(e.cos(X), [of(2)], of(3)), b], 1)).length, 4);
  assertEquals(fused(programOf([a, overwritten, b], 1)).length, 2);
  assertEquals(fused(programOf([a, changed, b], 1)).length, 2);
  // A result over an operand that is read in another order.
  const over = map(e.neg(X), [view(1, [4, 4], { strides: [1, 4] })], of(0, 4, 4));
  assertEquals(fused(programOf([map(e.exp(X), [of(0, 4, 4)], of(1, 4, 4)), over], 1)).length, 2);
  assertEquals(fused(programOf([a, b], 1), { buffers: 2 }).length, 1);
  const three = [map(e.add(X, Y), [of(0), of(3)], of(1)), b];
  assertEquals(fused(programOf(three, 1), { buffers: 2 }).length, 2);
  assertEquals(fused(programOf([a, b], 1), { functions: 1 }).length, 2);
  const given = launch(PRODUCT, [of(0, 2, 2), of(1, 2, 2)], [of(2, 2, 2)]);
  assertEquals(fused(programOf([given, map(e.neg(X), [of(2, 2, 2)], of(3, 2, 2))])).length, 2);
});

Deno.test("fuse() reads a changed intermediate as it was changed", () => {
  const launches = [
    map(e.exp(X), [of(0)], of(1)),
    map(e.neg(X), [of(1)], of(2)),
    map(e.add(X, Y), [of(1), of(2)], of(1)),
    map(e.mul(X, Y), [of(2), of(1)], of(3)),
  ];
  fused(programOf(launches, 2));
  fused(programOf(launches, 1, 2));
});

Deno.test("fuse() leaves launches that run together", () => {
  const launches = [0, 1].map((i) => ({ ...map(e.exp(X), [of(i)], of(2 + i)), together: 0 }));
  const program = programOf([...launches, map(e.neg(X), [of(2)], of(4))], 2);
  assertEquals(fused(program).length, 3);
});

Deno.test("fuse() numbers live values of both anew", () => {
  const live = (launch: ProgramLaunch, number: number): ProgramLaunch => ({
    ...launch,
    live: [{ kind: "scalar", index: 0, number }],
  });
  const by = e.mul(X, e.scalar(0));
  const { program } = fuse(
    programOf([
      live(map(by, [of(0)], of(1), { scalars: [2] }), 4),
      live(map(e.add(X, e.scalar(0)), [of(1)], of(2), { scalars: [3] }), 5),
    ], 1),
    LIMITS,
  );
  assertEquals(program.launches.length, 1);
  const { call, live: found } = program.launches[0]!;
  assertEquals(found, [{ kind: "scalar", index: 0, number: 4 }, { kind: "scalar", index: 1, number: 5 }]);
  assert(call.kernel === "map");
  assertEquals([call.scalars, call.body.key], [[2, 3], "i0;s0;mul(0,1);s1;add(2,3)=>4"]);
});

Deno.test("fuse() says why maps stand alone", () => {
  const launches = [
    map(e.exp(X), [of(0)], view(1, [4], { dtype: "float16" })),
    map(e.neg(X), [view(1, [4], { dtype: "float16" })], of(2)),
  ];
  assertEquals(fuse(programOf(launches, 1), LIMITS).notFused, [
    { maker: 0, reader: 1, reason: "the intermediate is rounded to float16" },
  ]);
});
