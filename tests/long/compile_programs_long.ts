/** All benchmark programs, compiled and uncompiled, with all recipes on all backends. */
import { type Backend, ReferenceBackend } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { PROGRAM_NAMES } from "../../bench/steps/programs/mod.ts";
import { openGpuBackend } from "../compile/open_gpu.ts";
import { RECIPES } from "../compile/recipes.ts";
import { assertTrainsAlike, trainingDevice } from "../compile/trained.ts";

/** Backend with the number of steps, smaller for slow backends. */
interface Tried {
  readonly open: () => Promise<Backend | null> | Backend;
  readonly steps: number;
}

const BACKENDS: Readonly<Record<string, Tried>> = {
  reference: { open: () => new ReferenceBackend(), steps: 6 },
  "one thread": { open: () => new CpuBackend({ threads: 1, blas: "off" }), steps: 50 },
  "two threads and BLAS": { open: () => new CpuBackend({ threads: 2 }), steps: 50 },
  GPU: { open: openGpuBackend, steps: 50 },
};

for (const [name, { open, steps }] of Object.entries(BACKENDS)) {
  for (const program of PROGRAM_NAMES) {
    for (const recipe of Object.keys(RECIPES)) {
      Deno.test(`compile() trains ${program} by ${recipe} as without it: ${name}`, async () => {
        const backend = await open();
        if (backend === null) return;
        using device = trainingDevice(backend);
        await assertTrainsAlike(device, { program, recipe, steps }, { fuse: false }, null);
        await assertTrainsAlike(device, { program, recipe, steps }, {}, 1e-6);
      });
    }
  }
}
