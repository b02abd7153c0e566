import { assertEquals } from "@std/assert";
import { tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

for (const device of [...DEVICES, ...GPU_DEVICES]) {
  Deno.test(`set() by a mask of what broadcasts does not read from the device on ${device.name}`, async () => {
    const x = tensor([[1, -2, 3], [-4, 5, -6]], { device }), value = tensor([7, 8, 9], { device });
    const negative = x.lt(0), rows = tensor([true, false], { device });
    let reads = 0;
    using _ = device.listen({ read: () => void reads++ });
    x.set(negative, 0);
    x.set([":", tensor([false, false, true], { device })], tensor([[0.5], [0.25]], { device }));
    x.set(rows, value);
    assertEquals(reads, 0);
    assertEquals([...await x.dataAsync()], [7, 8, 9, 0, 5, 0.25]);
  });

  Deno.test(`maskedScatter() and assignment by positions do not read from the device on ${device.name}`, async () => {
    const x = tensor([1, 2, 3, 4], { device }), places = tensor([-1, 0], { device, dtype: "int32" });
    let reads = 0;
    using _ = device.listen({ read: () => void reads++ });
    const y = x.maskedScatter(x.gt(2), tensor([7, 8, 9], { device }));
    y.set(places, tensor([5, 6], { device }));
    y.indexFill_(0, tensor([1], { device, dtype: "int32" }), -1);
    assertEquals(reads, 0);
    assertEquals([...await y.dataAsync()], [6, -1, 7, 5]);
  });
}
