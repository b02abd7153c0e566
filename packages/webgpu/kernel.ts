/** What a kernel of this backend is. */
import type { ShaderSource } from "./device/pipelines.ts";
import type { Traits } from "./device/probe.ts";
import type { GpuBuffer } from "./device/pool.ts";
import type { Groups, Shader } from "./device/stream.ts";
import type { GpuView, Operands } from "./operands.ts";

export type { GpuBuffer } from "./device/pool.ts";
export type { GpuView } from "./operands.ts";

/** What kernels have besides their call. */
export interface KernelContext {
  /** What shaders may make use of. */
  readonly traits: Traits;
  /** What `make` made of the first call with `key`, which begins with the name of the kernel. */
  plan<P>(key: string, make: () => P): P;
  /** The compiled form of a shader. */
  compile(source: ShaderSource): Shader;
  /** Runs a shader. */
  dispatch(shader: Shader, operands: Operands, words: Uint32Array, groups: Groups): void;
  /** A temporary buffer that lasts until the launch ends. */
  scratch(bytes: number): GpuBuffer;
  /** Where a kernel may report an index that does not exist: see `report_index` in `status.ts`. */
  readonly status: GpuBuffer;
  /** Says that {@linkcode KernelContext.status} has to be looked at. */
  suspect(): void;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
) => void;

/** Threads of a workgroup of kernels whose threads have nothing to do with each other. */
export const THREADS = 256;

const MOST = 65535;

/** Workgroups for `threads` threads, in two dimensions where one does not hold them. */
export function grid(threads: number, size: number = THREADS): Groups {
  const groups = Math.ceil(threads / size), rows = Math.ceil(groups / MOST);
  return [Math.ceil(groups / rows), rows, 1];
}

/** The number of a thread of {@linkcode grid} as `i`; those beyond `limit` have nothing to do. */
export function entry(limit: string, body: readonly string[], size: number = THREADS): string {
  return [
    `@compute @workgroup_size(${size})`,
    "fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {",
    `  let i = id.x + id.y * groups.x * ${size}u;`,
    `  if (i >= ${limit}) { return; }`,
    ...body.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}
