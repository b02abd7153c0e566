import { assertEquals } from "@std/assert";
import { CASES, conformance, uncovered, unknown } from "@troodon/testing";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** One device alone, where somebody asks for it. */
const only = Deno.env.get("TROODON_TEST_DEVICE");
const devices = [...DEVICES.filter(({ name }) => name !== "reference"), ...GPU_DEVICES];

conformance(() => devices.filter(({ name }) => only === undefined || name === only), CASES);

Deno.test("every op that core exports has samples", () => {
  assertEquals(uncovered(CASES), []);
  assertEquals(unknown(CASES), []);
});
