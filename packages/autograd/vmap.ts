/** Functions of one thing made functions of many. */
import { stack, type Tensor, tidySync } from "@troodon/core";
import { checkCall, normalizeAxis, type OptionKeys, readOptions, showShape } from "@troodon/core/kernel";
import { settled } from "./own.ts";
import type { Differentiable } from "./transform.ts";

/** Options of {@linkcode vmap}. */
export interface VmapOptions {
  /** Along which axis each input counts things; null for one that is the same for all. One for all, or a list; 0 by default. */
  readonly inDims?: number | null | readonly (number | null)[];
  /** Along which axis the outputs do. One for all, or a list; 0 by default. */
  readonly outDims?: number | readonly number[];
}
const VMAP_OPTIONS: OptionKeys<VmapOptions> = { inDims: true, outDims: true };

/**
 * A function of batches made of `f`, which knows none: it is called for each
 * position of the mapped axis, and its results are stacked. As `torch.vmap` in
 * what it gives, also where it is differentiated or nested; but it costs as many
 * calls as there are positions, and random numbers differ from one to the next.
 * `f` may look at values.
 *
 * @throws {RangeError} If inputs count differently, or nothing is mapped.
 *
 * @example One gradient for each sample
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { gradOf, vmap } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const w = tensor([1, 1], { device }), x = tensor([[1, 2], [3, 4]], { device });
 * const loss = (w: Tensor, x: Tensor) => w.dot(x).square();
 * assertEquals(vmap(gradOf(loss), { inDims: [null, 0] })(w, x).tolist(), [[6, 12], [42, 56]]);
 * ```
 */
export function vmap<Y extends Differentiable>(
  f: (...inputs: never[]) => Y,
  options?: VmapOptions,
): (...inputs: Tensor[]) => Y {
  checkCall("vmap", arguments, "f.");
  const { inDims = 0, outDims = 0 } = readOptions("vmap()", options, VMAP_OPTIONS);
  return (...inputs) => {
    const axes = inputs.map((x, i) => {
      const axis = dimOf(inDims, i);
      return axis === null || axis === undefined ? null : normalizeAxis("vmap", axis, x.ndim);
    });
    const extents = inputs.flatMap((x, i) => axes[i] === null ? [] : [x.shape[axes[i]!]]);
    const n = extents[0] ?? 0;
    if (n === 0 || extents.some((e) => e !== n)) {
      throw new RangeError(
        `Cannot apply vmap() as all mapped axes must have one extent, from 1: current shapes are ` +
          `${inputs.map((x) => showShape(x.shape)).join(", ")}, mapped axes ${axes.join(", ")}`,
      );
    }
    return tidySync(() => {
      const calls = Array.from({ length: n }, (_, at) => {
        const own = inputs.map((x, i) => axes[i] === null ? x : x.select(axes[i]!, at));
        return settled("vmap", f(...own as never[]));
      });
      const first = calls[0]!;
      if (!Array.isArray(first)) return stack(calls as Tensor[], dimOf(outDims, 0) ?? 0) as Y;
      return first.map((_, o) => {
        return stack(calls.map((call) => (call as readonly Tensor[])[o]!), dimOf(outDims, o) ?? 0);
      }) as unknown as Y;
    });
  };
}

function dimOf<D>(dims: D | readonly D[], i: number): D | undefined {
  return Array.isArray(dims) ? dims[i] : dims as D;
}
