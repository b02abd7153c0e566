/** Handles, storages and what a device counts of them. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  arange,
  currentScope,
  defaultDevice,
  Device,
  empty,
  ones,
  ReferenceBackend,
  type ReferenceBuffer,
  Scope,
  setDefaultDevice,
  tensor,
  tidy,
  tidySync,
  zeros,
} from "./mod.ts";
import { chosenDevice, Storage } from "./kernel.ts";

/** A backend that knows what it gave away. */
class Counting extends ReferenceBackend {
  readonly held = new Set<ReferenceBuffer>();

  override allocate(bytes: number): ReferenceBuffer {
    const buffer = super.allocate(bytes);
    this.held.add(buffer);
    return buffer;
  }

  override release(buffer: ReferenceBuffer): void {
    assert(this.held.delete(buffer), "released twice, or not of this backend");
    super.release(buffer);
  }
}

function make(): { backend: Counting; device: Device } {
  const backend = new Counting();
  return { backend, device: new Device(backend) };
}

Deno.test("Device.memory counts buffers, bytes and their peak", () => {
  const { backend, device } = make();
  const x = zeros([10], { device }), y = zeros([5], { device, dtype: "float64" });
  assertEquals(device.memory, { buffers: 2, bytes: 80, peakBytes: 80, lost: 0 });
  x.dispose();
  assertEquals(device.memory, { buffers: 1, bytes: 40, peakBytes: 80, lost: 0 });
  const z = zeros([3], { device, dtype: "bool" });
  assertEquals([device.memory.bytes, device.memory.peakBytes], [43, 80]);
  const w = zeros([100], { device });
  assertEquals([device.memory.bytes, device.memory.peakBytes], [443, 443]);
  for (const t of [y, z, w]) t.dispose();
  assertEquals(device.memory, { buffers: 0, bytes: 0, peakBytes: 443, lost: 0 });
  assertEquals(backend.held.size, 0);
});

Deno.test("Tensor.dispose() may be called twice, and frees once", () => {
  const { backend, device } = make();
  const x = zeros([4], { device }), view = x.at({ start: 1 });
  x.dispose();
  x.dispose();
  x[Symbol.dispose]();
  assertEquals([x.isDisposed, view.isDisposed, device.memory.buffers], [true, false, 1]);
  assertEquals(view.tolist(), [0, 0, 0]);
  view.dispose();
  assertEquals([device.memory.buffers, backend.held.size], [0, 0]);
  assertThrows(() => x.storage, ReferenceError, "shape [4] as it was disposed of");
  assertThrows(() => x.add(1), ReferenceError, "dispose()");
  assertThrows(() => view.buffer, ReferenceError, "disposed of");
});

Deno.test("views outlive what they are views of, whichever goes first", () => {
  const { device } = make();
  const x = arange(0, 6, 1, { device }), matrix = x.reshape([2, 3]), column = matrix.select(1, 1);
  assertEquals(x.storage.references, 3);
  matrix.dispose();
  x.dispose();
  assertEquals([column.storage.references, column.tolist()], [1, [1, 4]]);
  column.add_(1);
  assertEquals(column.tolist(), [2, 5]);
  column.dispose();
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Storage counts references, and tensors their versions", () => {
  const { backend, device } = make();
  const storage = new Storage(device, 16);
  assertEquals([storage.references, storage.bytes, storage.device === device], [1, 16, true]);
  assertStrictEquals(storage.retain(), storage);
  storage.release();
  assertEquals([storage.references, backend.held.size], [1, 1]);
  storage.release();
  assertEquals(backend.held.size, 0);
  const x = zeros([2], { device }), y = x.detach();
  x.add_(1);
  y.mul_(2);
  x.copy_(y);
  assertEquals([x.version.count, y.version.count], [3, 3]);
  x.add(1);
  assertEquals(x.version.count, 3);
});

