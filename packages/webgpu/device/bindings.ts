/** Bind groups, made once for the same buffers. */
import { type CacheEntry, KeyedCache, NumberKey } from "./keyed_cache.ts";
import type { GpuBuffer } from "./pool.ts";

/** Bytes of the numbers that a dispatch sees come in multiples of this, which every GPU can address. */
export const SLOT_BYTES = 256;

/** Id that stands for the numbers shared by all dispatches. */
const SHARED = -1;

/** How a shader binds: its storage buffers in order, then its numbers. */
export interface BindLayout {
  /** Never used twice. */
  readonly id: number;
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
  /** Whether each storage buffer is written. */
  readonly written: readonly boolean[];
  /** Slots of numbers that are visible at once. */
  readonly slots: number;
}

/** A bind group with what it holds. */
export interface BoundGroup {
  readonly handle: GPUBindGroup;
  readonly buffers: readonly GpuBuffer[];
}

/** Options of {@linkcode Bindings}. */
export interface BindingsOptions {
  /** Bind groups that are kept; 8192 by default, far more than a training step needs. */
  readonly groups?: number;
}

/** Layouts by arity and access, so that shaders share them, and bind groups by layout and buffers. */
export class Bindings {
  readonly #device: GPUDevice;
  readonly #numbers: GPUBuffer;
  readonly #layouts = new Map<string, BindLayout>();
  readonly #key = new NumberKey();
  readonly #groups: KeyedCache<BoundGroup>;
  readonly #groupsOf = new Map<GpuBuffer, Set<CacheEntry<BoundGroup>>>();
  #made = 0;

  /** Groups end with `numbers`, at an offset that each dispatch gives. */
  constructor(device: GPUDevice, numbers: GPUBuffer, { groups = 8192 }: BindingsOptions = {}) {
    this.#device = device;
    this.#numbers = numbers;
    this.#groups = new KeyedCache(groups, (entry) => this.#forget(entry));
  }

  /** How many groups were ever made. */
  get made(): number {
    return this.#made;
  }

  /** How many groups there are. */
  get held(): number {
    return this.#groups.size;
  }

  /** How many buffers the groups hold. */
  get buffers(): number {
    return this.#groupsOf.size;
  }

  /** The layout of storage buffers that are written or not. */
  layout(written: readonly boolean[], slots: number): BindLayout {
    const key = `${written.map((w) => w ? "w" : "r").join("")}${slots}`;
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      const visibility = GPUShaderStage.COMPUTE;
      const group = this.#device.createBindGroupLayout({
        label: key,
        entries: [
          ...written.map((w, binding): GPUBindGroupLayoutEntry => ({
            binding,
            visibility,
            buffer: { type: w ? "storage" : "read-only-storage" },
          })),
          { binding: written.length, visibility, buffer: { type: "uniform", hasDynamicOffset: true } },
        ],
      });
      const pipeline = this.#device.createPipelineLayout({ label: key, bindGroupLayouts: [group] });
      this.#layouts.set(key, layout = { id: this.#layouts.size, group, pipeline, written, slots });
    }
    return layout;
  }

  /**
   * Returns the bind group of the buffers that `slots` select from `buffers`, in `layout`. Its numbers are those shared
   * by all dispatches, or those of the buffer `numbers`, which has a unique id.
   */
  group(
    layout: BindLayout,
    slots: readonly number[],
    buffers: readonly GpuBuffer[],
    numbers?: GpuBuffer,
  ): GPUBindGroup {
    const key = this.#key;
    key.clear();
    key.push(layout.id);
    key.push(numbers === undefined ? SHARED : numbers.id);
    for (let i = 0; i < slots.length; i++) key.push(buffers[slots[i]!]!.id);
    const known = this.#groups.find(key);
    if (known !== undefined) return known.handle;
    const bound = slots.map((slot) => buffers[slot]!);
    const handle = this.#device.createBindGroup({
      label: "kernel",
      layout: layout.group,
      entries: [
        ...bound.map(({ handle }, binding) => ({ binding, resource: { buffer: handle } })),
        {
          binding: bound.length,
          resource: { buffer: numbers?.handle ?? this.#numbers, size: layout.slots * SLOT_BYTES },
        },
      ],
    });
    this.#made++;
    if (numbers !== undefined) bound.push(numbers);
    const entry = this.#groups.add(key, { handle, buffers: bound });
    for (const buffer of bound) {
      const groups = this.#groupsOf.get(buffer);
      if (groups) groups.add(entry);
      else this.#groupsOf.set(buffer, new Set([entry]));
    }
    return handle;
  }

  /** Forgets the groups that hold any of `buffers`. */
  drop(buffers: readonly GpuBuffer[]): void {
    for (const buffer of buffers) {
      for (const entry of [...this.#groupsOf.get(buffer) ?? []]) this.#groups.remove(entry);
    }
  }

  #forget(entry: CacheEntry<BoundGroup>): void {
    for (const buffer of entry.value.buffers) {
      const groups = this.#groupsOf.get(buffer)!;
      groups.delete(entry);
      if (groups.size === 0) this.#groupsOf.delete(buffer);
    }
  }
}
