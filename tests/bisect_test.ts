import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, randint, randn, setDefaultDevice } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { CrossEntropyLoss, LayerNorm, Linear, Sequential } from "@troodon/nn";
import { compareDevices } from "@troodon/train";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { argumentsOf } from "./task_permissions.ts";

const [gpu] = GPU_DEVICES, cpu = new Device(new CpuBackend({ threads: 1 }), { tape });

async function bisect(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...await argumentsOf("bisect"), ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), errors: decode(stderr) };
}

Deno.test("bisect finds that the CPU agrees with the reference backend", async () => {
  const args = ["--devices", "cpu,reference", "--batch-size", "2"];
  const { code, out, errors } = await bisect([...args, "--model", "lenet", "--json"]);
  assertEquals(code, 0, errors);
  const { devices, parted, skipped, drift, calls } = JSON.parse(out);
  assertEquals([devices, parted, skipped], [["reference", "cpu"], [], []]);
  assertEquals([calls > 50, drift.length > 5], [true, true]);
});

Deno.test("bisect says what is missing on its command line", async () => {
  for (const args of [["--devices", "cpu"], ["--devices", "cpu,cpu"]]) {
    const { code, errors } = await bisect(args);
    assertEquals(code, 2);
    assertStringIncludes(errors, "--devices must name two devices or more");
  }
});

Deno.test({
  name: "compareDevices() finds that the GPU agrees with the CPU, whatever it must be waited for",
  ignore: !gpu,
  async fn() {
    setDefaultDevice(cpu);
    manualSeed(1);
    const model = new Sequential(new Linear(6, 5), new LayerNorm(5), new Linear(5, 3));
    const batch = [randn([4, 6]), randint(0, 3, [4])];
    for (const devices of [[cpu, gpu!], [gpu!, cpu]]) {
      const { parted, skipped, drift } = await compareDevices(model, batch, new CrossEntropyLoss(), {
        devices,
      });
      assertEquals([parted, skipped], [[], []]);
      for (const { output } of drift) assert(output! < 1e-4);
    }
  },
});
