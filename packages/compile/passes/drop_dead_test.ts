import { assertEquals } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { launch, map, shown, slots, view } from "./build_support_test.ts";
import { dropDead } from "./drop_dead.ts";

const X = e.input(0);
const of = (slot: number) => view(slot, [4]);

Deno.test("dropDead() drops launches whose results nobody reads, and those that only they read", () => {
  const program = dropDead({
    slots: slots("given", "own", "own", "own"),
    launches: [
      map(e.neg(X), [of(0)], of(1)),
      map(e.exp(X), [of(1)], of(2)),
      map(e.abs(X), [of(0)], of(3)),
      map(e.sqrt(X), [of(3)], of(0)),
      map(e.log(X), [of(0)], of(3)),
    ],
  });
  assertEquals(shown(program), ["map i0;abs(0)=>1 0 -> 3", "map i0;sqrt(0)=>1 3 -> 0"]);
});

Deno.test("dropDead() keeps what a scatter adds to, and parts of what is read", () => {
  const index = view(1, [4], { dtype: "int32" });
  const launches = [
    map(e.constant(0), [], of(2)),
    launch({ kernel: "scatter", axis: 0, mode: "add" }, [index, of(0)], [of(2)]),
    map(e.neg(X), [of(0)], view(2, [2])),
    map(e.neg(X), [of(2)], of(0)),
  ];
  const program = { slots: slots("given", "given", "own"), launches };
  assertEquals(dropDead(program), program);
});

Deno.test("dropDead() drops results of maps, positions of pooling and gradients of biases", () => {
  const two = body(e.neg(X), e.exp(X));
  const window = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
  const image = view(0, [1, 1, 2, 2]), one = [1, 1, 1, 1];
  const program = dropDead({
    slots: slots("given", "own", "own", "given"),
    launches: [
      launch({ kernel: "map", body: two, compute: "float32", scalars: [], shape: [4] }, [of(0)], [
        of(1),
        of(0),
      ]),
      launch({ kernel: "maxPool2d", window }, [image], [view(3, one), view(2, one, { dtype: "int32" })]),
      launch({ kernel: "conv2dWeightGrad", window, groups: 1 }, [view(3, one), image], [
        view(3, [1, 1, 2, 2]),
        view(2, [1]),
      ]),
    ],
  });
  assertEquals(shown(program), ["map i0;exp(0)=>1 0 -> 0", "maxPool2d 0 -> 3", "conv2dWeightGrad 3,0 -> 3"]);
});
