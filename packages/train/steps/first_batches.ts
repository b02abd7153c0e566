import type { Batches } from "../batch.ts";

/**
 * Returns the first `count` batches of a pass, or all if there are fewer; the caller must dispose of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstBatches } from "@troodon/train";
 *
 * assertEquals(await firstBatches([[1], [2], [3]], 2), [[1], [2]]);
 * ```
 */
export async function firstBatches<B>(batches: Batches<B>, count: number): Promise<B[]> {
  const first: B[] = [];
  for await (const batch of batches) {
    first.push(batch);
    if (first.length === count) break;
  }
  return first;
}
