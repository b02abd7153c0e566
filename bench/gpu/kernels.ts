/** Kernels other than products and elementwise ones, at sizes of real networks. */
import type { KernelCase } from "../kernels/case.ts";
import { rows, scattered } from "../kernels/gather.ts";
import { MAP_BODIES, mapping } from "../kernels/map.ts";
import { normalizations } from "../kernels/norm.ts";
import { pooling, THIRDS } from "../kernels/pool2d.ts";
import { reduction } from "../kernels/reduce.ts";
import { running } from "../kernels/scan.ts";
import { softmaxes } from "../kernels/softmax.ts";
import { sorting } from "../kernels/sort.ts";

/** The PyTorch counterpart of a kernel: the name of a function in `torch_side.py`, and its input shapes. */
export interface TorchKernel {
  readonly kind: "kernel";
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
}

/** A kernel, and the same in PyTorch. */
export interface KernelPair {
  readonly one: KernelCase;
  readonly torch: TorchKernel;
}

const pair = (one: KernelCase, name: string, ...shapes: readonly (readonly number[])[]): KernelPair => ({
  one: { ...one, name: one.name.startsWith(one.family) ? one.name : `${one.family} ${one.name}` },
  torch: { kind: "kernel", name, shapes },
});

/** How large they are. */
export interface KernelSizes {
  readonly rows: number;
  readonly width: number;
  readonly words: number;
  readonly images: readonly [number, number, number, number];
  readonly long: number;
}

/** For a card: a transformer of 768 features, images after the first layers of a ResNet, 2^24 numbers. */
export const CARD_KERNELS: KernelSizes = {
  rows: 8192,
  width: 768,
  words: 50_257,
  images: [32, 64, 112, 112],
  long: 2 ** 24,
};

/** For seeing that it runs. */
export const QUICK_KERNELS: KernelSizes = {
  rows: 8,
  width: 32,
  words: 50,
  images: [2, 4, 8, 8],
  long: 2 ** 10,
};

/** The kernels, and one that has next to nothing to do: what a launch costs. */
export function kernelPairs({ rows: n, width, words, images, long }: KernelSizes): KernelPair[] {
  const named = (cases: readonly KernelCase[], kernel: string): KernelCase =>
    cases.find(({ family }) => family === kernel)!;
  const [batch, channels, height, wide] = images, pixels = [batch, channels, height * wide];
  const soft = softmaxes([n, width]), pools = pooling("by 3, stride 2", images, THIRDS);
  const layer = normalizations("layerNorm", [n, width], [width], [n]);
  const batches = normalizations("batchNorm", pixels, [channels], [channels]);
  const halved = [batch, channels, height / 2, wide / 2];
  return [
    pair({ ...mapping("empty", MAP_BODIES.copy!, [4]), family: "empty", name: "empty launch" }, "copy", [4]),
    pair(named(soft, "softmax"), "softmax", [n, width]),
    pair(named(soft, "crossEntropyLoss"), "cross entropy", [n, width]),
    pair(named(layer, "layerNorm"), "layer norm", [n, width]),
    pair(named(layer, "layerNormGrad"), "layer norm gradient", [n, width]),
    pair(named(batches, "batchNorm"), "batch norm", images),
    pair(named(batches, "batchNormGrad"), "batch norm gradient", images),
    pair(named(pools, "maxPool2d"), "max pool", images),
    pair(named(pools, "maxPool2dGrad"), "max pool gradient", images, halved),
    pair(rows("embeddings", [words, width], n), "embedding", [words, width], [n]),
    pair(scattered("add", [words, width], n), "scatter add", [words, width], [n, width]),
    pair(running("sum", [long], 0), "running sum", [long]),
    pair(running("sum", [n, width], 1), "running sum of rows", [n, width]),
    pair(reduction("sum", "sum", [4 * long], [0]), "sum", [4 * long]),
    pair(reduction("sum", "sum", [n, width], [0]), "sum of columns", [n, width]),
    pair(reduction("sum", "sum", [n, width], [1]), "sum of rows", [n, width]),
    pair(sorting([long / 16], 0), "sort", [long / 16]),
    pair(sorting([n, width], 1), "sort", [n, width]),
  ];
}
