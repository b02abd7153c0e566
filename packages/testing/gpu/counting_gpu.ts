/** A GPU without a card: it calculates nothing, holds nothing, and hears all that is asked of it at full size. */
import type { OpenedDevice } from "@troodon/webgpu";
import type { AdapterProfile } from "./adapters.ts";

/** A compute dispatch as {@linkcode CountingGpu} recorded it. */
export interface CountedDispatch {
  /** The kernel. */
  readonly label: string;
  /** Workgroups along the three axes. */
  readonly groups: readonly [number, number, number];
  /** Threads of one workgroup. */
  readonly threads: number;
  /** Bytes of each storage buffer that it sees. */
  readonly bytes: readonly number[];
}

/** A compiled shader as {@linkcode CountingGpu} recorded it. */
export interface CountedShader {
  /** The kernel. */
  readonly label: string;
  /** WGSL source of the shader. */
  readonly code: string;
}

/** Counters of a {@linkcode CountingGpu}. */
export interface GpuCounts {
  /** Dispatches, in order. */
  readonly dispatches: CountedDispatch[];
  /** Shaders that were compiled, in order. */
  readonly shaders: CountedShader[];
  /** Bind groups that were made. */
  groups: number;
  /** Buffers that were made. */
  buffers: number;
  /** Bytes of the buffers that were made and not destroyed. */
  bytes: number;
  /** The most bytes at once. */
  peakBytes: number;
  /** Writes of the host. */
  writes: number;
  /** Lists of commands that were handed over. */
  submissions: number;
}

/** Options of {@linkcode CountingGpu}. */
export interface CountingGpuOptions {
  /** Bytes that all buffers may take together; any number by default. */
  readonly memory?: number;
  /** Records dispatches; true by default. Without it, the time that is left is that of the program itself. */
  readonly records?: boolean;
}

/** A buffer that has a size alone. */
class CountedBuffer {
  readonly size: number;
  readonly #onDestroy: () => void;

  constructor(size: number, onDestroy: () => void) {
    this.size = size;
    this.#onDestroy = onDestroy;
  }

  destroy(): void {
    this.#onDestroy();
  }

  unmap(): void {}

  mapAsync(): Promise<void> {
    return Promise.resolve();
  }

  getMappedRange(start: number = 0, size: number = this.size - start): ArrayBuffer {
    return new ArrayBuffer(size);
  }
}

interface Pipeline {
  readonly label: string;
  readonly threads: number;
}

interface Entry {
  readonly resource: { readonly buffer: CountedBuffer; readonly size?: number };
}

/**
 * A device that does nothing but refuse what is beyond the limits of an adapter, and count the rest. Results are zeros.
 *
 * @example What an addition asks of a card
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, zeros } from "@troodon/core";
 * import { ADAPTERS, CountingGpu } from "@troodon/testing";
 * import { WebGpuBackend } from "@troodon/webgpu";
 *
 * const gpu = new CountingGpu(ADAPTERS.metal), device = new Device(new WebGpuBackend(gpu.opened));
 * const x = zeros([2 ** 24], { device });
 * gpu.reset();
 * x.add(1);
 * await device.finish();
 * const { label, groups, threads } = gpu.counts.dispatches[0]!;
 * assertEquals([label, groups, threads], ["map", [16384, 1, 1], 256]);
 * ```
 */
export class CountingGpu {
  /** Counters since the device was made or last reset. */
  readonly counts: GpuCounts = {
    dispatches: [],
    shaders: [],
    groups: 0,
    buffers: 0,
    bytes: 0,
    peakBytes: 0,
    writes: 0,
    submissions: 0,
  };
  /** The device as `new WebGpuBackend()` takes it. */
  readonly opened: OpenedDevice;
  readonly #limits: AdapterProfile;
  readonly #memory: number;
  readonly #records: boolean;
  /** Errors of the scopes that are open, the innermost last. */
  readonly #scopes: { readonly filter: string; error: { readonly message: string } | null }[] = [];

  /** A device on an adapter of these limits. */
  constructor(limits: AdapterProfile, { memory = Infinity, records = true }: CountingGpuOptions = {}) {
    this.#limits = limits;
    this.#memory = memory;
    this.#records = records;
    const { subgroup, half } = limits;
    const info = { description: "counting", isFallbackAdapter: true };
    this.opened = {
      device: this.#device() as unknown as GPUDevice,
      info: info as unknown as GPUAdapterInfo,
      features: new Set([...(subgroup > 1 ? ["subgroups"] : []), ...(half ? ["shader-f16"] : [])]),
      traits: { subgroup, subgroupDirective: "", half },
    };
  }

  /** Forgets what was asked so far, but for the memory that is held. */
  reset(): void {
    const { counts } = this;
    counts.dispatches.length = counts.shaders.length = 0;
    counts.groups =
      counts.buffers =
      counts.writes =
      counts.submissions =
        0;
    counts.peakBytes = counts.bytes;
  }

