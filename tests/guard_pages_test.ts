/** Kernels between guard pages: a sample of what `tests/long/guard_pages_long.ts` runs. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { guarded } from "./guard/guarded.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "kernels of random shapes stay inside their buffers, and machine code gives the bits of WebAssembly",
  ignore,
  async fn() {
    const { code, text } = await guarded(["run", "-A", "--no-check"], ["guard/random_shapes.ts"], [
      "200",
      "7",
    ]);
    assertEquals(code, 0, text);
    assertStringIncludes(text, "200 cases, ");
  },
});

Deno.test({
  name: "guard pages end a process that reads outside of a buffer, and tell of writes beside one",
  ignore,
  async fn() {
    const read = await guarded(["run", "-A", "--no-check"], ["../packages/cpu/testdata/outside.ts"], [
      "read",
    ]);
    assertEquals([read.code, read.signal], [139, "SIGSEGV"], read.text);
    const write = await guarded(["run", "-A", "--no-check"], ["../packages/cpu/testdata/outside.ts"], [
      "write",
    ]);
    assertEquals(write.code, 1);
    assertStringIncludes(write.text, "A kernel wrote outside of a buffer of 100 bytes: at byte 100");
  },
});
