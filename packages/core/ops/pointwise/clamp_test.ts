import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../creation.ts";
import { Device } from "../../device.ts";
import { ReferenceBackend } from "../../reference/reference_backend.ts";
import { clamp, clamp_ } from "./clamp.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([-1, 0, 0.5, 2, NaN], { device });

Deno.test("clamp() holds elements between numbers, and NaN as it is", () => {
  assertEquals(clamp(x, { min: 0 }).tolist(), [0, 0, 0.5, 2, NaN]);
  assertEquals(clamp(x, { max: 1 }).tolist(), [-1, 0, 0.5, 1, NaN]);
  assertEquals(clamp(x, { min: 0, max: 1 }).tolist(), [0, 0, 0.5, 1, NaN]);
  assertEquals(clamp(x, { min: 3, max: 1 }).tolist(), [1, 1, 1, 1, NaN]);
  assertEquals(clamp(x, { min: NaN }).tolist(), [NaN, NaN, NaN, NaN, NaN]);
});

Deno.test("clamp() takes tensors that broadcast, and a tensor beside a number", () => {
  const low = tensor([0, 1, 1, 1, 1], { device }), high = tensor([[1], [0.25]], { device });
  assertEquals(clamp(x, { min: low }).tolist(), [0, 1, 1, 2, NaN]);
  assertEquals(clamp(x, { max: high }).tolist(), [[-1, 0, 0.5, 1, NaN], [-1, 0, 0.25, 0.25, NaN]]);
  assertEquals(clamp(x, { min: low, max: high.narrow(0, 0, 1) }).tolist(), [[0, 1, 1, 1, NaN]]);
  assertEquals(clamp(x, { min: low, max: 1.5 }).tolist(), [0, 1, 1, 1.5, NaN]);
  assertEquals(clamp(x, { min: 0.25, max: low }).tolist(), [0, 0.25, 0.5, 1, NaN]);
});

Deno.test("clamp_() changes its tensor, by numbers and by tensors", () => {
  const y = tensor([-1, 0, 3], { device }), low = tensor([0, 0, 0], { device });
  assertEquals(clamp_(y, { min: low, max: 2 }).tolist(), [0, 0, 2]);
  assertEquals(clamp_(y, { max: 1 }).tolist(), [0, 0, 1]);
  assertEquals(y.tolist(), [0, 0, 1]);
});

Deno.test("clamp() wants a bound", () => {
  assertThrows(() => clamp(x, {}), TypeError, "min, max or both must be given");
});
