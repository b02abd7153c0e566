/**
 * What a backend is: memory, and a short list of kernel families that all ops
 * are made of. It does not grow with the list of ops.
 */
import type { DType } from "../dtype.ts";
import type { Layout } from "../layout.ts";
import type { Shape } from "../shape.ts";
import type { KernelCall } from "./kernel_call.ts";
import type { LaunchProgram, RunnableProgram } from "./launch_program.ts";

/** A strided window onto a buffer: what a kernel reads or writes. */
export interface View<B extends object = object> extends Layout {
  /** The memory. */
  readonly buffer: B;
  /** Type of the elements. */
  readonly dtype: DType;
  /**
   * Where the memory that the view is of ends, in bytes of the buffer, and nothing follows up to the next multiple of 16;
   * absent where that is the end of the buffer.
   */
  readonly end?: number | undefined;
}

/** A view of the same memory with other extents and strides; unlike a spread it keeps what tensors have by getters. */
export function relaid<B extends object>(
  { buffer, dtype, offset, end }: View<B>,
  shape: Shape,
  strides: readonly number[],
): View<B> {
  return { buffer, dtype, shape, strides, offset, end };
}

/** A call with what it reads and writes. */
export interface BackendLaunch<B extends object = object> {
  /** The kernel. */
  readonly call: KernelCall;
  /** What it reads. */
  readonly inputs: readonly View<B>[];
  /** What it writes. */
  readonly outputs: readonly View<B>[];
}

/** Shape and type of a view: all that is known of it before it runs. */
export type ViewSpec = Omit<View, "buffer">;

/** Bytes `start` to `end` of a buffer. */
export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** First byte after it. */
  readonly end: number;
}

/** What a backend can hold and calculate with. */
export interface BackendLimits {
  /** Element types that it holds. */
  readonly dtypes: readonly DType[];
  /** Largest buffer, in bytes. */
  readonly bufferBytes: number;
  /** Buffers that the launches of a `launchAll` may have together to run as one; absent where each runs by itself. */
  readonly launchBuffers?: number;
  /**
   * True if maps of float32 round +, -, / and roots to nearest at every step (IEEE 754); a product and the sum that it
   * is added to may be fused. Absent where last digits may differ, as on GPUs.
   */
  readonly roundsSteps?: boolean;
  /** True if bodies are calculated in float64 whatever their type, and rounded only as results are stored. */
  readonly roundsStoresOnly?: boolean;
}

/** Time interval on a device clock, in seconds from an arbitrary zero. */
export interface LaunchTime {
  /** Time at which the first kernel started. */
  readonly start: number;
  /** Time at which the last kernel ended. */
  readonly end: number;
  /** Seconds during which kernels ran. */
  readonly busy: number;
}

/** Measures launches by the device clock until it is disposed of. */
export interface LaunchTimer extends Disposable {
  /** Assigns the launches up to the next mark to `number`. */
  mark(number: number): void;
  /**
   * Resolves to the times since the last read, by number, when all launches have run; times that the clock did not
   * report are missing.
   */
  read(): Promise<ReadonlyMap<number, LaunchTime>>;
}

/**
 * A place to calculate. Implemented by the reference backend here, and by the
 * packages `cpu` and `webgpu`; used by `Device` alone. Calls take effect in the
 * order they are made, whenever they run; `read` sees all that came before it.
 */
export interface Backend<B extends object = object> extends Disposable {
  /** "cpu", "webgpu", "reference". */
  readonly name: string;
  /** What it can hold and calculate with. */
  readonly limits: BackendLimits;
  /** Whether it is gone, and with it all that it held; only of backends that may be lost, as a GPU may. */
  readonly lost?: boolean;
  /** One line for people: which engine, which adapter, how many threads. */
  describe(): string;
  /** New memory of at least `bytes` (0 allowed), its contents undefined. */
  allocate(bytes: number): B;
  /** Gives memory back; calls made before still see it. */
  release(buffer: B): void;
  /** Copies `data` to byte `offset` of the buffer. */
  write(buffer: B, data: Uint8Array, offset?: number): void;
  /** A copy of the buffer's bytes, or of a range of them. */
  read(buffer: B, range?: ByteRange): Promise<Uint8Array>;
  /** The same at once, where the backend can. */
  readSync?(buffer: B, range?: ByteRange): Uint8Array;
  /**
   * Returns the bytes of the buffer without a copy, for libraries that work on memory of the process. They stay in
   * place until the buffer is released. Absent if buffers are not in the memory of the process, as on a GPU.
   */
  hostBytes?(buffer: B, range: ByteRange): Uint8Array;
  /**
   * Whether `launch` may be called so. Always true for the mandatory families on
   * all layouts and all dtypes of `limits`; the optional ones are asked first.
   */
  supports(call: KernelCall, inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): boolean;
  /** Runs a kernel. Errors in the data (an index out of range) may come later. */
  launch(call: KernelCall, inputs: readonly View<B>[], outputs: readonly View<B>[]): void;
  /**
   * Runs several as if one after the other: for a backend that can do better with all at once, as when each is too
   * small for several threads.
   */
  launchAll?(launches: readonly BackendLaunch<B>[]): void;
  /** Prepares calls that run many times. Absent if the backend gains nothing over single launches. */
  compile?(program: LaunchProgram): RunnableProgram<B>;
  /** Resolves when all launches have run, or throws the first error of any. */
  finish(): Promise<void>;
  /**
   * Waits for a task of the event loop if so many resources are pending that only a task can free them;
   * returns null otherwise. Called after awaited reads and for every batch of a loader, because a program may
   * await only promises that are already settled.
   */
  settle?(): Promise<void> | null;
  /**
   * Starts timing launches by the device clock, which may slow them down; returns null if the device has no such clock.
   * Absent if launches have finished when they return.
   */
  timeLaunches?(): LaunchTimer | null;
}
