/** The forms of calls that PyTorch takes. */
import { assertEquals, assertThrows } from "@std/assert";
import { showArgument } from "./call_forms.ts";
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

const X = () => tensor([[3, 1, 2], [4, 6, 5]], { device });
const shown = (result: unknown): unknown =>
  result instanceof core.Tensor
    ? [result.shape, result.tolist()]
    : Array.from(result as Iterable<unknown>, shown);

// Each with the flag that PyTorch has behind the axis, by options, and all by name.
for (
  const [name, forms] of Object.entries<unknown[][]>({
    ...Object.fromEntries(
      "sum mean prod amax amin all any nansum nanmean argmax argmin logsumexp max min median nanmedian mode aminmax"
        .split(" ")
        .map((name) => [name, [[1, { keepdim: true }], [1, true], [{ dim: 1, keepdim: true }]]]),
    ),
    countNonzero: [[1], [{ dim: 1 }]],
    kthvalue: [[2, 1, { keepdim: true }], [2, 1, true], [2, { dim: 1, keepdim: true }]],
    quantile: [[0.5, 1, { keepdim: true }], [0.5, 1, true], [0.5, { dim: 1, keepdim: true }]],
    nanquantile: [[0.5, 1, { keepdim: true }], [0.5, 1, true], [0.5, { dim: 1, keepdim: true }]],
    norm: [[2, 1, { keepdim: true }], [2, 1, true], [2, { dim: 1, keepdim: true }], [{
      dim: 1,
      keepdim: true,
    }]],
    std: [[1, { correction: 0, keepdim: true }], [1, false, true], [{
      dim: 1,
      correction: 0,
      keepdim: true,
    }]],
    var: [[1, { correction: 0 }], [1, false], [{ dim: 1, unbiased: false }]],
    varMean: [[1, { correction: 0, keepdim: true }], [1, false, true], [{
      dim: 1,
      correction: 0,
      keepdim: true,
    }]],
    sort: [[0, { descending: true }], [0, true], [{ dim: 0, descending: true }]],
    argsort: [[0, { descending: true }], [0, true], [{ dim: 0, descending: true }]],
    topk: [[1, 1, { largest: false }], [1, 1, false], [1, 1, false, true], [1, {
      dim: 1,
      largest: false,
      sorted: true,
    }]],
    ...Object.fromEntries(
      "cumsum cumprod logcumsumexp cummax cummin softmax logSoftmax softmin unsqueeze squeeze unbind".split(
        " ",
      )
        .map((name) => [name, [[1], [{ dim: 1 }]]]),
    ),
    chunk: [[3, 1], [3, { dim: 1 }]],
    split: [[2, 1], [2, { dim: 1 }]],
  })
) {
  Deno.test(`${name}() takes the axis and what follows it as PyTorch does`, () => {
    const owner = name === "var" ? { ...core, var: core.variance } : core;
    const wanted = shown(called(X(), name)(...forms[0]!));
    for (const form of forms) {
      assertEquals(shown(called(X(), name)(...form)), wanted);
      if (name in owner) assertEquals(shown(called(owner, name)(X(), ...form)), wanted);
    }
    const misspelt = forms.at(-1)!.map((part) => typeof part === "object" ? { ...part, dim: "1" } : part);
    const { message } = assertThrows(() => called(X(), name)(...misspelt), RangeError);
    assertEquals(
      /^Cannot apply \w+\(\) as dim must be an integer from .*: current dim is .*"1"/.test(message),
      true,
      message,
    );
  });
}

Deno.test("std() and var() of all elements take PyTorch's flag by itself", () => {
  const x = X();
  assertEquals([x.std(false).item(), x.var(false).item()], [
    x.std({ correction: 0 }).item(),
    x.var({ unbiased: false }).item(),
  ]);
});

Deno.test("max() and min() of two tensors are maximum() and minimum()", () => {
  const [x, y] = [X(), X().mul(-1).add(5)];
  assertEquals([x.max(y).tolist(), core.min(x, y).tolist()], [x.maximum(y).tolist(), x.minimum(y).tolist()]);
});

Deno.test("cat() and stack() take the axis by name", () => {
  const x = X();
  assertEquals(core.cat([x, x], { dim: 1 }).shape, [2, 6]);
  assertEquals(core.stack([x, x], { dim: 2 }).shape, [2, 3, 2]);
});

Deno.test("results of several parts are taken by name, by number, and in order", () => {
  const x = X(), found = x.max(1), [values, indices] = found;
  assertEquals([values, indices, values], [found.values, found.indices, found[0]]);
  assertEquals([found[1].tolist(), Object.keys(found)], [[0, 1], ["values", "indices"]]);
  const square = x.narrow(1, 0, 2).to("float64");
  const parts: Iterable<Tensor>[] = [
    x.aminmax(),
    x.sort(),
    x.frexp(),
    x.histogram(2),
    core.linalg.qr(square),
    core.linalg.svd(square),
    core.linalg.eigh(square),
    core.linalg.lu(square),
    core.linalg.luFactor(square),
    core.linalg.slogdet(square),
    core.linalg.lstsq(square, square),
    core.maxPool2dWithIndices(tensor([[[1, 2], [4, 3]]], { device }), 2),
  ];
  for (const part of parts) {
    assertEquals([...part], Object.values(part));
    assertEquals([...part].map((_, i) => (part as unknown as Tensor[])[i]), Object.values(part));
  }
});

Deno.test("showArgument() shows anything in a line or two", () => {
  assertEquals(
    showArgument([1, "a", null, { b: [undefined] }, device]),
    '[1, "a", null, { b: [undefined] }, a Device]',
  );
  assertEquals(showArgument({ constructor: 3 }), "{ constructor: 3 }");
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = i % 2 ? [deep] : { deep };
  assertEquals(showArgument(deep).length < 100, true, showArgument(deep).slice(0, 200));
  assertEquals(showArgument("x".repeat(1e6)), `"${"x".repeat(200)}..."`);
  assertEquals(showArgument(Array(1e6).fill(0)).length, 3 * 40 + 5);
});
