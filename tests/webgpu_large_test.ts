/** Tensors as large as GPUs hold them, and more rows, images and channels than a grid has workgroups along an axis: counted. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  avgPool2d,
  batchNorm,
  conv2d,
  crossEntropy,
  Device,
  type DType,
  full,
  layerNorm,
  maxPool2d,
  overlapAdd,
  Scope,
  type Shape,
  type Tensor,
} from "@troodon/core";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";

/** A device on an adapter, and what it holds. */
function open(adapter: AdapterName) {
  const gpu = new CountingGpu(ADAPTERS[adapter]), backend = new WebGpuBackend(gpu.opened);
  const device = new Device(backend, { tape });
  const make = (shape: Shape, dtype: DType = "float32") => full([...shape], 0, { device, dtype });
  const leaf = (shape: Shape) => full([...shape], 0, { device, requiresGrad: true });
  const { bufferBytes: bytes } = backend.limits;
  /** How often so many bytes fit into one buffer. */
  const by = (each: number) => Math.floor(bytes / each);
  return { gpu, device, make, leaf, bytes, by };
}

/** A call at full size. The device refuses grids, bindings and memory beyond its limits. */
type Call = (parts: ReturnType<typeof open>) => unknown;

const backward = (y: Tensor): void => y.sum().backward();

/** Calls on as many float32 as a buffer holds. */
const FULL: Readonly<Record<string, Call>> = {
  map: ({ make, by }) => make([by(4)]).add(1).mul_(2),
  broadcast: ({ make, by }) => make([by(4096), 1]).mul(make([1, 1024])),
  draw: ({ make, by }) => make([by(4)]).uniform_(),
  transposed: ({ make, by }) => make([by(4096), 1024]).t().contiguous(),
  bytes: ({ make, by }) => make([by(1)], "uint8").add(1).logicalNot(),
  pairs: ({ make, by }) => make([by(2)], "bfloat16").add(1),
  longs: ({ make, by }) => make([by(8)], "int64").add(1),
  bytesAcross: ({ make, by }) => make([by(4096), 4096], "uint8").t().contiguous(),
  sum: ({ make, by }) => make([by(4)]).sum(),
  sumOfBytes: ({ make, by }) => make([by(1)], "uint8").sum(),
  sumOfRows: ({ make, by }) => make([by(16), 4]).sum(1),
  sumOfColumns: ({ make, by }) => make([4, by(16)]).sum(0),
  argmax: ({ make, by }) => make([by(4)]).argmax(),
  cumsum: ({ make, by }) => make([by(4)]).cumsum(0),
  cumsumOfRows: ({ make, by }) => make([by(16), 4]).cumsum(1),
  matmul: ({ make, by }) => make([by(4096), 16]).matmul(make([16, 1024])),
  matmulOfMany: ({ make, by }) => make([by(64), 4, 4]).matmul(make([4, 4])),
  matrixGradients: ({ leaf, by }) => backward(leaf([by(4096), 16]).matmul(leaf([16, 1024]))),
  gather: ({ make, by }) => make([1024]).indexSelect(0, make([by(4)], "int32")),
  gatherFrom: ({ make, by }) => make([by(4)]).indexSelect(0, make([5], "int32")),
  scatter: ({ make, by }) => make([by(4)]).scatterAdd(0, make([by(4)], "int32"), make([by(4)])),
  scatterInRows: ({ make, by }) =>
    make([by(16), 4]).scatterAdd(1, make([by(16), 2], "int32"), make([by(16), 2])),
  fold: ({ make, by }) => overlapAdd(make([by(16), 4]), 0, by(16) + 3, 1),
  // The keys of all rows would be larger than a buffer.
  sortOfRows: ({ make, by }) => make([by(800), 100]).sort(1),
  softmax: ({ leaf, by }) => backward(leaf([by(64), 16]).softmax(1)),
  softmaxOfLong: ({ leaf, by }) => backward(leaf([by(2 ** 20), 2 ** 18]).logSoftmax(1)),
  layerNorm: ({ leaf, by }) => backward(layerNorm(leaf([by(64), 16]), [16], leaf([16]), leaf([16]))),
  batchNorm: ({ leaf, by }) => backward(batchNorm(leaf([by(1024), 4, 8, 8]))),
  crossEntropy: ({ leaf, make, by }) => crossEntropy(leaf([by(64), 16]), make([by(64)], "int32")).backward(),
  conv2d: ({ leaf, by }) =>
    backward(conv2d(leaf([by(2 ** 14), 4, 32, 32]), leaf([4, 4, 3, 3]), leaf([4]), { padding: 1 })),
  pointwise: ({ leaf, by }) => backward(conv2d(leaf([by(2 ** 14), 4, 32, 32]), leaf([4, 4, 1, 1]))),
  maxPool2d: ({ leaf, by }) => backward(maxPool2d(leaf([by(2 ** 14), 4, 32, 32]), 2)),
  avgPool2d: ({ leaf, by }) => backward(avgPool2d(leaf([by(2 ** 14), 4, 32, 32]), 3, { stride: 2 })),
};

