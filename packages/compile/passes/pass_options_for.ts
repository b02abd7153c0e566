/** What passes a backend gains from. */
import type { Backend } from "@troodon/core";
import type { PassOptions } from "./mod.ts";

/** Buffers of a launch, where a backend allows any number: longer chains hold more memory at one time. */
const BUFFERS = 8;

/**
 * The options of `optimizeProgram` that suit a backend: its limits, and sums within products where a launch costs most, as
 * on GPUs.
 */
export function passOptionsFor(
  { limits: { launchBuffers, bufferBytes } }: Pick<Backend, "limits">,
): PassOptions {
  return {
    buffers: Math.min(launchBuffers ?? BUFFERS, BUFFERS),
    arenaBytes: bufferBytes,
    sums: launchBuffers !== undefined,
  };
}
