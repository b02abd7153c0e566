/** What `browser_test.ts` runs in a page: more tensors than there is memory for, of which a browser tells later. */
import { Device, full, Scope, type Tensor } from "@troodon/core";
import { WebGpuBackend } from "@troodon/webgpu";

/** What became of the tensors. */
export interface MemoryReport {
  /** What reading a result of the last one gave, and reading it again: the numbers, or the error. */
  readonly results: readonly string[];
  /** What using that result gave. */
  readonly use: string;
  /** The numbers of a tensor that was there before, and of one that was made after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** MiB of buffers that are thought to have memory when all was heard. */
  readonly heldMib: number;
  readonly lost: boolean;
}

const numbersOf = async (x: Tensor): Promise<number[]> => Array.from(await x.dataAsync(), Number);

/** Makes tensors until there can be no memory for them, and goes on. */
export async function main(): Promise<MemoryReport> {
  const backend = await WebGpuBackend.create({ allowFallback: true });
  using device = new Device(backend);
  const kept = full([3], 7, { device }), results: string[] = [];
  let use = "", heldMib = -1, before: number[] = [];
  {
    using _ = new Scope();
    const all: Tensor[] = [];
    for (let i = 0; i < 60; i++) all.push(kept.newEmpty([backend.limits.bufferBytes / 4]));
    const y = all.at(-1)!.slice(0, 0, 10).add(1);
    for (let i = 0; i < 2; i++) results.push(String(await numbersOf(y).catch((error) => error)));
    try {
      use = String(await numbersOf(y.add(1)));
    } catch (error) {
      use = String(error);
    }
    heldMib = backend.report.heldBytes / 2 ** 20;
    before = await numbersOf(kept);
  }
  const after = await numbersOf(full([1000], 2, { device }).sum());
  return { results, use, before, after, heldMib, lost: backend.lost };
}