/** Calls that are refused where they are of so many, on adapters of which there are so many bytes. */
const REFUSED: Readonly<Record<string, readonly [call: Call, from: number, message: string]>> = {
  sort: [
    ({ make, by }) => make([by(8)]).sort(),
    2 ** 27,
    "Cannot run sort() on this GPU as its temporary memory of",
  ],
  argmaxOfBytes: [
    ({ make, by }) => make([by(1)], "uint8").argmax(),
    2 ** 31,
    "Cannot run argreduce() on the GPU as positions must be below 2^31",
  ],
  gatherFromBytes: [
    ({ make, by }) => make([by(1)], "uint8").indexSelect(0, make([5], "int32")),
    2 ** 31,
    "Cannot run gather() on the GPU as its sizes must be below 2^31",
  ],
  scatterToBytes: [
    ({ make, by }) => make([by(1)], "uint8").scatterAdd(0, make([5], "int32"), make([5], "uint8")),
    2 ** 31,
    "Cannot run scatter() on the GPU as its sizes must be below 2^31",
  ],
  foldOfBytes: [
    ({ make, by }) => overlapAdd(make([by(2), 2], "uint8"), 0, 2 * by(2), 2),
    2 ** 31,
    "Cannot run fold() on the GPU as positions must be below 2^31",
  ],
  triangleOfBytes: [
    ({ make, by }) => make([1, by(1)], "uint8").tril(),
    2 ** 31,
    "Cannot run map() on the GPU as positions must be below 2^31",
  ],
  sumOfExpanded: [
    ({ make }) => make([1, 1]).expand([2 ** 17, 2 ** 16]).sum(),
    0,
    "Cannot run reduce() on the GPU as its sizes must be below 2^32: current one is 8589934592",
  ],
};

for (const adapter of Object.keys(ADAPTERS) as AdapterName[]) {
  for (const [name, call] of Object.entries(FULL)) {
    Deno.test(`${name} of a whole buffer of an adapter like ${adapter} is within its limits`, async () => {
      using _ = new Scope();
      const parts = open(adapter);
      call(parts);
      await parts.device.finish();
    });
  }

  for (const [name, [call, from, message]] of Object.entries(REFUSED)) {
    Deno.test(`${name} is refused by an adapter like ${adapter} where it cannot be numbered`, async () => {
      using _ = new Scope();
      const parts = open(adapter), { device, bytes, gpu } = parts;
      if (bytes > from) {
        assertThrows(() => call(parts), RangeError, message);
        // No shader that could not be compiled was either.
        assert(!gpu.counts.shaders.some(({ code }) => /\d{11,}|[5-9]\d{9}u/.test(code)));
      } else call(parts);
      await device.finish();
    });
  }

  Deno.test(`a tensor larger than a buffer is refused by an adapter like ${adapter} before anything is recorded`, async () => {
    using _ = new Scope();
    const { gpu, device, make, bytes, by } = open(adapter), x = make([by(4096) + 1, 1]), y = make([1, 1024]);
    await device.finish();
    const { buffers } = device.memory;
    gpu.reset();
    for (
      const large of [
        () => x.mul(y),
        () => x.matmul(y),
        () => make([by(4) + 1]),
        () => make([bytes + 1], "bool"),
      ]
    ) {
      assertThrows(large, RangeError, `bytes are more than one buffer of webgpu can have, which is ${bytes}`);
    }
    assertEquals([device.memory.buffers, gpu.counts.dispatches.length, gpu.counts.buffers], [buffers, 0, 0]);
  });
}