Deno.test("large storages that come and go leave the accounts as they were", () => {
  const { backend, device } = make();
  // More of them, and more bytes, than are kept as spares, of sizes around the smallest that count.
  for (let round = 0; round < 3; round++) {
    const made = Array.from({ length: 70 }, (_, i) => empty([2 ** 12 - 1 + (i % 3)], { device }));
    assertEquals(device.memory.buffers, 70);
    for (const t of made) t.dispose();
  }
  for (let i = 0; i < 3; i++) empty([2 ** 26 + 2 ** i], { device, dtype: "uint8" }).dispose();
  empty([2 ** 28 + 1], { device, dtype: "uint8" }).dispose();
  empty([2 ** 28 + 1], { device, dtype: "uint8" }).dispose();
  assertEquals([device.memory.buffers, device.memory.bytes, backend.held.size], [0, 0, 0]);
});

Deno.test("Scope frees what was made in it, but for what was kept or adopted", () => {
  const { backend, device } = make();
  const before = ones([1], { device });
  const [kept, adopted, moved] = (() => {
    using scope = new Scope();
    assertStrictEquals(currentScope(), scope);
    const kept = ones([2], { device }), adopted = ones([3], { device }).adopt();
    const moved = ones([4], { device });
    moved.moveTo(null);
    ones([5], { device });
    const view = kept.at(0);
    view.add_(1);
    assertStrictEquals(scope.keep(kept), kept);
    return [kept, adopted, moved];
  })();
  assertEquals(currentScope(), null);
  assertEquals([before, kept, adopted, moved].map((t) => t.isDisposed), [false, false, false, false]);
  assertEquals(kept.tolist(), [2, 1]);
  assertEquals([device.memory.buffers, backend.held.size], [4, 4]);
  for (const t of [before, kept, adopted, moved]) t.dispose();
  assertEquals(backend.held.size, 0);
});

Deno.test("Scope within a scope hands what it keeps to the outer one", () => {
  const { device } = make();
  {
    using outer = new Scope();
    const x = (() => {
      using inner = new Scope();
      assertStrictEquals(currentScope(), inner);
      return inner.keep(ones([2], { device }));
    })();
    assertStrictEquals(currentScope(), outer);
    assertEquals([x.isDisposed, device.memory.buffers], [false, 1]);
    // Made outside of the inner one: not its to free.
    {
      using inner = new Scope();
      x.add(1);
      inner.keep(x);
    }
    assertEquals([x.isDisposed, device.memory.buffers], [false, 1]);
  }
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Scope leaves alone what it is told to keep and never had: parameters that a block returns", () => {
  const { device } = make(), parameter = ones([2], { device });
  for (const run of [tidy, tidySync]) {
    using outer = new Scope();
    const adopted = ones([3], { device }).adopt();
    assertStrictEquals(run(() => parameter), parameter);
    assertStrictEquals(run(() => outer.keep(adopted)), adopted);
    outer[Symbol.dispose]();
    assertEquals([parameter.isDisposed, adopted.isDisposed], [false, false]);
    adopted.dispose();
  }
  assertEquals([parameter.scope, device.memory.buffers], [null, 1]);
});

Deno.test("Scope may be disposed of twice, and leaves scopes that were left open to the collector", () => {
  const { device } = make();
  const outer = new Scope();
  ones([1], { device });
  new Scope();
  ones([1], { device });
  new Scope();
  ones([1], { device });
  outer[Symbol.dispose]();
  // Nobody can tell whether another function goes on in them.
  assertEquals([currentScope(), device.memory.buffers], [null, 3]);
  const later = ones([1], { device });
  assertEquals(later.scope, null);
  outer[Symbol.dispose]();
  assertEquals([later.isDisposed, device.memory.buffers], [false, 4]);
});

