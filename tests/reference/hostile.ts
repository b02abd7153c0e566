/** GPUs whose compilers take every liberty that WGSL leaves them, as devices for tests. */
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { type Liberty, openHostileGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";

/** One device for each of these ways with arithmetic, destroyed when the tests of the file have run; none without an adapter. */
export const HOSTILE_DEVICES: readonly Device[] = [
  ...await open("reassociated"),
  ...await open("fused"),
  ...await open("flushed"),
];

async function open(liberty: Liberty): Promise<readonly Device[]> {
  const opened = await openHostileGpu(liberty);
  if (opened === undefined) {
    console.log(`SKIP webgpu: no adapter for shaders that are ${liberty}`);
    return [];
  }
  const device = new Device(new WebGpuBackend(opened), { tape });
  addEventListener("unload", () => device[Symbol.dispose]());
  return [device];
}
