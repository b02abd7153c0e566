// Holds for the published @std packages as for the stand-ins in scripts/std.
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { parseArgs } from "@std/cli";
import { fromFileUrl, join, SEPARATOR, toFileUrl } from "@std/path";

Deno.test("assertEquals() compares deeply", () => {
  assertEquals(new Float32Array([0, NaN]), new Float32Array([-0, NaN]));
  assertEquals([1, [2, { a: NaN }]], [1, [2, { a: NaN }]]);
  assertEquals(new Map([[1, 2]]), new Map([[1, 2]]));
  const different: [unknown, unknown][] = [
    [new Float32Array([0]), [0]],
    [new Float32Array([0, 1]), new Float32Array([0, 2])],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new Set([1]), new Set([1, 3])],
    [new Date(5), new Date(4)],
    [{ a: undefined }, {}],
    [[1, undefined], [1]],
    ["1", 1],
  ];
  for (const [a, b] of different) {
    assertNotEquals(a, b);
    assertThrows(() => assertEquals(a, b));
  }
});

Deno.test("assertThrows() and assertRejects() check class and message", async () => {
  const fail = (): never => {
    throw new RangeError("Cannot do it");
  };
  const error: RangeError = assertThrows(fail, RangeError, "do it");
  assert(error instanceof RangeError);
  assertThrows(() => assertThrows(() => 1));
  assertThrows(() => assertThrows(fail, TypeError));
  assertThrows(() => assertThrows(fail, RangeError, "do that"));
  await assertRejects(() => Promise.reject(new TypeError("No")), TypeError, "No");
  await assertRejects(() => assertRejects(() => Promise.resolve(1)));
  await assertRejects(() => assertRejects(() => Promise.reject(new TypeError("No")), RangeError));
  const caught: unknown = error;
  assertInstanceOf(caught, Error);
  assertEquals(caught.message, "Cannot do it");
});

Deno.test("parseArgs() reads flags by their kind", () => {
  const unknown: string[] = [];
  const line = "--lr=0.1 --epochs 3 --help runs/x --no-shuffle --bad 7 --tag a --tag b 5 -l 1 -- --z";
  const args = parseArgs(line.split(" "), {
    string: ["lr", "epochs", "tag", "model", "device", "loss"],
    boolean: ["help", "shuffle"],
    negatable: ["shuffle"],
    collect: ["tag"],
    alias: { loss: "l" },
    default: { model: "cnn", shuffle: true },
    unknown: (arg, key) => {
      if (key !== undefined) unknown.push(arg);
      return key === undefined;
    },
  });
  const model: string = args.model, help: boolean = args.help, tag: string[] = args.tag;
  const lr: string | undefined = args.lr, device: string | undefined = args.device;
  assertEquals([model, help, lr, device, args.shuffle, args.loss], [
    "cnn",
    true,
    "0.1",
    undefined,
    false,
    "1",
  ]);
  assertEquals(tag, ["a", "b"]);
  assertEquals(args._, ["runs/x", 5, "--z"]);
  assertEquals(unknown, ["--bad"]);
});

Deno.test("paths go to file URLs and back", () => {
  const path = join(Deno.cwd(), "a b", "c.txt");
  assertEquals(fromFileUrl(toFileUrl(path)), path);
  assertEquals(join("a", "..", "b"), "b");
  assertEquals(join("a", "b"), `a${SEPARATOR}b`);
});