Deno.test("Scope leaves alone what was disposed of by hand", () => {
  const { backend, device } = make();
  {
    using _ = new Scope();
    ones([2], { device }).dispose();
    const x = ones([2], { device }), y = x.detach();
    x.dispose();
    assertEquals(y.tolist(), [1, 1]);
  }
  assertEquals([device.memory.buffers, backend.held.size], [0, 0]);
});

for (const [name, run] of Object.entries({ tidy, tidySync })) {
  Deno.test(`${name}() keeps tensors wherever they are in the result, and frees the rest`, () => {
    const { device } = make();
    const result = run(() => {
      const t = (n: number) => ones([n], { device });
      t(9);
      return {
        a: t(1),
        list: [t(2), [t(3)]],
        record: { deep: { b: t(4) } },
        text: "x",
        none: null,
        f: () => t,
      };
    });
    const kept = [result.a, ...result.list.flat(), result.record.deep.b];
    assertEquals(kept.map((t) => t.isDisposed), [false, false, false, false]);
    assertEquals(device.memory.buffers, 4);
    assertEquals([run(() => 5), run(() => null), currentScope()], [5, null, null]);
  });

  Deno.test(`${name}() frees everything if its function fails`, () => {
    const { device } = make();
    assertThrows(
      () =>
        run(() => {
          ones([2], { device });
          throw new RangeError("inside");
        }),
      RangeError,
      "inside",
    );
    assertEquals([device.memory.buffers, currentScope()], [0, null]);
  });
}

Deno.test("setDefaultDevice() chooses where tensors are made if nothing is said", () => {
  const { device } = make();
  try {
    setDefaultDevice(device);
    assertStrictEquals(defaultDevice(), device);
    assertStrictEquals(chosenDevice(), device);
    using x = tensor([1]);
    assertStrictEquals(x.device, device);
  } finally {
    setDefaultDevice(null);
  }
  assertEquals(chosenDevice(), null);
  assertThrows(() => defaultDevice(), TypeError, "no device is chosen");
});

Deno.test("Device names its backend, and gives it up", () => {
  let disposed = 0;
  class Named extends ReferenceBackend {
    override [Symbol.dispose](): void {
      disposed++;
    }
  }
  {
    using device = new Device(new Named());
    assertEquals([device.name, String(device)], [
      "reference",
      "reference: plain TypeScript in float64, one thread",
    ]);
    assertEquals([device.tape, device.traceDisposal], [null, false]);
  }
  assertEquals(disposed, 1);
});

Deno.test("Device.allocate() passes on errors that are not of memory", () => {
  class Lost extends ReferenceBackend {
    override allocate(_bytes: number): ReferenceBuffer {
      throw new TypeError("Cannot allocate as the device is lost");
    }
  }
  const device = new Device(new Lost());
  assertThrows(() => zeros([1], { device }), TypeError, "Cannot allocate as the device is lost");
  assertEquals(device.memory, { buffers: 0, bytes: 0, peakBytes: 0, lost: 0 });
});

Deno.test("tensor() that is refused a gradient leaves no memory behind", () => {
  const { device } = make();
  assertThrows(() => tensor([1], { device, dtype: "int32", requiresGrad: true }), TypeError);
  assertThrows(() => zeros([1], { device, requiresGrad: true }), TypeError);
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Storage.watch() does without ballast where the host has no addresses for it", () => {
  const { device } = make(), { ArrayBuffer: own } = globalThis;
  const x = zeros([2 ** 13 + 1], { device });
  try {
    globalThis.ArrayBuffer = class extends own {
      constructor(bytes: number) {
        if (bytes === 2 ** 15 + 8) throw new RangeError("Array buffer allocation failed");
        super(bytes);
      }
    } as ArrayBufferConstructor;
    // Of no size that an earlier one has left.
    using y = empty([2 ** 13 + 2], { device });
    assertEquals([y.shape, device.memory.buffers], [[2 ** 13 + 2], 2]);
  } finally {
    globalThis.ArrayBuffer = own;
    x.dispose();
  }
  assertEquals(device.memory.buffers, 0);
});
