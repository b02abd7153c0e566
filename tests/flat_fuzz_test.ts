/** Random training programs, with parameters side by side and apart: the same values and gradients, to the bit. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { type Backend, Device, type DType, Scope } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { WebGpuBackend } from "@troodon/webgpu";
import { Program } from "./flat_fuzz_program.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** The processor, with launches that may have few buffers together, as a GPU's. */
class Narrow extends CpuBackend {
  override readonly limits: Backend["limits"] = { ...new CpuBackend().limits, launchBuffers: 8 };
}

/** Runs programs on both devices; returns how many parameters lay in a place. */
async function compare(
  narrow: Device,
  wide: Device,
  seeds: readonly number[],
  dtypes: readonly DType[],
): Promise<number> {
  let placed = 0;
  for (const seed of seeds) {
    const before = [narrow.memory.buffers, wide.memory.buffers];
    const programs = [narrow, wide].map((device) => new Program(seed, device, dtypes[seed % dtypes.length]!));
    for (let i = 0; i < 25; i++) {
      for (const program of programs) {
        using _ = new Scope();
        program.step();
      }
      placed += programs[0]!.placed;
      assert(programs[1]!.placed === 0);
      if (i % 4 === 3) {
        const [one, two] = await Promise.all(programs.map((program) => program.numbers()));
        assertEquals(one, two, `seed ${seed} after ${programs[0]!.log.join(" ")}`);
      }
    }
    programs.forEach((program) => program.end());
    assertEquals([narrow.memory.buffers, wide.memory.buffers], before, `seed ${seed}`);
  }
  return placed;
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

Deno.test("random programs train the same with parameters side by side on the CPU", async () => {
  using narrow = new Device(new Narrow(), { tape });
  using wide = new Device(new CpuBackend(), { tape });
  assert(
    await compare(narrow, wide, seeds(40), ["float32", "float32", "bfloat16", "float16", "float64"]) >
      40,
  );
});

for (const wide of GPU_DEVICES) {
  Deno.test(`random programs train the same with parameters side by side on ${wide.name}`, async () => {
    using narrow = new Device(await WebGpuBackend.create({ allowFallback: true, storageBuffers: 8 }), {
      tape,
    });
    assert(
      await compare(narrow, wide, seeds(2), [
        "float32",
        "float32",
        "bfloat16",
        "float16",
      ]) > 3,
    );
  });
}
