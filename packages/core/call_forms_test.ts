/** The forms of calls that PyTorch takes. */
import { assertEquals, assertThrows } from "@std/assert";
import * as core from "./mod.ts";
import { Device, ReferenceBackend, type Tensor, tensor, zeros } from "./mod.ts";

const device = new Device(new ReferenceBackend());

type Call = (...args: unknown[]) => Tensor;
const called = (owner: object, name: string): Call => {
  const call = (owner as Record<string, Call>)[name]!;
  return (...args) => call.apply(owner, args);
};

for (const name of ["zeros", "ones", "empty", "rand", "randn"]) {
  const call = called(core, name), make: Call = (...args) => core.withDevice(device, () => call(...args));
  Deno.test(`${name}() takes sizes one by one or as a list, and options behind`, () => {
    const made = [
      make(2, 3),
      make([2, 3]),
      make(2, 3, { dtype: "float64" }),
      make([2, 3], undefined),
      make(2),
    ];
    assertEquals(made.map((t) => t.shape), [[2, 3], [2, 3], [2, 3], [2, 3], [2]]);
    assertEquals([made[2]!.dtype, made[0]!.dtype], ["float64", "float32"]);
    assertEquals(make([]).shape, []);
    const says =
      `Cannot apply ${name}() as sizes must be numbers, or one array of them, and options an object such as ` +
      '{ dtype: "float64" }: ';
    assertThrows(() => make([2], "int32"), TypeError, says + 'current ones are [2], "int32"');
    assertThrows(() => make("2"), TypeError, says + 'current ones are "2"');
    assertThrows(() => make(), TypeError, says + "there are no arguments");
    assertThrows(() => make({ dtype: "int32" }), TypeError, says + 'current ones are { dtype: "int32" }');
    assertThrows(
      () => make(2, -1),
      RangeError,
      "extents must be whole numbers from 0: current shape is [2, -1]",
    );
  });
}

for (const name of ["newZeros", "newOnes", "newEmpty"]) {
  Deno.test(`${name}() takes sizes one by one or as a list, and a dtype behind`, () => {
    const make = called(tensor([1], { device, dtype: "float64" }), name);
    const made = [make(2, 3), make([2, 3]), make(2, 3, "int32"), make([2, 3], "int32")];
    assertEquals(made.map((t) => t.shape), [[2, 3], [2, 3], [2, 3], [2, 3]]);
    assertEquals(made.map((t) => t.dtype), ["float64", "float64", "int32", "int32"]);
    assertThrows(() => make("int32"), TypeError, `Cannot apply ${name}() as sizes must be numbers`);
  });
}

Deno.test("newZeros(), newOnes() and newFull() take options", () => {
  const x = tensor([1], { device }), other = new Device(new ReferenceBackend());
  for (
    const y of [
      x.newZeros(2, { dtype: "float64", device: other }),
      x.newFull([2], 0, { dtype: "float64", device: other }),
    ]
  ) {
    assertEquals([y.dtype, y.device === other, y.tolist()], ["float64", true, [0, 0]]);
  }
  assertThrows(
    () => called(x, "newFull")(2, 3),
    TypeError,
    "Cannot apply newFull() as there must be a list of sizes",
  );
});

for (
  const [name, sizes, shape] of [
    ["reshape", [3, -1], [3, 2]],
    ["view", [-1, 6], [1, 6]],
    ["permute", [1, 0], [3, 2]],
    ["expand", [4, -1, 3], [4, 2, 3]],
    ["broadcastTo", [4, 2, 3], [4, 2, 3]],
    ["repeat", [2, 1], [4, 3]],
    ["tile", [2], [2, 6]],
    ["flip", [0, 1], [2, 3]],
    ["sumToSize", [1, 3], [1, 3]],
  ] as const
) {
  Deno.test(`${name}() takes sizes one by one or as a list`, () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]], { device }), method = called(x, name), f = called(core, name);
    const made = [method(...sizes), method(sizes), f(x, ...sizes), f(x, sizes)];
    for (const y of made) assertEquals([y.shape, y.tolist()], [shape, made[1]!.tolist()]);
    const says = `Cannot apply ${name}() as sizes must be numbers, or one array of them: `;
    assertThrows(() => method("2", 3), TypeError, says + 'current ones are "2", 3');
    assertThrows(() => method(...sizes, { dim: 1 }), TypeError, says);
    assertThrows(() => method(), TypeError, says + "there are no arguments");
    assertThrows(() => method(x), TypeError, says + "current ones are a Tensor");
  });
}

Deno.test("arange(), eye() and randint() take options behind any number of arguments", () => {
  const options = { device, dtype: "float64" } as const;
  assertEquals(core.arange(3, options).tolist(), [0, 1, 2]);
  assertEquals(core.arange(1, 3, options).tolist(), [1, 2]);
  assertEquals(core.arange(3, undefined, undefined, options).dtype, "float64");
  assertEquals([core.eye(2, options).dtype, core.eye(2, 3, options).shape], ["float64", [2, 3]]);
  assertEquals(core.randint(10, [2, 3], options).shape, [2, 3]);
  const arange = called(core, "arange"), randint = called(core, "randint");
  assertThrows(
    () => arange(0, 1, 2, 3),
    TypeError,
    "as there must be 1 to 3 numbers, and options as an object behind",
  );
  assertThrows(() => arange("3"), TypeError, 'current arguments are "3"');
  assertThrows(() => called(core, "eye")(), TypeError, "Cannot apply eye() as there must be 1 to 2 numbers");
  assertThrows(() => randint(10), TypeError, "as in randint(10, [2, 3]): current arguments are 10");
  assertThrows(
    () => called(core, "full")(3, 7),
    TypeError,
    "as the shape must be an array of sizes, as in [2, 3]",
  );
});

Deno.test("zeros() leaves an empty shape a scalar and keeps requiresGrad", () => {
  assertEquals(zeros([], { device }).shape, []);
  assertEquals(zeros(1, 2, { device }).tolist(), [[0, 0]]);
});
