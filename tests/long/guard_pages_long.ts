/** Kernels between guard pages: random shapes, conformance, and PyTorch's cases. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { guarded } from "../guard/guarded.ts";

for (const [cases, threads] of [[10_000, 1], [2000, 3]] as const) {
  Deno.test(`${cases} random shapes stay inside their buffers and give the same bits on ${threads} threads`, async () => {
    const args = [`${cases}`, "1", `${threads}`];
    const { code, text } = await guarded(["run", "-A", "--no-check"], ["guard/random_shapes.ts"], args);
    assertEquals(code, 0, text);
    assertStringIncludes(text, `${cases} cases, `);
  });
}

for (const name of ["native@1", "native@2", "wasm@1"]) {
  Deno.test(`conformance and PyTorch's cases stay inside their buffers on ${name}`, async () => {
    const files = [...Deno.readDirSync(new URL("../", import.meta.url))].map(({ name }) => name)
      .filter((name) => /^(reference_.*|conformance|fuzz|boundaries|layers)_test\.ts$/.test(name)).sort();
    const { code, text } = await guarded(["test", "-A", "--no-check"], files, [], {
      TROODON_TEST_CPU: name,
      TROODON_TEST_DEVICE: "cpu",
      VK_DRIVER_FILES: "/nonexistent",
    });
    assertEquals(code, 0, text);
  });
}
