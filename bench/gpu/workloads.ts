/** What a card is measured by, on both sides. */
import type { Device } from "@troodon/core";
import { type ConvolutionKernel, convolutions, type Layer, LAYERS, shapesOf } from "../kernels/conv2d.ts";
import { MAP_BODIES, mapping, multiplyAdds } from "../kernels/map.ts";
import { product } from "../kernels/matmul.ts";
import { PROGRAM_NAMES, type ProgramName, PROGRAMS } from "../steps/programs/mod.ts";
import { prepareStep } from "../steps/training_step.ts";

import { CARD_KERNELS, kernelPairs, type KernelSizes, QUICK_KERNELS, type TorchKernel } from "./kernels.ts";

/** The same for PyTorch, as JSON. */
export type TorchWork =
  | { readonly kind: "matmul"; readonly shape: readonly [number, number, number] }
  | {
    readonly kind: "conv2d";
    readonly pass: ConvolutionKernel;
    readonly x: readonly number[];
    readonly weight: readonly number[];
    readonly y: readonly number[];
    readonly stride: number;
    readonly padding: number;
  }
  | TorchKernel
  | { readonly kind: "map"; readonly name: string; readonly elements: number; readonly inputs: number }
  | { readonly kind: "step"; readonly model: ProgramName; readonly batch: number };

/** One line of the table. */
export interface GpuWorkload {
  readonly name: string;
  /** Makes what it needs on `device`, and gives what is timed. */
  readonly prepare: (device: Device) => () => void;
  /** What PyTorch does in its place; null for what is there for the peak of the card alone. */
  readonly torch: TorchWork | null;
}

/** How large it all is. */
export interface GpuSizes {
  /** Extents of square matrices. */
  readonly matmul: readonly number[];
  readonly layers: readonly Layer[];
  /** Elements of elementwise kernels: more than any cache holds. */
  readonly elements: number;
  /** Samples of a training step; what is usual for the program by default. */
  readonly batch: number | undefined;
  readonly kernels: KernelSizes;
  /** Training steps that are measured. */
  readonly programs: readonly ProgramName[];
}

/** For a card. */
export const FULL_SIZES: GpuSizes = {
  matmul: [512, 1024, 2048, 4096, 8192],
  layers: LAYERS.filter(({ title }) => /LeNet|CNN|large/.test(title)),
  elements: 2 ** 26,
  batch: undefined,
  kernels: CARD_KERNELS,
  programs: PROGRAM_NAMES,
};

/** For seeing that it runs. */
export const QUICK_SIZES: GpuSizes = {
  matmul: [16, 64],
  layers: LAYERS.slice(0, 2).map((layer) => ({
    ...layer,
    x: [2, ...layer.x.slice(1)] as [number, number, number, number],
  })),
  elements: 2 ** 14,
  batch: 4,
  kernels: QUICK_KERNELS,
  programs: PROGRAM_NAMES.filter((name) => name !== "gpt" && name !== "resnet18"),
};

/** Arithmetic and next to no memory. */
export function peakArithmetic({ elements }: GpuSizes): GpuWorkload {
  return { ...multiplyAdds(elements / 64, 512), torch: null };
}

/** An elementwise kernel; "copy" is memory and no arithmetic. */
export function elementwise(name: string, { elements }: GpuSizes): GpuWorkload {
  const body = MAP_BODIES[name]!;
  return { ...mapping(name, body, [elements]), torch: { kind: "map", name, elements, inputs: body.inputs } };
}

function step(name: ProgramName, sizes: GpuSizes): GpuWorkload {
  const { title, batchSize } = PROGRAMS[name], batch = sizes.batch ?? batchSize;
  return {
    name: `step of ${name}: ${title}, batch ${batch}`,
    prepare(device) {
      const run = prepareStep(device, name, batch);
      return () => run();
    },
    torch: { kind: "step", model: name, batch },
  };
}

/** The lines of the table. */
export function workloads(sizes: GpuSizes): GpuWorkload[] {
  return [
    ...sizes.matmul.map((n): GpuWorkload => ({
      ...product("matmul", [n, n, n]),
      torch: { kind: "matmul", shape: [n, n, n] },
    })),
    ...sizes.layers.flatMap((layer) =>
      convolutions(layer).map(({ family, name, prepare }): GpuWorkload => {
        const { stride = 1, padding = 0 } = layer, pass = family as ConvolutionKernel;
        return {
          name: `${family} ${name}`,
          prepare,
          torch: { kind: "conv2d", pass, ...shapesOf(layer), stride, padding },
        };
      })
    ),
    ...["copy", "add", "relu(x * w + b)", "exp", "gelu"].map((name) => elementwise(name, sizes)),
    ...kernelPairs(sizes.kernels).map(({ one: { name, prepare }, torch }): GpuWorkload => ({
      name,
      prepare,
      torch,
    })),
    ...sizes.programs.map((name) => step(name, sizes)),
  ];
}
