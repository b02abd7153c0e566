import { assert, assertEquals } from "@std/assert";
import { Device, tensor } from "@troodon/core";
import { CpuBackend } from "./backend.ts";

const { Module } = WebAssembly;

/** How many modules are compiled while `f` runs. */
function modulesOf(f: () => void): number {
  let count = 0;
  WebAssembly.Module = class extends Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      count++;
    }
  };
  try {
    f();
  } finally {
    WebAssembly.Module = Module;
  }
  return count;
}

/** Some of what a training step does, with `rows` samples. */
function step(device: Device, rows: number): void {
  const numbers = (...shape: number[]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return tensor(Float32Array.from({ length }, (_, i) => Math.sin(i)), { device }).reshape(shape);
  };
  const x = numbers(rows, 1, 12, 12), weight = numbers(4, 1, 3, 3), fully = numbers(100, 7);
  const y = x.conv2d(weight).cosh().maxPool2d(2).reshape([rows, 100]).matmul(fully);
  assert(Number.isFinite(y.logSoftmax(1).sum().item()));
}

Deno.test("CpuBackend compiles a kernel once, for all steps, extents and devices", () => {
  using first = new Device(new CpuBackend({ threads: 1, blas: "off", native: "off" }));
  using second = new Device(new CpuBackend({ threads: 1, blas: "off", native: "off" }));
  assert(modulesOf(() => step(first, 8)) > 0);
  assertEquals(modulesOf(() => step(first, 8)), 0);
  assertEquals(modulesOf(() => step(first, 16)), 0);
  assertEquals(modulesOf(() => step(second, 8)), 0);
});
