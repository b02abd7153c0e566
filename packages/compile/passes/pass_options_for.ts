/** Chooses the passes that pay off on a backend. */
import type { Backend } from "@troodon/core";
import { contiguousLayout, type Shape, type ViewSpec } from "@troodon/core/kernel";
import { PIXEL } from "./bias_sums.ts";
import { ARENA_BYTES, BUFFERS, type PassOptions } from "./mod.ts";

const view = (shape: Shape): ViewSpec => ({ dtype: "float32", ...contiguousLayout(shape) });
const PIXELS = view([2, 2, 1, 1]);

/**
 * Options of `optimizeProgram` for a backend: its limits, `sums` on backends with a high launch cost, such as GPUs, and
 * no `fuse` on backends where merged kernels would round less often, such as the reference backend.
 */
export function passOptionsFor(backend: Pick<Backend, "limits" | "supports">): PassOptions {
  const { limits: { launchBuffers, bufferBytes, roundsStoresOnly } } = backend;
  return {
    ...(roundsStoresOnly && { fuse: false }),
    buffers: Math.min(launchBuffers ?? BUFFERS, BUFFERS),
    arenaBytes: Math.min(bufferBytes, ARENA_BYTES),
    apart: launchBuffers !== undefined,
    sums: launchBuffers !== undefined && backend.supports(PIXEL, [PIXELS, PIXELS], [PIXELS, view([2])]),
  };
}
