import { assertEquals } from "@std/assert";
import { CASES, conformance, uncovered, unknown } from "@troodon/testing";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

conformance(() => [...DEVICES.filter(({ name }) => name !== "reference"), ...GPU_DEVICES], CASES);

Deno.test("every op that core exports has samples", () => {
  assertEquals(uncovered(CASES), []);
  assertEquals(unknown(CASES), []);
});