  #atMost(what: string, value: number, limit: keyof AdapterProfile): void {
    if (value <= Number(this.#limits[limit])) return;
    throw new RangeError(
      `Cannot do this on the GPU as ${what} must be at most ${this.#limits[limit]}: current one is ${value}`,
    );
  }

  #device() {
    const { counts } = this, limits = this.#limits;
    return {
      limits,
      features: new Set<string>(),
      lost: new Promise(() => {}),
      addEventListener() {},
      destroy() {},
      pushErrorScope: (filter: string) => void this.#scopes.push({ filter, error: null }),
      popErrorScope: () => Promise.resolve(this.#scopes.pop()!.error),
      createBuffer: ({ size }: { size: number }) => this.#buffer(size),
      createBindGroupLayout: ({ entries }: { entries: readonly { buffer: { type: string } }[] }) => {
        const storage = entries.filter(({ buffer }) => buffer.type !== "uniform").length;
        this.#atMost("storage buffers of a shader", storage, "maxStorageBuffersPerShaderStage");
        this.#atMost("bindings of a group", entries.length, "maxBindingsPerBindGroup");
        return {};
      },
      createPipelineLayout: () => ({}),
      createShaderModule: ({ label, code }: CountedShader) => {
        counts.shaders.push({ label, code });
        return { code };
      },
      createComputePipeline: ({ label, compute }: { label: string; compute: { module: { code: string } } }) =>
        this.#pipeline(label, compute.module.code),
      createBindGroup: ({ entries }: { entries: readonly Entry[] }) => this.#group(entries),
      createCommandEncoder: () => ({
        beginComputePass: () => this.#pass(),
        copyBufferToBuffer() {},
        finish: () => ({}),
      }),
      queue: { writeBuffer: () => void counts.writes++, submit: () => void counts.submissions++ },
    };
  }

  #buffer(size: number): CountedBuffer {
    const { counts } = this;
    this.#atMost("bytes of a buffer", size, "maxBufferSize");
    if (counts.bytes + size > this.#memory) {
      this.#scopes.findLast(({ filter }) => filter === "out-of-memory")!.error = {
        message: "no memory left",
      };
      return new CountedBuffer(size, () => {});
    }
    counts.buffers++;
    counts.bytes += size;
    counts.peakBytes = Math.max(counts.peakBytes, counts.bytes);
    let live = true;
    return new CountedBuffer(size, () => {
      if (live) counts.bytes -= size;
      live = false;
    });
  }

  #pipeline(label: string, code: string): Pipeline {
    const size = code.match(/@workgroup_size\(([^)]*)\)/)?.[1];
    if (size === undefined) {
      throw new TypeError(`Cannot make the pipeline of ${label}() as it has no workgroups`);
    }
    const threads = size.split(",").map(Number).reduce((a, b) => a * b, 1);
    if (!Number.isInteger(threads)) {
      throw new TypeError(`Cannot make the pipeline of ${label}() as its workgroups are of ${size} threads`);
    }
    this.#atMost(`threads of a workgroup of ${label}()`, threads, "maxComputeInvocationsPerWorkgroup");
    this.#atMost(`bytes that ${label}() shares`, sharedBytes(code), "maxComputeWorkgroupStorageSize");
    return { label, threads };
  }

  #group(entries: readonly Entry[]): readonly number[] {
    const sizes = entries.map(({ resource: { buffer, size } }) => size ?? buffer.size);
    const numbers = sizes.pop()!;
    for (const size of sizes) this.#atMost("bytes of a binding", size, "maxStorageBufferBindingSize");
    this.#atMost("bytes of numbers", numbers, "maxUniformBufferBindingSize");
    this.counts.groups++;
    return sizes;
  }

  #pass() {
    let pipeline: Pipeline | null = null, bytes: readonly number[] = [];
    return {
      setPipeline: (next: Pipeline) => void (pipeline = next),
      setBindGroup: (_: number, group: readonly number[]) => void (bytes = group),
      dispatchWorkgroups: (x: number, y = 1, z = 1) => {
        if (!this.#records) return;
        for (const n of [x, y, z]) {
          this.#atMost("workgroups along an axis", n, "maxComputeWorkgroupsPerDimension");
        }
        const { label, threads } = pipeline!;
        this.counts.dispatches.push({ label, groups: [x, y, z], threads, bytes });
      },
      end() {},
    };
  }
}

/** Bytes of the types that kernels share arrays of. */
const BYTES: Readonly<Record<string, number>> = { f32: 4, i32: 4, u32: 4, f16: 2 };

/** Bytes of the variables that a workgroup shares: arrays of numbers and of vectors of them, in arrays or not. */
function sharedBytes(code: string): number {
  let total = 0;
  for (const [, type] of code.matchAll(/var<workgroup>\s+\w+\s*:\s*([^;]+);/g)) {
    total += bytesOfType(type!.trim());
  }
  return total;
}

function bytesOfType(type: string): number {
  const array = type.match(/^array<(.+),\s*(\d+)u?>$/);
  if (array) return bytesOfType(array[1]!.trim()) * Number(array[2]);
  const vector = type.match(/^vec([234])<(\w+)>$/) ?? type.match(/^vec([234])([fiu])$/);
  if (vector) return (Number(vector[1]) === 2 ? 2 : 4) * (BYTES[vector[2]!] ?? 4);
  const atomic = type.match(/^atomic<(\w+)>$/);
  const bytes = BYTES[atomic ? atomic[1]! : type];
  if (bytes === undefined) throw new TypeError(`Cannot tell the size of ${type}`);
  return bytes;
}
