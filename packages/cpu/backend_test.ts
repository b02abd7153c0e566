import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, type KernelCall, tensor } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { CpuBackend } from "./backend.ts";

const SQUARE = body(e.mul(e.input(0), e.input(0)));

const floats = (bytes: Uint8Array): number[] => [...new Float32Array(bytes.slice().buffer)];

Deno.test("CpuBackend writes and reads ranges of buffers", async () => {
  const backend = new CpuBackend(), buffer = backend.allocate(16);
  backend.write(buffer, new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer));
  backend.write(buffer, new Uint8Array(new Float32Array([9]).buffer), 8);
  assertEquals(floats(await backend.read(buffer)), [1, 2, 9, 4]);
  assertEquals(floats(backend.readSync(buffer, { start: 4, end: 12 })), [2, 9]);
  assertEquals(backend.readSync(backend.allocate(0)).length, 0);
});

Deno.test("CpuBackend gives a copy that later kernels do not change", () => {
  const backend = new CpuBackend(), buffer = backend.allocate(4);
  backend.write(buffer, new Uint8Array([1, 2, 3, 4]));
  const copy = backend.readSync(buffer);
  backend.write(buffer, new Uint8Array(4));
  assertEquals([...copy], [1, 2, 3, 4]);
});

Deno.test("CpuBackend leaves no temporary memory behind, even when a kernel throws", () => {
  const backend = new CpuBackend();
  using device = new Device(backend);
  const x = tensor([[1, 2], [3, 4]], { device }), before = backend.memory.live;
  x.matmul(x).dispose();
  assertEquals(backend.memory.live, before);
  const index = tensor([5], { device, dtype: "int32" }), held = backend.memory.live;
  const output = backend.allocate(8);
  const view = {
    buffer: index.storage.buffer,
    dtype: "int32",
    shape: [1, 2],
    strides: [0, 0],
    offset: 0,
  } as const;
  const call: KernelCall = { kernel: "gather", axis: 0 };
  const source = {
    ...view,
    buffer: x.storage.buffer,
    dtype: "float32",
    shape: [2, 2],
    strides: [2, 1],
  } as const;
  const target = { ...source, buffer: output, shape: [1, 2] };
  assertThrows(() => device.backend.launch(call, [source, view], [target]), RangeError, "indices");
  backend.release(output);
  assertEquals(backend.memory.live, held);
});

Deno.test("CpuBackend releases what a kernel had converted before it throws", () => {
  const backend = new CpuBackend(), call: KernelCall = { kernel: "scatter", axis: 0, mode: "add" };
  const view = (dtype: "float16" | "int32", shape: readonly number[]) => {
    const count = shape.reduce((n, extent) => n * extent, 1), buffer = backend.allocate(4 * count);
    backend.write(buffer, new Uint8Array(4 * count));
    return { buffer, dtype, shape, strides: [shape[1]!, 1], offset: 0 };
  };
  const index = view("int32", [5, 40]), source = view("float16", [5, 40]), output = view("float16", [9, 40]);
  const launch = (): void => backend.launch(call, [index, source], [output]);
  launch();
  const { live } = backend.memory;
  for (const bad of [9, -1, 1000]) {
    backend.write(index.buffer, new Uint8Array(Int32Array.of(bad).buffer), 4 * 50);
    assertThrows(launch, RangeError, `current index is ${bad}`);
    assertEquals(backend.memory.live, live);
    backend.write(index.buffer, new Uint8Array(4), 4 * 50);
    launch();
    assertEquals(backend.memory.live, live);
  }
});

Deno.test("CpuBackend gives up tables of plans that lie where a large buffer wants to be", () => {
  const backend = new CpuBackend({ blas: "off", threads: 1 });
  using device = new Device(backend);
  const x = tensor([[1, 2], [3, 4]], { device }), before = backend.memory.live;
  // Nothing is written to it, so that it takes no memory of the machine.
  const large = backend.allocate(2 ** 31);
  x.add(x).dispose();
  backend.release(large);
  assert(backend.memory.live > before, "there is a table");
  backend.release(backend.allocate(3 * 2 ** 30));
  assertEquals(x.add(x).tolist(), [[2, 4], [6, 8]]);
});

Deno.test("CpuBackend supports the optional kernels for float32 alone", () => {
  const backend = new CpuBackend(), spec = { shape: [2, 3], strides: [3, 1], offset: 0 };
  const call: KernelCall = { kernel: "softmax" };
  assert(backend.supports(call, [{ ...spec, dtype: "float32" }], []));
  assert(!backend.supports(call, [{ ...spec, dtype: "float64" }], []));
  assert(backend.supports({ kernel: "matmul", scalars: [] }, [{ ...spec, dtype: "float64" }], []));
});

Deno.test("CpuBackend describes itself", () => {
  assert(
    /^cpu: WebAssembly SIMD( \(relaxed\))?, 1 thread$/.test(
      new CpuBackend({ threads: 1, blas: "off", native: "off" }).describe(),
    ),
  );
});

Deno.test("CpuBackend refuses views that leave their buffers", () => {
  using backend = new CpuBackend({ blas: "off", threads: 1 });
  const buffer = backend.allocate(4 * 6), output = backend.allocate(4 * 16);
  const view = (shape: readonly number[], strides: readonly number[], offset: number) => ({
    ...{ buffer, dtype: "float32" as const, shape, strides, offset },
  });
  const launches = ({ shape, ...input }: ReturnType<typeof view>) => {
    const call: KernelCall = { kernel: "map", body: SQUARE, compute: "float32", scalars: [], shape };
    const outputs = [{ ...view(shape, rowMajor(shape), 0), buffer: output }];
    const launch = { call, inputs: [{ shape, ...input }], outputs };
    return [() => backend.launch(call, launch.inputs, outputs), () => backend.launchAll([launch, launch])];
  };
  for (const bad of [view([7], [1], 0), view([2, 3], [3, 1], 1), view([2], [-1], 0), view([2], [6], 0)]) {
    for (const launch of launches(bad)) assertThrows(launch, RangeError, "must lie in their buffers");
  }
  for (const good of [view([6], [1], 0), view([6], [-1], 5), view([0, 9], [99, 1], 0), view([2], [5], 0)]) {
    for (const launch of launches(good)) launch();
  }
});
