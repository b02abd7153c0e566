import { assert, assertEquals, assertThrows } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { WebGpuBackend } from "@troodon/webgpu";
import { type AdapterProfile, ADAPTERS } from "./adapters.ts";
import { CountingGpu } from "./counting_gpu.ts";

const NEXT = body(e.add(e.input(0), 1));

function open(limits: Partial<AdapterProfile> = {}) {
  const gpu = new CountingGpu({ ...ADAPTERS.metal, ...limits }), backend = new WebGpuBackend(gpu.opened);
  const view = (...shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1), buffer = backend.allocate(4 * size);
    return { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 } as const;
  };
  return { gpu, backend, view };
}

const next = (size: number): KernelCall => ({
  kernel: "map",
  body: NEXT,
  compute: "float32",
  scalars: [],
  shape: [size],
});

Deno.test("CountingGpu counts dispatches, shaders, groups and bytes", async () => {
  const { gpu, backend, view } = open(), [x, y] = [view(2 ** 20), view(2 ** 20)];
  const before = gpu.counts.bytes;
  gpu.reset();
  for (let i = 0; i < 2; i++) backend.launch(next(2 ** 20), [x], [y]);
  await backend.finish();
  const { dispatches, shaders, groups, submissions, bytes } = gpu.counts;
  assertEquals(dispatches.length, 2);
  const { label, groups: [wide], threads, bytes: seen } = dispatches[0]!;
  assertEquals([label, wide * threads * 4 >= 2 ** 20, seen], ["map", true, [2 ** 22, 2 ** 22]]);
  assertEquals([shaders.length, groups, submissions, bytes], [1, 1, 1, before]);
  assert(shaders[0]!.code.includes("@workgroup_size(256)"));
});

Deno.test("CountingGpu refuses what is beyond the limits of its adapter", () => {
  const refused = (limits: Partial<AdapterProfile>, message: string) => {
    assertThrows(
      () => {
        const { backend, view } = open(limits), x = view(4096), y = view(4096);
        backend.launch(next(4096), [x], [y]);
        backend.launch({ kernel: "softmax" }, [view(4, 1024)], [view(4, 1024)]);
        backend.readSync?.(y.buffer);
      },
      RangeError,
      message,
    );
  };
  refused({ maxBufferSize: 2 ** 12, maxStorageBufferBindingSize: 2 ** 20 }, "bytes of a buffer");
  refused({ maxComputeInvocationsPerWorkgroup: 128 }, "threads of a workgroup of map() must be at most 128");
  refused({ maxComputeWorkgroupsPerDimension: 1 }, "workgroups along an axis must be at most 1");
  refused({ maxBindingsPerBindGroup: 2 }, "bindings of a group must be at most 2");
  refused({ maxComputeWorkgroupStorageSize: 4 }, "bytes that softmax() shares");
});

Deno.test("CountingGpu knows what memory there is", () => {
  const { gpu, backend, view } = open(), before = gpu.counts.bytes;
  const large = view(2 ** 24);
  assertEquals(gpu.counts.bytes - before, 2 ** 26);
  backend.release(large.buffer);
  backend[Symbol.dispose]();
  assertEquals(gpu.counts.bytes < before + 2 ** 26, true);
  assert(gpu.counts.peakBytes >= before + 2 ** 26);
});
