import { assertEquals } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e, sizeOf } from "@troodon/core/kernel";
import { compare, noise, openBackend, type Plan, run } from "../test_support.ts";

const granted = await openBackend(), bare = await openBackend({ features: [] });
const f32 = (shape: readonly number[], seed = 1): Plan => (
  { dtype: "float32", shape, data: noise(sizeOf(shape), seed).map((x) => x * 1.001) }
);
const empty = (shape: readonly number[], dtype: Plan["dtype"] = "float32"): Plan => ({ dtype, shape });

const ITSELF = body(e.input(0));

/** What the reference backend has; conformance tries the others. */
const MANDATORY: ReadonlySet<string> = new Set(["reduce", "argreduce", "scan"]);

/** The call on a device with subgroups and on one without: right, and to the last bit the same. */
async function agreeOn(call: KernelCall, inputs: readonly Plan[], outputs: readonly Plan[]): Promise<void> {
  if (MANDATORY.has(call.kernel)) await compare(granted!, call, inputs, outputs, 2e-5);
  assertEquals(await run(granted!, call, inputs, outputs), await run(bare!, call, inputs, outputs));
}

Deno.test({
  name: "subgroups change no bit of what teams of all sizes agree on",
  ignore: !granted,
  async fn() {
    assertEquals(bare!.features.size, 0);
    const LENGTHS = [5, 17, 70, 300, 3000];
    for (const length of LENGTHS) {
      for (const lines of [1, 3]) {
        const x = f32([lines, length]);
        const call = { kernel: "reduce", compute: "float32", scalars: [] } as const, shape = x.shape;
        for (const op of ["sum", "max"] as const) {
          await agreeOn({ ...call, op, body: ITSELF, shape, axes: [1] }, [x], [empty([lines, 1])]);
        }
        const across = { ...f32([length, lines]) };
        await agreeOn({ ...call, op: "sum", body: ITSELF, shape: across.shape, axes: [0] }, [across], [
          empty([1, lines]),
        ]);
        await agreeOn({ kernel: "argreduce", op: "min", axis: 1 }, [x], [empty([lines, 1], "int32")]);
        await agreeOn({ kernel: "logSoftmax" }, [x], [empty(x.shape)]);
        for (const op of ["sum", "logaddexp"] as const) {
          await agreeOn({ kernel: "scan", op, axis: 1, reverse: lines > 1 }, [x], [empty(x.shape)]);
        }
      }
    }
  },
});

Deno.test({
  name: "subgroups change no bit of normalizations",
  ignore: !granted,
  async fn() {
    for (const [n, s] of [[3, 10], [4, 130], [2, 1100]] as const) {
      const x = f32([n, 3, s]), g = f32([n, 3, s], 2), c = [f32([3], 3), f32([3], 4)];
      await agreeOn({ kernel: "batchNorm", eps: 1e-5 }, [x, ...c], [empty(x.shape), empty([3]), empty([3])]);
      const rows = { ...x, shape: [3 * n, s] },
        slope = { ...g, shape: [3 * n, s] },
        of = [f32([s], 3), f32([s], 4)];
      const known = [empty(rows.shape), empty([3 * n]), empty([3 * n])];
      await agreeOn({ kernel: "layerNorm", eps: 1e-5 }, [rows, ...of], known);
      const [, mean, invStd] = await run(granted!, { kernel: "layerNorm", eps: 1e-5 }, [rows, ...of], known);
      const stats = [mean!, invStd!].map((data): Plan => ({ dtype: "float32", shape: [3 * n], data }));
      const gradients = [empty(rows.shape), empty([s]), empty([s])];
      await agreeOn({ kernel: "layerNormGrad" }, [slope, rows, ...stats, of[0]!], gradients);
    }
  },
});
