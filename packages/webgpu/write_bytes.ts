/** Bytes from the host to the GPU. */
import { body, expr } from "@troodon/core/kernel";
import type { BufferPool, GpuBuffer } from "./device/pool.ts";
import { type CommandStream, wholeWords } from "./device/stream.ts";
import type { Launcher } from "./plan/launcher.ts";

/** Dependencies of {@linkcode writeBytes}. */
export interface WriteParts {
  /** The pool of memory for single bytes. */
  readonly pool: BufferPool;
  /** The command stream that takes writes of whole words. */
  readonly stream: CommandStream;
  /** Launches the kernel that puts single bytes in. */
  readonly launcher: Launcher;
}

const COPY = body(expr.input(0));

/** Copies `data` to byte `offset` of a buffer, after all that was recorded before. */
export function writeBytes(
  { pool, stream, launcher }: WriteParts,
  buffer: GpuBuffer,
  data: Uint8Array,
  offset: number,
): void {
  const { byteLength } = data, end = offset + byteLength;
  if (end > buffer.bytes) {
    throw new RangeError(`Cannot write bytes ${offset} to ${end} as the buffer has ${buffer.bytes}`);
  }
  if (byteLength === 0) return;
  // What lay there before is of no interest any more, spoiled or not.
  if (byteLength === buffer.bytes) buffer.wrote = -1;
  if (offset % 4 === 0 && (end % 4 === 0 || end === buffer.bytes)) {
    stream.write(buffer, wholeWords(data), offset);
    return;
  }
  // Words that are shared with bytes around: a kernel puts single bytes in.
  const staged = pool.allocate(byteLength),
    view = { dtype: "uint8", shape: [byteLength], strides: [1] } as const;
  try {
    stream.write(staged, wholeWords(data), 0);
    launcher.launch(
      { kernel: "map", body: COPY, compute: "int32", scalars: [], shape: view.shape },
      [{ ...view, offset: 0, buffer: staged }],
      [{ ...view, offset, buffer }],
    );
  } finally {
    pool.release(staged);
  }
}
