import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { Bindings, type BindingsOptions } from "./bindings.ts";
import { GpuBuffer } from "./pool.ts";

function open(options?: BindingsOptions) {
  const { device, counts } = fakeDevice();
  const make = (id: number) => new GpuBuffer(id, device.createBuffer({ size: 16, usage: 0 }), 16);
  const buffers = [0, 1, 2, 3].map(make);
  return {
    bindings: new Bindings(device, device.createBuffer({ size: 256, usage: 0 }), options),
    buffers,
    counts,
  };
}

Deno.test("Bindings.layout() is one for the same access and slots", () => {
  const { bindings } = open(), layout = bindings.layout([false, true], 1);
  assertStrictEquals(bindings.layout([false, true], 1), layout);
  for (
    const other of [
      bindings.layout([true, true], 1),
      bindings.layout([true], 1),
      bindings.layout([false, true], 2),
    ]
  ) {
    assertNotStrictEquals(other, layout);
    assert(other.id !== layout.id);
  }
});

Deno.test("Bindings.group() is made once for a layout and its buffers in order", () => {
  const { bindings, buffers, counts } = open(), layout = bindings.layout([false, true], 1);
  const other = bindings.layout([true, true], 1);
  const first = bindings.group(layout, [2, 0], buffers);
  assertEquals(counts.groups[0]!.slice(0, 2), [buffers[2]!.handle, buffers[0]!.handle] as unknown);
  assertStrictEquals(bindings.group(layout, [0, 1], [buffers[2]!, buffers[0]!]), first);
  bindings.group(layout, [0, 2], buffers);
  bindings.group(other, [2, 0], buffers);
  assertEquals([bindings.made, bindings.held], [3, 3]);
});

Deno.test("Bindings.drop() forgets the groups of buffers, for all of these", () => {
  const { bindings, buffers } = open(), layout = bindings.layout([false, true], 1);
  bindings.group(layout, [0, 1], buffers);
  bindings.group(layout, [1, 2], buffers);
  bindings.group(layout, [2, 3], buffers);
  bindings.drop([buffers[1]!, buffers[0]!]);
  assertEquals([bindings.held, bindings.buffers], [1, 2]);
  bindings.group(layout, [2, 3], buffers);
  assertEquals(bindings.made, 3);
  bindings.group(layout, [0, 1], buffers);
  assertEquals(bindings.made, 4);
});

Deno.test("Bindings keeps so many groups, and buffers refer to no others", () => {
  const { bindings, buffers } = open({ groups: 2 }), layout = bindings.layout([false, true], 1);
  for (const slots of [[0, 1], [1, 2], [0, 1], [2, 3]]) bindings.group(layout, slots, buffers);
  assertEquals([bindings.made, bindings.held], [3, 2]);
  assertEquals(bindings.buffers, 4);
  bindings.drop(buffers);
  assertEquals([bindings.held, bindings.buffers], [0, 0]);
});

Deno.test("Bindings lets the group go that was used least recently", () => {
  const { bindings, buffers } = open({ groups: 2 }), layout = bindings.layout([false, true], 1);
  for (const slots of [[0, 1], [1, 2], [0, 1], [2, 3], [0, 1]]) bindings.group(layout, slots, buffers);
  assertEquals(bindings.made, 3);
  bindings.group(layout, [1, 2], buffers);
  assertEquals(bindings.made, 4);
});
