import { type OptionKeys, readOptions } from "@troodon/core/kernel";

/** Options of {@linkcode GpuError}. */
export interface GpuErrorOptions extends ErrorOptions {
  /** Marks the device as lost (default false). */
  readonly lost?: boolean;
}
const GPU_ERROR_OPTIONS: OptionKeys<GpuErrorOptions> = { lost: true, cause: true };

/** What goes wrong on a GPU and is no mistake of the caller: no adapter, a shader refused, a device lost. */
export class GpuError extends Error {
  /** "GpuError". */
  override readonly name: string = "GpuError";
  /** Whether the device is gone, and with it all that it held. */
  readonly lost: boolean;

  /** An error that says what to do; `lost` if the device is gone. */
  constructor(message: string, options?: GpuErrorOptions) {
    const { lost = false, cause } = readOptions(new.target.name, options, GPU_ERROR_OPTIONS);
    super(message, { cause });
    this.lost = lost;
  }
}
