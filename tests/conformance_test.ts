import { assertEquals } from "@std/assert";
import { CASES, conformance, uncovered, unknown } from "@troodon/testing";
import { DEVICES } from "./reference/devices.ts";

conformance(() => DEVICES.filter(({ name }) => name !== "reference"), CASES);

Deno.test("every op that core exports has samples", () => {
  assertEquals(uncovered(CASES), []);
  assertEquals(unknown(CASES), []);
});
