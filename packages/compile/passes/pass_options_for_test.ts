import { assertEquals } from "@std/assert";
import { ReferenceBackend } from "@troodon/core";
import { passOptionsFor } from "./pass_options_for.ts";

Deno.test("passOptionsFor() keeps to the limits of a GPU, and saves it launches by kernels that it has", () => {
  const { roundsStoresOnly: _, ...limits } = new ReferenceBackend().limits, supports = () => true;
  assertEquals(passOptionsFor({ limits, supports }), {
    buffers: 8,
    arenaBytes: 2 ** 27,
    apart: false,
    sums: false,
  });
  const gpu = { ...limits, launchBuffers: 7, bufferBytes: 1000 };
  assertEquals(passOptionsFor({ limits: gpu, supports }), {
    buffers: 7,
    arenaBytes: 1000,
    apart: true,
    sums: true,
  });
  assertEquals(passOptionsFor({ limits: gpu, supports: () => false }).sums, false);
  assertEquals(passOptionsFor({ limits: { ...gpu, launchBuffers: 128 }, supports }).buffers, 8);
});

Deno.test("passOptionsFor() merges nothing where merged kernels would round less often", () => {
  const { limits } = new ReferenceBackend(), supports = () => true;
  assertEquals(passOptionsFor({ limits, supports }).fuse, false);
});
