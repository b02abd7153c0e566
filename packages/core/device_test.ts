import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import {
  defaultDevice,
  Device,
  empty,
  ReferenceBackend,
  type ReferenceBuffer,
  setDefaultDevice,
  zeros,
} from "./mod.ts";

/** A backend that has only so much memory. */
class SmallBackend extends ReferenceBackend {
  #left = 2 ** 20;

  override allocate(bytes: number): ReferenceBuffer {
    if (bytes > this.#left) throw new RangeError("Cannot allocate: too little is left");
    this.#left -= bytes;
    return super.allocate(bytes);
  }
}

Deno.test("Device.settle() keeps a loop without scopes from hoarding memory", async () => {
  const device = new Device(new ReferenceBackend());
  const turns = 1500;
  for (let i = 0; i < turns; i++) {
    empty([2 ** 18], { device });
    const settled = device.settle();
    if (settled !== null) await settled;
  }
  assert(device.memory.lost > 0);
  assert(device.memory.peakBytes < turns * 2 ** 20 / 2, `${device.memory.peakBytes}`);
});

Deno.test("Device.settle() waits for what its backend wants settled, after reads, batches and finish()", async () => {
  let left = 0, waited = 0;
  class Leaving extends ReferenceBackend {
    settle(): Promise<void> | null {
      return left === 0 ? null : Promise.resolve().then(() => {
        waited += left;
        left = 0;
      });
    }
  }
  const device = new Device(new Leaving());
  using x = zeros([1], { device });
  for (const read of [() => x.dataAsync(), () => device.finish(), () => device.settle()]) {
    left = 1;
    await read();
  }
  assertEquals([left, waited, device.settle()], [0, 3, null]);
});

Deno.test("Device.settle() does not wait where scopes free everything", () => {
  const device = new Device(new ReferenceBackend());
  for (let i = 0; i < 300; i++) {
    empty([2 ** 18], { device }).dispose();
    assertEquals(device.settle(), null);
  }
});

Deno.test("Device.allocate() says how to free what a loop makes when memory runs out", () => {
  const device = new Device(new SmallBackend());
  const kept = [zeros([2 ** 17], { device })];
  const error = assertThrows(() => kept.push(zeros([2 ** 18], { device })), RangeError);
  assertStringIncludes(error.message, "in 1 buffers");
  assertStringIncludes(error.message, "using _ = new Scope();");
  assertEquals(device.memory.buffers, 1);
});

Deno.test("Device.listen() hears launches until disposed of", () => {
  const device = new Device(new ReferenceBackend());
  const heard: string[] = [];
  {
    using _ = device.listen(({ call }) => heard.push(call.kernel));
    zeros([2], { device }).add(1).sum();
  }
  zeros([2], { device });
  assertEquals(heard, ["map", "map", "reduce"]);
});

Deno.test("Device names the place where a tensor was disposed of, if asked to", () => {
  const traced = zeros([2], { device: new Device(new ReferenceBackend(), { traceDisposal: true }) });
  traced.dispose();
  assertStringIncludes(assertThrows(() => traced.add(1), ReferenceError).message, "device_test.ts");
  const plain = zeros([2], { device: new Device(new ReferenceBackend()) });
  plain.dispose();
  assertStringIncludes(assertThrows(() => plain.add(1), ReferenceError).message, "dispose()");
});

Deno.test("defaultDevice() shows the line that is missing", () => {
  setDefaultDevice(null);
  assertStringIncludes(assertThrows(() => defaultDevice(), TypeError).message, "await chooseDevice()");
});

Deno.test("Device.finish() throws what went wrong in a launch", async () => {
  class Failing extends ReferenceBackend {
    override finish(): Promise<void> {
      return Promise.reject(new RangeError("Cannot run add()"));
    }
  }
  await assertRejects(() => new Device(new Failing()).finish(), RangeError, "add()");
});

Deno.test("Device.listen() may be ended twice, and in any order, without ending others", () => {
  const device = new Device(new ReferenceBackend());
  const heard: string[] = [];
  const [a, b, c] = ["a", "b", "c"].map((name) => device.listen(() => heard.push(name)));
  a![Symbol.dispose]();
  a![Symbol.dispose]();
  zeros([1], { device });
  assertEquals(heard, ["b", "c"]);
  c![Symbol.dispose]();
  zeros([1], { device });
  assertEquals(heard, ["b", "c", "b"]);
  b![Symbol.dispose]();
  zeros([1], { device });
  assertEquals(heard.length, 3);
});
