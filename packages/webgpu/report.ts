/** What a backend has done and holds so far. */
export interface WebGpuReport {
  /** Kernels that were run. */
  readonly dispatches: number;
  /** Times that work was handed over. */
  readonly submissions: number;
  /** Buffers that were ever made. */
  readonly buffers: number;
  /** Bind groups that were ever made. */
  readonly bindGroups: number;
  /** Bind groups that are kept. */
  readonly heldBindGroups: number;
  /** Kernels that were ever compiled. */
  readonly kernels: number;
  /** Plans of calls that are kept. */
  readonly plans: number;
  /** Compiled kernels that are kept for them. */
  readonly pipelines: number;
  /** Bytes of buffers in use. */
  readonly liveBytes: number;
  /** Bytes of buffers that wait to be used again. */
  readonly spareBytes: number;
  /** Bytes of all buffers that were made and not destroyed, with those for reading and for numbers of dispatches. */
  readonly heldBytes: number;
}
