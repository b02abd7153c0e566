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
  /** Whether there is float16, and conversions to and from it are those of IEEE 754. */
  readonly half: boolean;
}

const THREADS = 256;

/** Writes the size of the subgroup, or 0 where neighbors in a workgroup are none in it. */
const NEIGHBORS = `
@group(0) @binding(0) var<storage, read_write> found: array<u32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) own: u32,
  @builtin(subgroup_size) size: u32) {
  let partner = subgroupShuffleXor(local, 1u);
  found[local] = select(0u, size, own == local % size && partner == (local ^ 1u));
}`;

/** Chromium wants to be told that subgroups are used, Deno does not know the word. */
const DIRECTIVES = ["enable subgroups;", ""];

/** Float32 by its bits, and the float16 that is nearest; WGSL allows either neighbor. */
const HALVES: readonly (readonly [number, number])[] = [
  [0x3f800000, 0x3c00], // 1
  [0x3f801000, 0x3c00], // half way, down to the even one
  [0x3f803000, 0x3c02], // half way, up to the even one
  [0x3f801001, 0x3c01],
  [0xbf802fff, 0xbc01],
  [0x477fefff, 0x7bff], // 65504, and what is nearest to it
  [0x477ff000, 0x7c00], // beyond
  [0xff7fffff, 0xfc00],
  [0x7f800000, 0x7c00],
  [0x38800000, 0x0400], // 2^-14, the smallest normal one
  [0x387fefff, 0x0400],
  [0x387fc000, 0x03ff],
  [0x33800000, 0x0001], // 2^-24, the smallest
  [0x33000000, 0x0000], // half of it
  [0x33000001, 0x0001],
  [0xb3c00000, 0x8002],
  [0x80000000, 0x8000],
];

/** Writes the float16 of each number, and this as float32 again. */
const CONVERSIONS = `enable f16;
struct Numbers { given: array<f32, ${HALVES.length}>, again: array<f32, ${HALVES.length}>, half: array<f16, ${HALVES.length}> }
@group(0) @binding(0) var<storage, read_write> found: Numbers;
@compute @workgroup_size(1)
fn main() {
  for (var i = 0u; i < ${HALVES.length}u; i++) {
    found.half[i] = f16(found.given[i]);
    found.again[i] = f32(found.half[i]);
  }
}`;

/** What `device` does, of which `info` says the least size of a subgroup where the runtime knows it. */
export async function probe(device: GPUDevice, info: GPUAdapterInfo): Promise<Traits> {
  const [[subgroup, subgroupDirective], half] = await Promise.all([
    probeSubgroups(device, info),
    probeHalf(device),
  ]);
  return { subgroup, subgroupDirective, half };
}

async function probeSubgroups(device: GPUDevice, info: GPUAdapterInfo): Promise<[number, string]> {
  if (!device.features.has("subgroups")) return [1, ""];
  for (const directive of DIRECTIVES) {
    const sizes = await outcome(device, directive + NEIGHBORS, new Uint32Array(THREADS));
    if (sizes === undefined) continue;
    const least = sizes.reduce((a, b) => Math.min(a, b));
    return least === 0 ? [1, ""] : [Math.min(least, info.subgroupMinSize || least), directive];
  }
  return [1, ""];
}

async function probeHalf(device: GPUDevice): Promise<boolean> {
  if (!device.features.has("shader-f16")) return false;
  const count = HALVES.length, words = new Uint32Array(3 * count);
  words.set(HALVES.map(([single]) => single));
  const found = await outcome(device, CONVERSIONS, words);
  if (found === undefined) return false;
  const again = new Float32Array(found.buffer, 4 * count), halves = new Uint16Array(found.buffer, 8 * count);
  return HALVES.every(([, half], i) => halves[i] === half && Object.is(again[i], valueOf(half)));
}

/** The number that a float16 is. */
function valueOf(half: number): number {
  const exponent = (half >> 10) & 31, fraction = (half & 1023) / 1024, sign = half >> 15 ? -1 : 1;
  if (exponent === 31) return sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** What a shader of one workgroup made of `words`; undefined where it does not compile. */
async function outcome(
  device: GPUDevice,
  code: string,
  words: Uint32Array<ArrayBuffer>,
): Promise<Uint32Array | undefined> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage, size = words.byteLength;
  const written = device.createBuffer({ label: "probe", size, usage: STORAGE | COPY_SRC | COPY_DST });
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
    device.queue.writeBuffer(written, 0, words);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    return new Uint32Array(read.getMappedRange().slice(0));
  } finally {
    written.destroy();
    read.destroy();
  }
}
