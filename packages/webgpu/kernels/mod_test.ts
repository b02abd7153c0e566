import { assertEquals } from "@std/assert";
import { sizeOf } from "@troodon/core/kernel";
import { EMPTY_KERNELS, type FilledOperand } from "@troodon/testing";
import { openBackend, type Plan, run } from "../test_support.ts";

const backend = await openBackend();

const planOf = ([dtype, shape, value]: FilledOperand): Plan => ({
  dtype,
  shape,
  data: new Array<number>(sizeOf(shape)).fill(value),
});

for (const [call, given, results, values] of EMPTY_KERNELS) {
  const inputs = given.map(planOf), outputs = results.map(planOf);
  const shapes = inputs.map(({ shape }) => `[${shape}]`).join();
  Deno.test({
    name: `KERNELS.${call.kernel}() takes operands without elements: ${shapes}`,
    ignore: !backend,
    async fn() {
      const found = await run(backend!, call, inputs, outputs);
      assertEquals(found, outputs.map(({ data }, i) => Array.from(data!, () => values[i]!)));
    },
  });
}
