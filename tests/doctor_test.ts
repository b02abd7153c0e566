import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, type KernelCall, ReferenceBackend, type ReferenceView } from "@troodon/core";
import { describeMachine, examine, type ExaminedDevice, type Report, showReport } from "@troodon/cli/doctor";
import { argumentsOf } from "./task_permissions.ts";

async function doctor(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...await argumentsOf("doctor"), ...args],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), errors: decode(stderr) };
}

Deno.test("doctor finds the CPU backend well and says how fast it is", async () => {
  const { code, out } = await doctor(["--device", "cpu", "--quick", "--json"]);
  assertEquals(code, 0);
  const report: Report = JSON.parse(out);
  assert(report.machine.threads > 0 && report.machine.wasm.simd);
  const [cpu] = report.devices as readonly ExaminedDevice[];
  assertEquals([report.devices.length, cpu!.name, cpu!.faults], [1, "cpu", []]);
  assert(cpu!.checks.length > 250);
  assert(cpu!.checks.every(({ error, tolerance }) => error <= 4 * tolerance));
  assert(cpu!.speed.matmul.every(({ gflops }) => gflops > 0) && cpu!.speed.add > 0 && cpu!.speed.launch > 0);
  const text = showReport(report, { ops: true, colors: false });
  assertMatch(text, /\n {2}matmul +✓ +\d+ {2}\d\.\de-\d/);
  assertMatch(text, /\n {2}conv2dWeightGrad +✓/);
  assertMatch(text, /\n {2}logaddexp +✓/);
  assertMatch(text, /\n {2}matmul 64 +[\d.]+ GFLOP\/s/);
  assertMatch(
    text,
    /\n +(Native \w+ code by --allow-ffi, with the bits of WebAssembly, which fuses|No native code )/,
  );
  assertMatch(text, /\n +(Native BLAS|No native BLAS) .*/);
  assertMatch(text, /✓ cpu: \d+ ops agree with the reference backend, in [\d.]+ s$/);
});

/** Calculates 1 % too much where it multiplies. */
class Faulty extends ReferenceBackend {
  override readonly name = "faulty";

  override launch(
    call: KernelCall,
    inputs: readonly ReferenceView[],
    outputs: readonly ReferenceView[],
  ): void {
    super.launch(call, inputs, outputs);
    if (call.kernel === "matmul") {
      for (const { buffer } of outputs) new Float32Array(buffer.bytes.buffer)[0]! *= 1.01;
    }
  }
}

Deno.test("doctor names what is wrong", async () => {
  const lines: string[] = [];
  using device = new Device(new Faulty(), { tape });
  const onProgress = (line: string) => lines.push(line);
  const found = await examine(device, { software: true, quick: true, onProgress });
  const failed = found.checks.filter(({ faults }) => faults.length > 0);
  assert(
    failed.some(({ name }) => name === "matmul") && failed.every(({ kernels }) => kernels.includes("matmul")),
  );
  assertStringIncludes(lines[0]!, "faulty: 1 of ");
  const devices = [found, { name: "webgpu", unavailable: "Cannot open a GPU" }];
  const text = showReport({ machine: describeMachine(), adapters: [], devices, engines: null }, {
    ops: false,
    colors: true,
  });
  assertStringIncludes(text, "\x1b[31mFAILED\x1b[0m matmul() of sample 0 on faulty: result 0 at [0, 0] is");
  assertMatch(text, / of \d+ ops FAILED, in /);
  const plain = text.replaceAll(/\p{Cc}\[\d+m/gu, "");
  assertMatch(plain, /matmul +✗ \d+ of \d+ FAILED/);
  assertMatch(plain, /sort +✓ +\d/);
  assertStringIncludes(text, "webgpu is not here");
});

Deno.test({
  name: "doctor fails in one line where the GPU that was asked for is not there",
  ignore: Deno.build.os !== "linux", // Elsewhere there is no way to hide it.
  async fn() {
    const env = {
      VK_DRIVER_FILES: "/nonexistent",
      VK_ICD_FILENAMES: "/nonexistent",
      DENO_WEBGPU_BACKEND: "vulkan",
    };
    const { code, out, errors } = await doctor(["--device", "webgpu", "--quick"], env);
    assertEquals([code, out], [1, ""]);
    assertMatch(errors, /^Error: Cannot open a GPU as no adapter was found/m);
  },
});
