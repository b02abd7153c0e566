/** What a card is measured by, on both sides. */
import type { Device } from "@troodon/core";
import { MODEL_NAMES, type ModelName } from "@troodon/troodon";
import { type ConvolutionKernel, convolutions, type Layer, LAYERS, shapesOf } from "../kernels/conv2d.ts";
import { MAP_BODIES, mapping, multiplyAdds } from "../kernels/map.ts";
import { product } from "../kernels/matmul.ts";
import { IMAGE_RECIPES } from "../steps/programs/images.ts";
import { prepareStep } from "../steps/training_step.ts";

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
  | { readonly kind: "map"; readonly name: string; readonly elements: number; readonly inputs: number }
  | {
    readonly kind: "step";
    readonly model: ModelName;
    readonly size: number;
    readonly batch: number;
    readonly optimizer: "adam" | "sgd";
  };

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
  readonly batch: number;
}

/** For a card. */
export const FULL_SIZES: GpuSizes = {
  matmul: [512, 1024, 2048, 4096, 8192],
  layers: LAYERS.filter(({ title }) => /LeNet|CNN|large/.test(title)),
  elements: 2 ** 26,
  batch: 64,
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

function step(model: ModelName, { batch }: GpuSizes): GpuWorkload {
  const { size, optimizer, title } = IMAGE_RECIPES[model];
  return {
    name: `step of ${model}: ${title}, batch ${batch}`,
    prepare(device) {
      const run = prepareStep(device, model, batch);
      return () => run();
    },
    torch: { kind: "step", model, size, batch, optimizer },
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
    ...MODEL_NAMES.map((model) => step(model, sizes)),
  ];
}
