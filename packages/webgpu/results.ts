/** Readback to the host: bytes of results, after errors were checked. */
import type { ByteRange } from "@troodon/core";
import type { Failures } from "./device/failures.ts";
import type { GpuBuffer } from "./device/pool.ts";
import type { Piece, Readback } from "./device/readback.ts";
import type { Spoiled } from "./device/spoiled.ts";
import type { CommandStream } from "./device/stream.ts";
import type { Launcher } from "./plan/launcher.ts";
import { reported, STATUS_BYTES } from "./status.ts";

/** Dependencies of {@linkcode Results}. */
export interface ResultsParts {
  /** Errors of the device. */
  readonly failures: Failures;
  /** Buffers that hold nothing of use. */
  readonly spoiled: Spoiled;
  /** The transfer of bytes to the host. */
  readonly readback: Readback;
  /** The command stream. */
  readonly stream: CommandStream;
  /** Knows whether a kernel may have reported something. */
  readonly launcher: Launcher;
  /** The buffer that kernels report to. */
  readonly status: GpuBuffer;
}

/** Reads buffers, and throws what went wrong on the way to what they hold. */
export class Results {
  readonly #parts: ResultsParts;

  /** Reads what `parts` calculate. */
  constructor(parts: ResultsParts) {
    this.#parts = parts;
  }

  /** A copy of the bytes of a buffer. */
  async read(buffer: GpuBuffer, range?: ByteRange): Promise<Uint8Array> {
    const { spoiled } = this.#parts, { wrote } = buffer;
    spoiled.check(buffer);
    const bytes = await this.#take(pieceOf(buffer, range));
    spoiled.check(buffer, wrote);
    return bytes;
  }

  /** A copy of the bytes of a buffer, synchronously, where the runtime can wait. */
  readSync(buffer: GpuBuffer, range?: ByteRange): Uint8Array {
    const { readback, failures, spoiled } = this.#parts;
    spoiled.check(buffer);
    const [bytes, status] = readback.readSync(this.#pieces(pieceOf(buffer, range)));
    failures.check();
    this.#judge(status);
    return bytes!;
  }

  /** Waits until all that was launched has run. */
  async finish(): Promise<void> {
    // Reading waits for the GPU; a promise for submitted work would take 10 ms more.
    await this.#take({ buffer: this.#parts.status, start: 0, end: 4 });
  }

  async #take(piece: Piece): Promise<Uint8Array> {
    const { failures, readback } = this.#parts, pieces = this.#pieces(piece);
    try {
      const found = readback.sync ? readback.readSync(pieces) : await readback.read(pieces);
      await failures.settle();
      this.#judge(found[1]);
      return found[0]!;
    } catch (error) {
      if (error instanceof DOMException) {
        await failures.hear();
        await failures.settle();
      }
      throw error;
    }
  }

  #pieces(piece: Piece): readonly Piece[] {
    const { launcher, status } = this.#parts;
    return launcher.suspicious ? [piece, { buffer: status, start: 0, end: STATUS_BYTES }] : [piece];
  }

  /** Throws what a kernel reported. */
  #judge(status: Uint8Array | undefined): void {
    if (status === undefined) return;
    const { launcher, stream, status: buffer } = this.#parts;
    launcher.suspicious = false;
    const error = reported(status);
    if (error === undefined) return;
    stream.write(buffer, new Uint8Array(STATUS_BYTES), 0);
    throw error;
  }
}

function pieceOf(buffer: GpuBuffer, { start, end }: ByteRange = { start: 0, end: buffer.bytes }): Piece {
  if (start < 0 || end > buffer.bytes || start > end) {
    throw new RangeError(`Cannot read bytes ${start} to ${end} as the buffer has ${buffer.bytes}`);
  }
  return { buffer, start, end };
}
