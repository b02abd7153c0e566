import { assertEquals } from "@std/assert";
import { ReferenceBackend } from "@troodon/core";
import { passOptionsFor } from "./pass_options_for.ts";

Deno.test("passOptionsFor() keeps to the limits of a GPU, and saves it launches", () => {
  const { limits } = new ReferenceBackend();
  assertEquals(passOptionsFor({ limits }), { buffers: 8, arenaBytes: 2 ** 31, sums: false });
  const gpu = { ...limits, launchBuffers: 7, bufferBytes: 1000 };
  assertEquals(passOptionsFor({ limits: gpu }), { buffers: 7, arenaBytes: 1000, sums: true });
  assertEquals(passOptionsFor({ limits: { ...gpu, launchBuffers: 128 } }).buffers, 8);
});
