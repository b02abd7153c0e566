/** The backend on a device that calculates nothing: what is asked of the device, and what it reports. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { WebGpuBackend } from "./backend.ts";
import { GpuError } from "./device/gpu_error.ts";
import { fakeDevice, fakeOpened, type FakeOptions } from "./fake_device.ts";
import type { WebGpuTuning } from "./tuning.ts";

function open(options: FakeOptions = {}, tuning?: WebGpuTuning) {
  const fake = fakeDevice(options), backend = new WebGpuBackend(fakeOpened(fake.device), tuning);
  const view = (dtype: "float32" | "int32" = "float32", size = 4) => (
    { buffer: backend.allocate(4 * size), dtype, shape: [size], strides: [1], offset: 0 }
  );
  return { ...fake, backend, view };
}

const NEXT = body(e.add(e.input(0), 1));
const next = { kernel: "map", body: NEXT, compute: "float32", scalars: [], shape: [4] } as const;

Deno.test("WebGpuBackend[Symbol.dispose]() hands work over, and destroys spare memory, staging and the device", async () => {
  const { backend, view, counts } = open(), [x, y] = [view(), view()];
  backend.release(y.buffer);
  await backend.read(x.buffer);
  backend.launch(next, [x], [x]);
  const events = counts.events.length;
  backend[Symbol.dispose]();
  backend[Symbol.dispose]();
  assertEquals(counts.events.slice(events), ["write", "submit", "destroy"]);
  const destroyed = counts.buffers.filter((buffer) => buffer.destroyed).map(({ size }) => size);
  // The staging buffer, and the spare one; what is in use goes with the device.
  assertEquals(destroyed, [4096, 16]);
});

Deno.test("WebGpuBackend looks at reports of indices only after kernels that may make them", async () => {
  const { backend, view, counts } = open(), [x, index, y] = [view(), view("int32"), view()];
  const copies = async (): Promise<number> => {
    const before = counts.events.length;
    await backend.read(y.buffer);
    return counts.events.slice(before).filter((event) => event === "copy").length;
  };
  backend.launch(next, [x], [y]);
  assertEquals(await copies(), 1);
  backend.launch({ kernel: "gather", axis: 0 }, [x, index], [y]);
  assertEquals([await copies(), await copies()], [2, 1]);
  backend.launch({ kernel: "gather", axis: 0 }, [x, index], [y]);
  assertEquals(await copies(), 2);
});

Deno.test("WebGpuBackend throws what a kernel reported, and clears the report", async () => {
  let report = [1, 9, 4];
  const { backend, view } = open({
    compute(label, buffers) {
      if (label !== "gather") return;
      const status = new Int32Array(buffers[3]!.bytes.buffer);
      if (status[0] === 0) status.set(report);
    },
  });
  const [x, index, y] = [view(), view("int32"), view()];
  const gather = () => backend.launch({ kernel: "gather", axis: 0 }, [x, index], [y]);
  for (const read of [() => backend.read(y.buffer), () => backend.finish()]) {
    gather();
    await assertRejects(
      read,
      RangeError,
      "Cannot apply gather() as indices must be integers in [0, 4): current index is 9",
    );
    await read();
  }
  report = [2, -3, 7];
  gather();
  assertThrows(
    () => backend.readSync!(y.buffer),
    RangeError,
    "Cannot apply scatter() as indices must be integers in [0, 7)",
  );
  // Refusals of ops are counted after the three kernels that look at indices.
  report = [4, 1, 1];
  gather();
  assertThrows(() => backend.readSync!(y.buffer), RangeError, "Cannot apply div() as integers must not be");
  backend.readSync!(y.buffer);
  report = [3, 5, 5];
  gather();
  await assertRejects(() => backend.read(y.buffer), RangeError, "Cannot apply crossEntropy()");
});

Deno.test("WebGpuBackend throws errors of the device once, at the next result", async () => {
  const { backend, view, fail, scopes } = open(), x = view();
  fail("out of sorts");
  assertThrows(() => backend.readSync!(x.buffer), GpuError, "Cannot run a kernel on the GPU: out of sorts");
  backend.readSync!(x.buffer);
  await backend.read(x.buffer);
  scopes.push("no such shader");
  backend.launch(next, [x], [x]);
  await assertRejects(() => backend.read(x.buffer), GpuError, "Cannot run map() on the GPU: no such shader");
  await backend.read(x.buffer);
});

Deno.test("WebGpuBackend refuses everything after its device was lost", async () => {
  const { backend, view, lose } = open(), x = view();
  assert(!backend.lost);
  lose("unknown", "unplugged");
  await new Promise((resolve) => setTimeout(resolve));
  assert(backend.lost);
  for (const call of [() => backend.write(x.buffer, new Uint8Array(4)), () => backend.launchAll([])]) {
    assertThrows(call, GpuError, "lost (unknown): unplugged");
  }
  assertThrows(() => backend.launch(next, [x], [x]), GpuError, "unplugged");
  await assertRejects(() => backend.read(x.buffer), GpuError, "unplugged");
});

Deno.test("WebGpuBackend hands work over before its buffers are destroyed, and keeps no bind groups of these", async () => {
  const { backend, view, counts } = open({}, { keptBytes: 0 }), x = view();
  for (let i = 0; i < 3; i++) {
    const small = view("float32", 40);
    backend.launch(next, [x], [small]);
    backend.launch(next, [small], [small]);
    backend.release(small.buffer);
  }
  assertEquals(backend.report.heldBindGroups, 2);
  const large = view("float32", 4000);
  assertEquals(counts.buffers.filter(({ destroyed }) => destroyed).length, 1);
  assertEquals(backend.report.heldBindGroups, 0);
  backend.launch(next, [x], [large]);
  assertEquals(backend.report.heldBindGroups, 1);
  await backend.finish();
  assertEquals(counts.events.includes("prevented"), false);
});

Deno.test("WebGpuBackend.limits is what the device holds, and memory beyond is refused", () => {
  const { backend } = open({ maxBufferSize: 4096 });
  assertEquals(backend.limits.bufferBytes, 4096);
  backend.allocate(4096);
  assertThrows(() => backend.allocate(4097), RangeError, "as this GPU allows 4096 in one buffer");
  assertEquals(backend.describe(), "webgpu: fake, a software adapter");
});

Deno.test("WebGpuBackend does not grow with ever-new shapes and buffers", () => {
  const { backend, counts } = open({}, {
    launcher: { plans: 20 },
    pipelines: { unused: 0 },
    bindings: { groups: 30 },
    keptBytes: 2 ** 16,
  });
  for (let n = 1; n <= 200; n++) {
    const shape = [3, n], buffer = backend.allocate(12 * n);
    const view = { buffer, dtype: "float32", shape, strides: [n, 1], offset: 0 } as const;
    backend.launch({ kernel: "softmax" }, [view], [view]);
    backend.release(buffer);
  }
  const { plans, pipelines, kernels, spareBytes, bindGroups } = backend.report;
  assertEquals([plans, pipelines, kernels], [20, 20, 200]);
  assert(spareBytes <= 2 ** 16 && bindGroups <= 200);
  const live = counts.buffers.filter(({ destroyed }) => !destroyed).length;
  assert(live < 20, `${live} buffers`);
});

Deno.test("WebGpuBackend is at most some submissions ahead of the GPU, and waits for nothing that was read", async () => {
  const { backend, view, counts } = open({}, { stream: { batch: 4, ahead: 3 } }), [x, y] = [view(), view()];
  const copies = (): number => counts.events.filter((event) => event === "copy").length;
  const launch = (times: number): void => {
    for (let i = 0; i < times; i++) backend.launch(next, [x], [y]);
  };
  launch(4 * 3);
  assertEquals(copies(), 0);
  launch(4 * 4);
  assertEquals(copies(), 1);
  await backend.read(y.buffer);
  const before = copies();
  launch(4 * 3);
  await backend.read(y.buffer);
  launch(4 * 3);
  assertEquals(copies(), before + 1);
});
