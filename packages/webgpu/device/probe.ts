/** Finds out what a device does by running small shaders on it. */

/** What shaders may make use of on the device that they run on. */
export interface Traits {
  /**
   * Threads that see each other's values: each aligned block of so many of a
   * workgroup lies within one subgroup. A power of two; 1 where there are none.
   */
  readonly subgroup: number;
  /** What a shader that uses subgroups has to begin with. */
  readonly subgroupDirective: string;
}

const THREADS = 256;

/** Writes the size of the subgroup, or 0 where neighbours in a workgroup are none in it. */
const NEIGHBOURS = `
@group(0) @binding(0) var<storage, read_write> found: array<u32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) own: u32,
  @builtin(subgroup_size) size: u32) {
  let partner = subgroupShuffleXor(local, 1u);
  found[local] = select(0u, size, own == local % size && partner == (local ^ 1u));
}`;

/** Chromium wants to be told that subgroups are used, Deno does not know the word. */
const DIRECTIVES = ["enable subgroups;", ""];

/** What `device` does, of which `info` says the least size of a subgroup where the runtime knows it. */
export async function probe(device: GPUDevice, info: GPUAdapterInfo): Promise<Traits> {
  const none = { subgroup: 1, subgroupDirective: "" };
  if (!device.features.has("subgroups")) return none;
  for (const subgroupDirective of DIRECTIVES) {
    const sizes = await outcome(device, subgroupDirective + NEIGHBOURS, THREADS);
    if (sizes === undefined) continue;
    const least = sizes.reduce((a, b) => Math.min(a, b));
    return least === 0
      ? none
      : { subgroup: Math.min(least, info.subgroupMinSize || least), subgroupDirective };
  }
  return none;
}

/** The words that a shader of one workgroup wrote; undefined where it does not compile. */
async function outcome(device: GPUDevice, code: string, words: number): Promise<Uint32Array | undefined> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage, size = 4 * words;
  const written = device.createBuffer({ label: "probe", size, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ label: "probe", size, usage: MAP_READ | COPY_DST });
  try {
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ label: "probe", code });
    const compute = { module, entryPoint: "main" };
    const pipeline = device.createComputePipeline({ label: "probe", layout: "auto", compute });
    if (await device.popErrorScope()) return undefined;
    const entries = [{ binding: 0, resource: { buffer: written } }];
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(written, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    return new Uint32Array(read.getMappedRange().slice(0));
  } finally {
    written.destroy();
    read.destroy();
  }
}
