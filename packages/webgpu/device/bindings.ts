/** Bind groups, made once for the same buffers. */
import type { GpuBuffer } from "./pool.ts";

/** Bytes of the numbers that a dispatch sees come in multiples of this, which every GPU can address. */
export const SLOT_BYTES = 256;

/** How a shader binds: its storage buffers in order, then its numbers. */
export interface BindLayout {
  readonly key: string;
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
  /** Slots of numbers that are visible at once. */
  readonly slots: number;
}

/** Groups kept: far more than a training step needs. */
const LIMIT = 8192;

/** Layouts by arity and access, so that shaders share them, and bind groups by layout and buffers. */
export class Bindings {
  readonly #device: GPUDevice;
  readonly #numbers: GPUBuffer;
  readonly #layouts = new Map<string, BindLayout>();
  readonly #groups = new Map<string, GPUBindGroup>();
  #made = 0;

  /** Groups end with `numbers`, at an offset that each dispatch gives. */
  constructor(device: GPUDevice, numbers: GPUBuffer) {
    this.#device = device;
    this.#numbers = numbers;
  }

  /** How many groups were ever made. */
  get made(): number {
    return this.#made;
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
      this.#layouts.set(key, layout = { key, group, pipeline, slots });
    }
    return layout;
  }

  /** The group of `buffers` in `layout`. */
  group(layout: BindLayout, buffers: readonly GpuBuffer[]): GPUBindGroup {
    let key = layout.key;
    for (let i = 0; i < buffers.length; i++) key += `:${buffers[i]!.id}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= LIMIT) this.#groups.clear();
      group = this.#device.createBindGroup({
        label: key,
        layout: layout.group,
        entries: [
          ...buffers.map(({ handle }, binding) => ({ binding, resource: { buffer: handle } })),
          {
            binding: buffers.length,
            resource: { buffer: this.#numbers, size: layout.slots * SLOT_BYTES },
          },
        ],
      });
      this.#made++;
      this.#groups.set(key, group);
      for (const buffer of buffers) buffer.groups.add(key);
    }
    return group;
  }

  /** Forgets the groups that hold any of `buffers`. */
  drop(buffers: readonly GpuBuffer[]): void {
    for (const { groups } of buffers) {
      for (const key of groups) this.#groups.delete(key);
      groups.clear();
    }
  }
}
