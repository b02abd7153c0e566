/** Benchmark programs, compiled and uncompiled; `tests/long` has all programs and recipes. */
import { ReferenceBackend } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { PROGRAM_NAMES } from "../../bench/steps/programs/mod.ts";
import { openGpuBackend } from "./open_gpu.ts";
import { RECIPES } from "./recipes.ts";
import { assertTrainsAlike, trainingDevice } from "./trained.ts";

const RECIPE_NAMES = Object.keys(RECIPES);

for (const [i, program] of PROGRAM_NAMES.entries()) {
  const recipe = RECIPE_NAMES[i % RECIPE_NAMES.length]!;
  Deno.test(`compile() trains ${program} by ${recipe} on the CPU as without it, to the bit`, async () => {
    using device = trainingDevice(new CpuBackend({ threads: 1, blas: "off" }));
    await assertTrainsAlike(device, { program, recipe }, { fuse: false }, null);
  });
}

Deno.test("compile() joins kernels of programs on the CPU with results as without that", async () => {
  using device = trainingDevice(new CpuBackend({ threads: 1, blas: "off" }));
  for (const program of ["mlp", "cnn", "transformer"] as const) {
    await assertTrainsAlike(device, { program, recipe: RECIPE_NAMES[0]! }, {}, 1e-6);
  }
});

Deno.test("compile() trains on the reference backend as without it, to the bit", async () => {
  using device = trainingDevice(new ReferenceBackend());
  for (const program of ["sine", "lstm"] as const) {
    await assertTrainsAlike(device, { program, recipe: RECIPE_NAMES[1]!, steps: 10 }, { fuse: false }, null);
  }
});

Deno.test("compile() trains on a GPU as without it, to the bit", async () => {
  const backend = await openGpuBackend();
  if (backend === null) return;
  using device = trainingDevice(backend);
  await assertTrainsAlike(
    device,
    { program: "mlp", recipe: RECIPE_NAMES[1]!, steps: 10 },
    { fuse: false },
    null,
  );
});

Deno.test("compile() joins kernels of programs on a GPU with results as without that", async () => {
  const backend = await openGpuBackend();
  if (backend === null) return;
  using device = trainingDevice(backend);
  // The positions of max pooling are integers.
  await assertTrainsAlike(device, { program: "lenet", recipe: RECIPE_NAMES[0]!, steps: 6 }, {}, 1e-6);
});
