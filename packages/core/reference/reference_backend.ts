import type { Backend, BackendLimits, ByteRange } from "../backend/contract.ts";
import type { CallOf, KernelCall, MandatoryCall, MandatoryKernel } from "../backend/kernel_call.ts";
import { DTYPES } from "../dtype.ts";
import type { ReferenceBuffer, ReferenceView } from "./buffer.ts";
import { KERNELS } from "./kernels.ts";

function isMandatory(call: KernelCall): call is MandatoryCall {
  return Object.hasOwn(KERNELS, call.kernel);
}

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
 */
export class ReferenceBackend implements Backend<ReferenceBuffer> {
  readonly name: string = "reference";
  readonly limits: BackendLimits = { dtypes: DTYPES, bufferBytes: 2 ** 31 };

  describe(): string {
    return "reference: plain TypeScript in float64, one thread";
  }

  allocate(bytes: number): ReferenceBuffer {
    return { bytes: new Uint8Array(Math.ceil(bytes / 8) * 8) };
  }

  release(buffer: ReferenceBuffer): void {
    buffer.bytes = new Uint8Array(0);
  }

  write(buffer: ReferenceBuffer, data: Uint8Array, offset = 0): void {
    buffer.bytes.set(data, offset);
  }

  read(buffer: ReferenceBuffer, range?: ByteRange): Promise<Uint8Array> {
    return Promise.resolve(this.readSync(buffer, range));
  }

  readSync(buffer: ReferenceBuffer, range?: ByteRange): Uint8Array {
    return buffer.bytes.slice(range?.start, range?.end);
  }

  supports(call: KernelCall): boolean {
    return isMandatory(call);
  }

  launch(call: KernelCall, inputs: readonly ReferenceView[], outputs: readonly ReferenceView[]): void {
    if (!isMandatory(call)) {
      throw new TypeError(
        `Cannot launch ${call.kernel}() as the reference backend has the mandatory kernels alone: ` +
          `ask supports() first`,
      );
    }
    run(call.kernel, call, inputs, outputs);
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}