Deno.test("WebGpuBackend.limits is what a shader sees of a buffer, in whole vectors and with numbers to spare", () => {
  const found = (Object.keys(ADAPTERS) as AdapterName[]).map((adapter) => open(adapter).bytes);
  assertEquals(found, [2 ** 27, 2 ** 32 - 2 ** 24, 2 ** 31 - 16, 2 ** 31 - 16]);
});

const MANY = 70_000;

/** Calls of many small things: where a kernel takes a workgroup for each, of more than there may be along an axis. */
const CROWDS: Readonly<Record<string, Call>> = {
  rowsOfSums: ({ make }) => make([1, 2048]).expand([MANY, 2048]).sum(1),
  rowsOfArgmax: ({ make }) => make([1, 2048]).expand([MANY, 2048]).argmax(1),
  scans: ({ make }) => make([2 ** 23, 2]).cumsum(1),
  products: ({ make }) => make([MANY, 2, 2]).matmul(make([MANY, 2, 2])),
  tiles: ({ make, by }) => {
    const batches = Math.min(MANY, by(2 * 33 * 33));
    return make([batches, 33, 2], "float16").matmul(make([batches, 2, 33], "float16"));
  },
  tall: ({ make }) => make([2 ** 22, 4]).matmul(make([4, 5])),
  wide: ({ make }) => make([5, 4]).matmul(make([4, 2 ** 22])),
  sorts: ({ make }) => make([MANY, 2]).sort(1),
  images: ({ leaf }) => backward(conv2d(leaf([MANY, 1, 3, 3]), leaf([2, 1, 2, 2]), leaf([2]))),
  channels: ({ leaf }) =>
    backward(conv2d(leaf([1, MANY, 4, 4]), leaf([MANY, 1, 3, 3]), leaf([MANY]), { groups: MANY })),
  outputs: ({ leaf }) => backward(conv2d(leaf([1, 1, 4, 4]), leaf([MANY, 1, 3, 3]), leaf([MANY]))),
  pixels: ({ leaf }) => backward(conv2d(leaf([1, 1, 2048, 4096]), leaf([1, 1, 1, 1]))),
  pools: ({ leaf }) => backward(maxPool2d(leaf([MANY, 3, 4, 4]), 2)),
  means: ({ leaf }) => backward(avgPool2d(leaf([MANY, 3, 4, 4]), 2)),
  softmax: ({ leaf }) => backward(leaf([MANY, 300]).softmax(1)),
  losses: ({ leaf, make }) => crossEntropy(leaf([MANY, 10]), make([MANY], "int32")).backward(),
  norms: ({ leaf }) => backward(layerNorm(leaf([MANY, 10]), [10], leaf([10]), leaf([10]))),
  channelNorms: ({ leaf }) => backward(batchNorm(leaf([2, MANY, 3]))),
  scatters: ({ make }) => make([MANY, 3]).scatterAdd(1, make([MANY, 5], "int32"), make([MANY, 5])),
  puts: ({ make }) => make([2 ** 24 + 1]).scatter(0, make([2 ** 24 + 1], "int32"), make([2 ** 24 + 1])),
};

for (const adapter of Object.keys(ADAPTERS) as AdapterName[]) {
  for (const [name, call] of Object.entries(CROWDS)) {
    Deno.test(`${MANY} ${name} are within the limits of an adapter like ${adapter}`, async () => {
      using _ = new Scope();
      const parts = open(adapter);
      call(parts);
      await parts.device.finish();
    });
  }
}
