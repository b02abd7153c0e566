/**
 * Puts guard pages around every allocation of CPU backends, in programs that run with `--preload` of this module. An
 * access far outside of a buffer ends the process; a write just outside is an error when the buffer is released.
 * Buffers are placed at the end and at the start of their pages in turn.
 */
import { type CpuBuffer, CpuMemory } from "../memory.ts";

const PAGE = 4096;
/** Bytes on either side of a buffer that kernels may read. */
const MARGIN = 64;
const CANARY = 0xa5;
const [NONE, READ_WRITE] = [0, 3];

interface Guarded {
  readonly raw: CpuBuffer;
  /** First byte between the guard pages, and the first behind. */
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}

const { symbols } = Deno.dlopen("libc.so.6", {
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
});
const allocate = CpuMemory.prototype.allocate, release = CpuMemory.prototype.release;
const guarded = new WeakMap<CpuMemory, Map<number, Guarded>>();
let count = 0;

/** Number of buffers that were guarded. */
export function guardedBuffers(): number {
  return count;
}

function protect(memory: CpuMemory, page: number, rights: number): void {
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.memory.buffer))));
  const result = symbols.mprotect(Deno.UnsafePointer.create(base + BigInt(page)), BigInt(PAGE), rights);
  if (result !== 0) {
    throw new TypeError(`Cannot guard the page at ${page} as the system must let it be protected`);
  }
}

function upTo(multiple: number, value: number): number {
  return Math.ceil(value / multiple) * multiple;
}

CpuMemory.prototype.allocate = function (this: CpuMemory, bytes: number): CpuBuffer {
  const size = upTo(64, Math.max(1, bytes)), inside = upTo(PAGE, size + 2 * MARGIN);
  const raw = allocate.call(this, inside + 3 * PAGE), first = upTo(PAGE, raw.pointer);
  const start = first + PAGE, end = start + inside;
  const pointer = count++ % 2 === 0 ? end - MARGIN - size : start + MARGIN;
  this.u8.fill(CANARY, start, pointer);
  this.u8.fill(CANARY, pointer + bytes, end);
  protect(this, first, NONE);
  protect(this, end, NONE);
  const all = guarded.get(this) ?? new Map<number, Guarded>();
  guarded.set(this, all);
  all.set(pointer, { raw, start, end, bytes });
  return { pointer, bytes, user: 0 };
};

CpuMemory.prototype.release = function (this: CpuMemory, buffer: CpuBuffer): void {
  const known = guarded.get(this)?.get(buffer.pointer);
  if (known === undefined) {
    throw new TypeError(`Cannot release the buffer at ${buffer.pointer} as nobody allocated it`);
  }
  const { raw, start, end, bytes } = known, { u8 } = this;
  guarded.get(this)!.delete(buffer.pointer);
  for (const [from, to] of [[start, buffer.pointer], [buffer.pointer + bytes, end]] as const) {
    const at = u8.subarray(from, to).findIndex((byte) => byte !== CANARY);
    if (at < 0) continue;
    const offset = from + at - buffer.pointer;
    throw new RangeError(`A kernel wrote outside of a buffer of ${bytes} bytes: at byte ${offset}`);
  }
  protect(this, start - PAGE, READ_WRITE);
  protect(this, end, READ_WRITE);
  release.call(this, raw);
};
