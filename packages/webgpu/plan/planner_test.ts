import { assert, assertEquals } from "@std/assert";
import { relaid } from "@troodon/core/kernel";
import { GpuBuffer } from "../device/pool.ts";
import { fakeDevice } from "../fake_device.ts";
import type { GpuView } from "../operands.ts";
import { endsMemory, Planner } from "./planner.ts";
import { WORK_LIMITS } from "./work.ts";

const { device } = fakeDevice(), traits = { subgroup: 1, subgroupDirective: "", half: false };

function buffer(bytes: number): GpuBuffer {
  const made = new GpuBuffer(bytes, device.createBuffer({ size: 64, usage: 0 }), 64);
  made.bytes = bytes;
  return made;
}

const view = (of: GpuBuffer, size: number, offset = 0): GpuView => (
  { buffer: of, dtype: "float16", shape: [size], strides: [1], offset }
);

Deno.test("Planner gives views without memory, by the slots of their buffers", () => {
  const [a, b] = [buffer(20), buffer(40)];
  const { inputs, outputs, status } = new Planner(traits, WORK_LIMITS, "map", [view(a, 10), view(b, 4, 8)], [
    view(a, 7, 3),
    view(b, 9),
  ]);
  const regions = [...inputs, ...outputs].map((v) => v.buffer);
  assertEquals(regions, [
    { slot: 1, operand: 0, bytes: 20 },
    { slot: 2, operand: 1, bytes: -1 },
    { slot: 1, operand: 2, bytes: 14 },
    { slot: 2, operand: 3, bytes: -1 },
  ]);
  assertEquals([...inputs, ...outputs].map(({ offset }) => offset), [0, 4, 1, 0]);
  assertEquals(status.slot, 0);
  // Laid out anew, a view still knows its operand.
  assertEquals(relaid(outputs[0]!, [7, 1], [1, 0]).buffer, regions[2]);
});

Deno.test("Planner.scratch() gives slots behind those of the call", () => {
  const a = buffer(20),
    planner = new Planner(traits, WORK_LIMITS, "map", [view(a, 10)], [view(a, 10), view(buffer(20), 10)]);
  assertEquals(planner.scratch(100), { slot: 3, operand: -1, bytes: 100 });
  assertEquals(planner.scratch(4), { slot: 4, operand: -1, bytes: 4 });
});

Deno.test("endsMemory() counts bytes that were asked for", () => {
  const of = buffer(20);
  assert(endsMemory(view(of, 10)) && endsMemory(view(of, 2, 8)));
  assert(!endsMemory(view(of, 9)) && !endsMemory(view(of, 2, 7)));
});
