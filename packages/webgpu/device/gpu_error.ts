/** What goes wrong on a GPU and is no mistake of the caller: no adapter, a shader refused, a device lost. */
export class GpuError extends Error {
  /** "GpuError". */
  override readonly name: string = "GpuError";
  /** Whether the device is gone, and with it all that it held. */
  readonly lost: boolean;

  /** An error that says what to do; `lost` if the device is gone. */
  constructor(message: string, { lost = false, cause }: { lost?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.lost = lost;
  }
}
