import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { nearest } from "./nearest_name.ts";
import { type OptionKeys, pickOptions, readOptions } from "./options.ts";

interface StepOptions {
  readonly lr?: number;
  readonly weightDecay?: number;
}
const STEP_OPTIONS: OptionKeys<StepOptions> = { lr: true, weightDecay: true };
const read = (options: unknown) => readOptions("step()", options as StepOptions, STEP_OPTIONS);

Deno.test("readOptions() gives plain options back as they are, and an object without any for undefined", () => {
  const options = { lr: 1 };
  assertStrictEquals(read(options), options);
  assertEquals(read(undefined), {});
  assertEquals(read(Object.assign(Object.create(null), options)), options);
});

Deno.test("readOptions() leaves out what is undefined, so that it does not stand over a default", () => {
  assertEquals(Object.entries(read({ lr: undefined, weightDecay: 2 })), [["weightDecay", 2]]);
});

Deno.test("readOptions() reads what a class computes or inherits", () => {
  class Settings {
    readonly lr: number = 1;
    get weightDecay(): number {
      return 2;
    }
  }
  class Own extends Settings {
    override readonly lr = 3;
    describe(): string {
      return "not an option";
    }
  }
  assertEquals(read(new Own()), { lr: 3, weightDecay: 2 });
  assertEquals(read(Object.create({ lr: 4 })), { lr: 4 });
});

Deno.test("readOptions() names the option that was meant", () => {
  const meant = (options: unknown, message: string) => assertThrows(() => read(options), TypeError, message);
  meant(
    { weight_decay: 1 },
    "Cannot call step() as it has no option weight_decay: did you mean weightDecay?",
  );
  meant({ lr: 1, wieghtDecay: 1 }, "did you mean weightDecay?");
  meant({ learningRate: 1 }, "did you mean lr?");
  meant({ toString: 1 }, "it has no option toString: its options are lr and weightDecay");
  meant({ momentum: undefined }, "it has no option momentum");
  meant(
    new class {
      get weight_decay(): number {
        return 1;
      }
    }(),
    "did you mean weightDecay?",
  );
});

Deno.test("readOptions() shows how options are written in place of anything else", () => {
  for (const wrong of [0.5, false, "fast", null, [1], new Map(), () => 1, new Float32Array(2)]) {
    assertThrows(
      () => read(wrong),
      TypeError,
      "Cannot call step() as options are given by name: current argument is ",
    );
  }
  assertThrows(() => read(0.5), TypeError, "is 0.5, write { lr: 0.5 }; its options are lr and weightDecay");
  const one = { p: true } as const;
  const text: unknown = 0.3;
  assertThrows(() => readOptions("Drop", text as { p: number }, one), TypeError, "Cannot make Drop as");
});

Deno.test("pickOptions() hands on what another function has", () => {
  assertEquals(Object.entries(pickOptions({ lr: 1, weightDecay: undefined, p: 2 }, STEP_OPTIONS)), [[
    "lr",
    1,
  ]]);
});

Deno.test("nearest() finds snake case, capitals, initials, and few letters that differ", () => {
  const known = ["lr", "p", "keepdim", "labelSmoothing", "batchFirst"];
  assertEquals(
    ["label_smoothing", "LabelSmoothing", "learningRate", "keepdims", "kepdim", "bacthFirst", "size", "q"]
      .map((n) => nearest(n, known)),
    ["labelSmoothing", "labelSmoothing", "lr", "keepdim", "keepdim", "batchFirst", null, null],
  );
});
