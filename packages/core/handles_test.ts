/** Handles that share memory, and what the garbage collector does with those that are lost. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Device, empty, ReferenceBackend, Scope, tensor, zeros } from "./mod.ts";
import { flow, setContextPlatform } from "./kernel.ts";

const LARGE = 2 ** 15;

/** Runs the garbage collector and then its callbacks. */
async function collect(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const run = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) {
    // Weak references hold until the end of the job that reads them.
    await new Promise((done) => setTimeout(done, 5));
    run();
  }
  await new Promise((done) => setTimeout(done, 5));
}

Deno.test("Tensor.dispose() leaves nothing for the collector to free again", async () => {
  const device = new Device(new ReferenceBackend()), held = zeros([1], { device });
  for (const extent of [3, LARGE]) {
    for (let i = 0; i < 100; i++) empty([extent], { device }).dispose();
  }
  await collect();
  assertEquals([device.memory.buffers, device.memory.bytes, device.memory.lost], [1, held.storage.bytes, 0]);
});

Deno.test("the collector frees tensors that are lost outside of scopes, or after they were adopted", async () => {
  const device = new Device(new ReferenceBackend());
  const lose = () => {
    for (let i = 0; i < 10; i++) empty([LARGE], { device });
    using _ = new Scope();
    for (let i = 0; i < 10; i++) empty([LARGE], { device }).adopt();
  };
  lose();
  await collect();
  assertEquals([device.memory.buffers, device.memory.bytes], [0, 0]);
  assertEquals(device.memory.lost, 20);
});

Deno.test("the collector frees what a tensor that was lost had taken over from a scope by setData()", async () => {
  const device = new Device(new ReferenceBackend());
  const lose = () => {
    const x = empty([LARGE], { device });
    using _ = new Scope();
    x.setData(empty([LARGE], { device }));
  };
  for (let i = 0; i < 10; i++) lose();
  assertEquals(device.memory.buffers, 10);
  await collect();
  assertEquals([device.memory.buffers, device.memory.lost], [0, 10]);
});

Deno.test("a tensor is disposed of at the end of a using block", () => {
  const device = new Device(new ReferenceBackend());
  const after = (() => {
    using x = tensor([1, 2], { device });
    assertEquals(device.memory.buffers, 1);
    return x;
  })();
  assertEquals([after.isDisposed, device.memory.buffers], [true, 0]);
});

Deno.test("alias() is of the same output and version, detach() of the version alone", () => {
  const device = new Device(new ReferenceBackend()), x = tensor([1, 2], { device });
  x.outputNumber = 3;
  const same = x.alias(), values = x.detach();
  assertEquals([same.outputNumber, values.outputNumber], [3, 0]);
  same.add_(1);
  assertEquals([x.version.count, values.version.count, values.tolist()], [1, 1, [2, 3]]);
});

Deno.test("setData() shares values and version with its source from then on", () => {
  const device = new Device(new ReferenceBackend());
  const x = tensor([[1, 2], [3, 4]], { device }),
    before = x.detach(),
    source = tensor([[5, 6], [7, 8]], { device }).t();
  assertStrictEquals(x.setData(source), x);
  source.add_(1);
  assertEquals([x.tolist(), before.tolist()], [[[6, 8], [7, 9]], [[1, 2], [3, 4]]]);
  assertEquals([x.version.count, before.version.count], [1, 0]);
});

Deno.test("blocks on a platform that cannot tell flows apart end with their function, promise or error", async () => {
  const device = new Device(new ReferenceBackend()), { runInFrame, currentFlow } = flow;
  setContextPlatform(undefined);
  try {
    const inside = { recording: false };
    assertEquals(runInFrame(inside, () => currentFlow().recording), false);
    assertEquals(currentFlow().recording, true);
    try {
      runInFrame(inside, () => {
        throw new RangeError("inside");
      });
    } catch { /* as it is to */ }
    assertEquals(currentFlow().recording, true);
    const pending = runInFrame(inside, async () => {
      await Promise.resolve();
      return currentFlow().recording;
    });
    assertEquals(currentFlow().recording, false);
    assertEquals(await pending, false);
    assertEquals([currentFlow().recording, device.memory.buffers], [true, 0]);
  } finally {
    setContextPlatform(globalThis.process);
  }
});
