/** Writes what the adapter in use says of itself to a file: `deno run -A scripts/card/describe.ts FILE`. */
import { WebGpuBackend } from "@troodon/troodon";
import { listAdapters } from "@troodon/cli/doctor";

const name = Deno.env.get("TROODON_ADAPTER");
using backend = await WebGpuBackend.create(name === undefined ? { allowFallback: true } : { adapter: name });
const description = backend.describe(), adapters = await listAdapters();
await Deno.writeTextFile(
  Deno.args[0]!,
  JSON.stringify({
    description,
    granted: [...backend.features],
    adapter: adapters.find((one) => description.includes(one.name)) ?? null,
  }),
);
