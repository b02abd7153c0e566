import { assert, assertEquals, assertThrows } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { FAMILY_CASES } from "./family_cases_test.ts";
import type { FamilyCase } from "./operand_cases_test.ts";
import { KERNELS } from "./kernels/mod.ts";
import { CpuMemory } from "./memory.ts";
import { lengthOf, Place } from "./place_test.ts";

const named = ({ call, inputs }: FamilyCase): string =>
  `${call.kernel} of ${inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(", ")}`;

/** What each case gives in a context of its own. */
const expected = FAMILY_CASES.map((family) => new Place().run(family));

Deno.test("KERNELS has a case for each kernel", () => {
  assertEquals(new Set(FAMILY_CASES.map(({ call }) => call.kernel as string)), new Set(Object.keys(KERNELS)));
});

Deno.test("KERNELS change their outputs", () => {
  FAMILY_CASES.forEach((family, i) => {
    const before = new Place();
    family.outputs.forEach((output, o) => {
      assert(before.bytes(before.view(output)).join() !== expected[i]![o]!.join(), `${named(family)} ${o}`);
    });
  });
});

Deno.test("KERNELS give the same wherever operands lie, with one plan", () => {
  for (const threads of [1, 3]) {
    const place = new Place({ threads, grain: threads === 1 ? 15_000 : 0 });
    for (const round of [0, 1, 2]) {
      FAMILY_CASES.forEach((family, i) => {
        const plans = place.context.plans.calls;
        assertEquals(place.run(family), expected[i], `${named(family)}, round ${round}`);
        if (round > 0) assertEquals(place.context.plans.calls, plans);
        // All that is allocated from now on lies elsewhere.
        if (i % 3 === 0) place.memory.allocate(64 << i % 8);
      });
    }
    place.context.threads.close();
  }
});

Deno.test("KERNELS give the same with a cache of one call or two", () => {
  for (const calls of [1, 2]) {
    const place = new Place({ plans: { calls } });
    for (const round of [0, 1]) {
      FAMILY_CASES.forEach((family, i) => {
        assertEquals(place.run(family), expected[i], `${named(family)}, round ${round}`);
        assert(place.context.plans.calls <= calls);
      });
    }
  }
});

Deno.test("KERNELS leave no memory behind but the tables of their plans", () => {
  const place = new Place(), used = (): number => place.memory.report.live - place.context.plans.bytes;
  for (const family of FAMILY_CASES) {
    const before = used();
    for (let i = 0; i < 2; i++) place.run(family);
    assertEquals(used(), before, named(family));
  }
  place.context.plans.clear();
  assertEquals(place.memory.report.live, 0);
});

Deno.test("KERNELS read no further than the margins of memory, at its start and at its end", () => {
  // So small that its end is soon reached: whatever is read beyond it is an error.
  const size = 64 * 65536, memory = new CpuMemory(size), place = new Place({}, memory);
  // All of it is taken from the system, and free but for the start and the end.
  const first = memory.allocate(65536).pointer,
    pages = Array.from({ length: 62 }, () => memory.allocate(65536));
  for (let left = memory.limit - first - 63 * 65536, bytes = 32768; bytes >= 64; bytes /= 2) {
    if (left >= bytes) left -= memory.allocate(bytes).bytes;
  }
  assertEquals(memory.report.live, memory.limit - first);
  for (const page of pages) memory.release(page);
  assertEquals(memory.memory.buffer.byteLength, size);
  assertEquals(first, 64);
  FAMILY_CASES.forEach((family, i) => {
    const count = family.inputs.length + family.outputs.length;
    for (let operand = 0; operand < count; operand++) {
      const end = (o: number, bytes: number) => o === operand ? memory.limit - bytes : undefined;
      assertEquals(place.run(family, end), expected[i], `${named(family)}: operand ${operand} at the end`);
      const start = (o: number) => o === operand ? first : undefined;
      assertEquals(
        place.run(family, start),
        expected[i],
        `${named(family)}: operand ${operand} at the start`,
      );
    }
  });
});

/** Calls that fail for what is in one of their inputs: its number, and what must not be in it. */
const FAILING: readonly { readonly family: FamilyCase; readonly input: number; readonly bad: number }[] = [
  ...FAMILY_CASES.filter(({ call }) => call.kernel === "gather").map((family) => ({
    family,
    input: 1,
    bad: 9,
  })),
  ...FAMILY_CASES.filter(({ call }) => call.kernel === "scatter").map((family) => ({
    family,
    input: 0,
    bad: -1,
  })),
  ...FAMILY_CASES.filter(({ call }) => call.kernel === "crossEntropy" || call.kernel === "crossEntropyLoss")
    .map((family) => ({ family, input: 1, bad: 1000 })),
];

Deno.test("KERNELS go on after an index or a class that does not exist, and leave no memory behind", () => {
  assert(FAILING.length >= 11);
  for (const threads of [1, 2, 3]) {
    const place = new Place({ threads, grain: 0 });
    const used = (): number => place.memory.report.live - place.context.plans.bytes;
    // The first time threads take memory for themselves.
    for (const { family } of FAILING) place.run(family);
    for (const { family, input, bad } of FAILING) {
      const good = expected[FAMILY_CASES.indexOf(family)], { inputs } = family, before = used();
      const { length } = Array.from({ length: lengthOf(inputs[input]!) });
      for (const at of [0, length >> 1, length - 1]) {
        const spoiled = { ...inputs[input]!, value: (i: number) => i === at ? bad : inputs[input]!.value(i) };
        const failing = { ...family, inputs: inputs.with(input, spoiled) };
        const error = assertThrows(() => place.run(failing), RangeError, "Cannot apply", named(family));
        if (!family.call.kernel.startsWith("cross")) {
          assert(error.message.endsWith(`current index is ${bad}`), error.message);
        }
        assertEquals(place.run(family), good, `${named(family)} after an error with ${threads} threads`);
      }
      assertEquals(used(), before, named(family));
    }
    place.context.threads.close();
  }
});

Deno.test("KERNELS tell the first of several indices that do not exist", () => {
  const family = FAMILY_CASES.find(({ call }) => call.kernel === "gather")!, { inputs } = family;
  const value = (i: number): number => i >= 20 ? 100 + i : 0;
  const failing = { ...family, inputs: [inputs[0]!, { ...inputs[1]!, value }] };
  for (const threads of [1, 3]) {
    const place = new Place({ threads, grain: 0 });
    for (let i = 0; i < 5; i++) {
      assertThrows(() => place.run(failing), RangeError, "current index is 120");
      assertEquals(place.run(family), expected[FAMILY_CASES.indexOf(family)]);
    }
    place.context.threads.close();
  }
});

Deno.test("KERNELS leave nothing behind after a map without the state it draws from", () => {
  const place = new Place(), output = place.view(FAMILY_CASES[0]!.outputs[0]!), { shape } = output;
  const call: KernelCall = { kernel: "map", body: body(e.random()), compute: "float32", scalars: [], shape };
  const used = (): number => place.memory.report.live - place.context.plans.bytes, before = used();
  assertThrows(() => place.launch(call, [], [output]), TypeError, "random state");
  assertEquals(used(), before);
  place.release();
});
