/** Engines without WebAssembly. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

/** Runs a program on an engine without a compiler. */
async function run(
  program: string,
): Promise<{ readonly code: number; readonly out: string; readonly errors: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--jitless", "--ext=ts", program],
    cwd: fromFileUrl(new URL("..", import.meta.url)),
    // No driver, and so no GPU, whatever the machine has.
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "vulkan", VK_DRIVER_FILES: "/nonexistent" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}

Deno.test("chooseDevice() takes the reference backend without WebAssembly and says so, and CpuBackend says what is missing", async () => {
  const { code, out, errors } = await run(`
    import { chooseDevice, CpuBackend, tensor } from "@troodon/troodon";
    console.log(typeof WebAssembly, CpuBackend.isAvailable());
    await chooseDevice();
    console.log(tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).tolist());
    await chooseDevice("cpu").catch((error) => console.log(String(error)));
  `);
  assertEquals(code, 0, errors);
  const [before, product, error] = out.split("\n");
  assertEquals([before, product], ["undefined false", "[ [ 3 ], [ 7 ] ]"]);
  assertStringIncludes(
    error!,
    "TypeError: Cannot open the CPU backend as WebAssembly with SIMD must be allowed: ",
  );
  assertMatch(errors, /^Using reference: .*; the CPU backend needs WebAssembly, which is not allowed\)$/m);
});
