import type { Backend, BackendLimits, ByteRange } from "../backend/contract.ts";
import { isMandatory } from "../backend/families.ts";
import type { CallOf, KernelCall, MandatoryKernel } from "../backend/kernel_call.ts";
import { DTYPES } from "../dtype.ts";
import type { ReferenceBuffer, ReferenceView } from "./buffer.ts";
import { KERNELS } from "./kernels.ts";

const NOTHING = new Uint8Array(0);

function run<K extends MandatoryKernel>(
  kernel: K,
  call: CallOf<K>,
  inputs: readonly ReferenceView[],
  outputs: readonly ReferenceView[],
): void {
  KERNELS[kernel](call, inputs, outputs);
}

/**
 * The mandatory kernels in plain TypeScript: slow, and the meaning of them all. Calculates in float64 (int32
 * wraps where a call calculates in int32) and rounds once, as it stores. Runs each call as it is made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ReferenceBackend } from "@troodon/core";
 *
 * const backend = new ReferenceBackend();
 * const [x, y] = [backend.allocate(12), backend.allocate(12)];
 * backend.write(x, new Uint8Array(new Float32Array([1, 2, 3]).buffer));
 * const layout = { dtype: "float32", shape: [3], strides: [1], offset: 0 } as const;
 * backend.launch(
 *   { kernel: "scan", op: "sum", axis: 0, reverse: false },
 *   [{ ...layout, buffer: x }],
 *   [{ ...layout, buffer: y }],
 * );
 * const sums = new Float32Array(backend.readSync(y, { start: 0, end: 12 }).buffer);
 * assertEquals([...sums], [1, 3, 6]);
 * ```
 */
export class ReferenceBackend implements Backend<ReferenceBuffer> {
  /** How it is asked for. */
  readonly name: string = "reference";
  /** All dtypes, in buffers of up to 2 GiB. */
  readonly limits: BackendLimits = { dtypes: DTYPES, bufferBytes: 2 ** 31, roundsStoresOnly: true };

  /** See {@linkcode Backend}. */
  describe(): string {
    return "reference: plain TypeScript in float64, one thread";
  }

  /** Zeros. */
  allocate(bytes: number): ReferenceBuffer {
    return { bytes: new Uint8Array(Math.ceil(bytes / 8) * 8) };
  }

  /** What still looks at the buffer finds nothing there. */
  release(buffer: ReferenceBuffer): void {
    buffer.bytes = NOTHING;
  }

  /** See {@linkcode Backend}. */
  write(buffer: ReferenceBuffer, data: Uint8Array, offset = 0): void {
    buffer.bytes.set(data, offset);
  }

  /** See {@linkcode Backend}. */
  read(buffer: ReferenceBuffer, range?: ByteRange): Promise<Uint8Array> {
    return Promise.resolve(this.readSync(buffer, range));
  }

  /** See {@linkcode Backend}. */
  readSync(buffer: ReferenceBuffer, range?: ByteRange): Uint8Array {
    return buffer.bytes.slice(range?.start, range?.end);
  }

  /** Whether the family is one of the mandatory ones. */
  supports(call: KernelCall): boolean {
    return isMandatory(call);
  }

  /** Runs a call at once; a TypeError if its family is not supported, a RangeError for an index outside its view. */
  launch(call: KernelCall, inputs: readonly ReferenceView[], outputs: readonly ReferenceView[]): void {
    if (!isMandatory(call)) {
      throw new TypeError(
        `Cannot launch ${call.kernel}() as the reference backend has the mandatory kernels alone: ` +
          `ask supports() first`,
      );
    }
    run(call.kernel, call, inputs, outputs);
  }

  /** Resolves: nothing is ever left to run. */
  finish(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing is held. */
  [Symbol.dispose](): void {}
}
