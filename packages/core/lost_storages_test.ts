import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, assertEquals } from "@std/assert";
import { type DeviceBuffer, LostStorages } from "./lost_storages.ts";
import { Device, empty, ReferenceBackend, type ReferenceBuffer, type Tensor } from "./mod.ts";
import { Storage } from "./kernel.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A backend that knows which buffers it gave out. */
class CountingBackend extends ReferenceBackend {
  readonly held = new Set<object>();

  override allocate(bytes: number): ReferenceBuffer {
    const buffer = super.allocate(bytes);
    this.held.add(buffer);
    return buffer;
  }

  override release(buffer: ReferenceBuffer): void {
    assert(this.held.delete(buffer), "a buffer was given back twice");
    super.release(buffer);
  }
}

Deno.test("small tensors that are lost are found, and those that are held are not", async () => {
  const backend = new CountingBackend(), device = new Device(backend);
  const held = [empty([3], { device })];
  for (let i = 0; i < 3000; i++) {
    const t = empty([3], { device });
    if (i % 300 === 0) held.push(t);
  }
  for (let i = 0; i < 50 && device.memory.lost < 2800; i++) {
    collect();
    await new Promise((done) => setTimeout(done, 10));
  }
  // The last few are held until others come.
  assert(device.memory.lost >= 2800, `${device.memory.lost} of 2990 were found`);
  assertEquals(backend.held.size, device.memory.buffers);
  for (const t of held) assert(backend.held.has(t.buffer));
});

Deno.test("tensors may be disposed of in any order, small and large, and are freed once", async () => {
  const backend = new CountingBackend(), device = new Device(backend);
  const made: Tensor[] = [];
  for (let i = 0; i < 500; i++) made.push(empty([i % 7 === 0 ? 2 ** 13 : 3], { device }));
  for (let i = 0; i < 500; i++) made[(i * 307) % 500]!.dispose();
  assertEquals([device.memory.buffers, backend.held.size], [0, 0]);
  await new Promise((done) => setTimeout(done, 0));
  assertEquals([device.memory.lost, device.memory.buffers], [0, 0]);
});

Deno.test("LostStorages.settle() counts what is watched, and small storages only after others came", () => {
  const device = new Device(new ReferenceBackend()), freed: DeviceBuffer[] = [];
  const lost = new LostStorages((buffer) => freed.push(buffer));
  const make = (bytes: number): Storage => {
    const storage = new Storage(device, bytes);
    lost.watch(storage);
    return storage;
  };
  const large = Array.from({ length: 63 }, () => make(2 ** 20)), small = make(4);
  assertEquals([small.seat, lost.settle()], [0, null]);
  const last = make(2 ** 20);
  // A large one has the small ones watched at once.
  assertEquals(small.seat, -1);
  assert(lost.settle() !== null);
  assertEquals(lost.settle(), null);
  for (const storage of [...large, small, last]) lost.unwatch(storage);
  assertEquals(freed, []);
});
