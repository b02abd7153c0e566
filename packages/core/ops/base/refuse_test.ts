import { assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../../creation.ts";
import { Device } from "../../device.ts";
import * as e from "../../expr/expr.ts";
import { ReferenceBackend } from "../../reference/reference_backend.ts";
import { elementCheck } from "./refuse.ts";

const device = new Device(new ReferenceBackend());
const check = elementCheck("binaryCrossEntropy", e.less(e.add(e.input(0), e.input(1)), 0));

Deno.test("elementCheck() throws if there is one element of the kind, in the words of the op", () => {
  const x = tensor([[1, 2], [3, 4]], { device });
  check(x, tensor([[0, 0], [-3, -3.5]], { device }));
  assertThrows(
    () => check(x, tensor([[0, 0], [-3.5, 0]], { device })),
    RangeError,
    "Cannot apply binaryCrossEntropy() as predictions and targets must be probabilities, from 0 to 1",
  );
});

Deno.test("elementCheck() has nothing against no elements, and leaves nothing behind", () => {
  const x = zeros([0, 3], { device }), { buffers } = device.memory;
  check(x, x);
  assertEquals(device.memory.buffers, buffers);
});
