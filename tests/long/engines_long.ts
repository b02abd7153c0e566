/** Runs conformance, PyTorch's cases and random programs on all engines of the CPU, with several threads. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { CpuBackend } from "@troodon/cpu";

const TESTS = new URL("../", import.meta.url);
const files = [...Deno.readDirSync(TESTS)].map(({ name }) => name)
  .filter((name) => /^(reference_.*|conformance|fuzz|boundaries|layers|launch_programs)_test\.ts$/.test(name))
  .sort().map((name) => `${fromFileUrl(TESTS)}${name}`);

using backend = new CpuBackend();
const { native } = backend.engines;

for (const name of ["native@1", "native@2", "native@3", "wasm@1", "wasm@3"]) {
  Deno.test({
    name: `conformance, cases of PyTorch and random programs hold on ${name}`,
    ignore: name.startsWith("native") && native === null,
    async fn() {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--no-check", ...files],
        // Software GPUs have runs of their own.
        env: {
          NO_COLOR: "1",
          TROODON_TEST_CPU: name,
          TROODON_TEST_DEVICE: "cpu",
          VK_DRIVER_FILES: "/nonexistent",
        },
      }).output();
      const decoder = new TextDecoder(), text = decoder.decode(stdout);
      const end = `${text.slice(-4000)}\n${decoder.decode(stderr).slice(-2000)}`;
      assertEquals(success, true, end);
      assertStringIncludes(text, "add() conforms ... ok");
    },
  });
}
