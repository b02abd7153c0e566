/**
 * Every kernel by `deno bench`, a group for each case: `deno task bench -- --device cpu@1,wasm@1,webgpu`.
 *
 * A GPU is waited for once for many calls, which the name says: "32 calls".
 */
import { readCommandLine, UsageError } from "@troodon/cli/flags";
import { capacityOf, openDevice, QUICK } from "./devices.ts";
import { CASES, countsOf, fits } from "./kernels/mod.ts";
import { COMMON_FLAGS, listed } from "./options.ts";

const GPU_CALLS = 32;

const { device: ofFlags, quick } = flags();
const names = listed(Deno.args.length > 0 ? ofFlags : Deno.env.get("TROODON_BENCH_DEVICE") ?? ofFlags);
const devices = await Promise.all(names.map(openDevice));
const limits = quick ? [QUICK] : devices.map(capacityOf);

for (const one of CASES) {
  if (!limits.every((limit) => fits(countsOf(one), limit))) continue;
  const group = `${one.family} ${one.name}`;
  devices.forEach((device, i) => {
    const calls = device.name === "webgpu" ? GPU_CALLS : 1;
    const name = `${group}: ${names[i]}${calls > 1 ? `, ${calls} calls` : ""}`;
    // Made at the first call: not all cases fit into memory at once.
    let work: (() => void) | undefined;
    Deno.bench(name, { group, baseline: i === 0 }, async () => {
      work ??= one.prepare(device);
      for (let call = 0; call < calls; call++) work();
      if (calls > 1) await device.finish();
    });
  });
}

function flags() {
  try {
    const { device, quick } = COMMON_FLAGS;
    return readCommandLine(Deno.args, { device, quick }).values;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
