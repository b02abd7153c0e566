import { assertEquals, assertThrows } from "@std/assert";
import * as core from "../mod.ts";
import { checkCall } from "../kernel.ts";
import { Device, ReferenceBackend, tensor } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, -2], [3, 4]], { device });
// Hides the type of a function from the compiler, as in a program without types.
const untyped = (f: unknown): (...given: unknown[]) => unknown => f as (...given: unknown[]) => unknown;
const relu = untyped(core.relu), softmax = untyped(core.softmax);

Deno.test("checkCall() shows an operand that is no tensor, and how to make one", () => {
  assertThrows(
    () => relu([1, 2]),
    TypeError,
    "Cannot apply relu() as operands must be tensors: current ones are [1, 2], make one by tensor([1, 2])",
  );
  assertThrows(
    () => untyped(core.sum)("x"),
    TypeError,
    'Cannot apply sum() as operands must be tensors: current ones are "x"',
  );
  assertThrows(
    () => untyped(core.reshape)(undefined, [2]),
    TypeError,
    "Cannot apply reshape() as operands must be tensors",
  );
  assertThrows(() => untyped(core.add)(2, "a"), TypeError, 'operands must be tensors: current ones are "a"');
});

Deno.test("checkCall() shows the beginning of what is long, and no more of what goes round", () => {
  const says = (value: unknown): string => assertThrows(() => relu(value), TypeError).message;
  assertEquals(says(Array(1e6).fill(7)).length < 500, true);
  const round: Record<string, unknown> = {};
  round.self = round;
  assertEquals(says(round).length < 250, true);
});

Deno.test("checkCall() refuses arguments behind the last one", () => {
  assertThrows(
    () => softmax(x, 1, 2),
    TypeError,
    "Cannot apply softmax() as it takes at most 2 arguments: current ones are a tensor of shape [2, 2] and 1 and 2",
  );
  assertThrows(
    () => relu(x, true),
    TypeError,
    "Cannot apply relu() as it takes 1 argument: current ones are a tensor of shape [2, 2] and true, " +
      "to change x itself write x.relu_()",
  );
  assertThrows(() => untyped(core.log)(x, 2), TypeError, "Cannot apply log() as it takes 1 argument");
  assertThrows(() => untyped(core.exp)(x, {}), TypeError, "Cannot apply exp() as it takes 1 argument");
  for (const name of ["exp", "numel", "item", "backward", "t"] as const) {
    const given = [...name === "item" || name === "backward" ? [{}] : [], 3];
    if (name === "numel") continue;
    assertThrows(
      () => Reflect.apply(x[name], x, given),
      TypeError,
      `Cannot apply ${name}() as it takes ${given.length === 1 ? "no arguments" : "1 argument"}: current one`,
    );
  }
});

Deno.test("checkCall() takes functions of one argument as callbacks of map and forEach, and no others", () => {
  const xs = [x, x.neg()];
  assertEquals(xs.map(core.relu).map((y) => y.tolist()), [[[1, 0], [3, 4]], [[0, 2], [0, 0]]]);
  xs.forEach(core.relu);
  xs.flatMap(core.relu);
  const advice = "as a callback write (x) => softmax(x)";
  assertThrows(() => xs.map(softmax), TypeError, advice);
  // The index alone says too little: log(x, 2) is no callback.
  assertThrows(() => Array.from(xs, relu), TypeError, "as a callback write (x) => relu(x)");
  assertThrows(() => relu(x, 1, xs), TypeError, "Cannot apply relu()");
});

Deno.test("checkCall() knows what each letter stands for", () => {
  const list = [x, x], nothing = undefined;
  const takes: Record<string, readonly unknown[]> = {
    x: [x],
    X: [x, null, nothing],
    n: [x, 1],
    l: [list, []],
    L: [list, [], null, nothing],
    m: [x, list],
    M: [x, list, nothing],
    i: [x, list, new Set(list)],
    v: [x, [1]],
    r: [x, 1, [1]],
    R: [x, 1, [1], nothing],
    d: [1],
    D: [1, nothing],
    s: [[1], []],
    S: [[1], [], nothing],
    p: [1, [1], [null, 2], []],
    b: [true],
    B: [true, nothing],
    f: [relu],
    F: [relu, nothing],
    t: ["a"],
    T: ["a", nothing],
    a: [[1], list, []],
    y: [new Uint8Array(1)],
    o: [{}],
    O: [{}, null, nothing],
  };
  const values = [
    x,
    list,
    [],
    [1],
    [null, 2],
    1,
    true,
    "a",
    relu,
    {},
    null,
    nothing,
    new Uint8Array(1),
    new Set(list),
  ];
  // Arrays and typed arrays are also objects and iterables.
  const also = new Map<string, readonly unknown[]>([
    ["l", [[]]],
    ["m", [[]]],
    ["M", [[]]],
    ["i", [[], [1], [null, 2], new Uint8Array(1)]],
    ["v", [[]]],
    ["r", [[]]],
    ["R", [[]]],
    ["o", [list, [], [1], [null, 2], new Uint8Array(1), new Set(list)]],
    ["O", [list, [], [1], [null, 2], new Uint8Array(1), new Set(list)]],
    ["a", [[null, 2]]],
  ]);
  const key = (value: unknown): string => Deno.inspect(value);
  for (const [letter, right] of Object.entries(takes)) {
    const fits = new Set([...right, ...also.get(letter) ?? []].map(key));
    for (const value of values) {
      const call = () => checkCall("f", [value], letter);
      if (fits.has(key(value))) call();
      else assertThrows(call, TypeError, "Cannot apply f() as ", `${letter} of ${key(value)}`);
    }
  }
  checkCall("f", [x, x, x], "x+");
  assertThrows(() => checkCall("f", [x, x, 1], "x+"), TypeError, "operands must be tensors");
  checkCall("f", [x, 1, "a"], "x*");
});
