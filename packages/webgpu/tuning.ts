import type { BindingsOptions } from "./device/bindings.ts";
import type { GpuMemoryOptions } from "./device/gpu_memory.ts";
import type { NumbersOptions } from "./device/numbers.ts";
import type { PipelinesOptions } from "./device/pipelines.ts";
import type { ReadbackOptions } from "./device/readback.ts";
import type { StreamOptions } from "./device/stream.ts";
import type { Kernels } from "./kernels/mod.ts";
import type { LauncherOptions } from "./plan/launcher.ts";
import type { WorkLimits } from "./plan/work.ts";

/** How much a backend keeps and does at once; tests make it little. */
export interface WebGpuTuning {
  /** The kernels that there are; all by default. */
  readonly kernels?: Kernels;
  /** Plans. */
  readonly launcher?: LauncherOptions;
  /** Work that one dispatch does at most. */
  readonly work?: Partial<WorkLimits>;
  /** Compiled kernels. */
  readonly pipelines?: PipelinesOptions;
  /** Bind groups. */
  readonly bindings?: BindingsOptions;
  /** Numbers of dispatches. */
  readonly numbers?: NumbersOptions;
  /** Work that is handed over together. */
  readonly stream?: StreamOptions;
  /** Memory of all buffers. */
  readonly memory?: GpuMemoryOptions;
  /** Staging buffers. */
  readonly readback?: ReadbackOptions;
  /** Bytes of free memory that are kept whatever else is in use; 256 MiB by default. */
  readonly keptBytes?: number;
}
