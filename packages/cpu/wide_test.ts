import { assert, assertEquals } from "@std/assert";
import { FAMILY_CASES } from "./family_cases_test.ts";
import { Place } from "./place_test.ts";
import { CpuMemory } from "./memory.ts";
import { WIDE_CASES } from "./wide_cases_test.ts";
import { WideContext } from "./wide_context_test.ts";

/** Kernel families that build modules for vectors of any width. */
const FAMILIES = [
  ...[
    "argreduce",
    "avgPool2d",
    "avgPool2dGrad",
    "crossEntropy",
    "crossEntropyGrad",
    "layerNorm",
    "layerNormGrad",
    "logSoftmax",
  ],
  ...["logSoftmaxGrad", "map", "maxPool2d", "maxPool2dGrad", "reduce", "scatter", "softmax", "softmaxGrad"],
];

Deno.test("KERNELS give the same bits with vectors of 32 bytes", () => {
  const narrow = new Place(), wide = new Place({}, new CpuMemory(), WideContext), { context } = wide;
  for (const family of [...FAMILY_CASES, ...WIDE_CASES]) {
    const { call, inputs } = family, shapes = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
    assertEquals(wide.run(family), narrow.run(family), `${JSON.stringify(call)} of ${shapes}`);
  }
  assert(context instanceof WideContext);
  const { families } = context;
  assertEquals(FAMILIES.filter((family) => !families.has(family)), []);
});
