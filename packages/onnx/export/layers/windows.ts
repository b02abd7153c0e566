/** Convolution and pooling over one and three axes, and over two as modules do it. */
import { Tensor } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";
import { type Attributes, int, ints } from "../graph/attributes.ts";
import type { Context } from "../operators/translation.ts";
import { argumentsOf, type Layer, moduleOf, perAxis } from "./layer.ts";

type Sizes = number | readonly number[];

/** The options of a convolution, with defaults filled in. */
interface ConvSettings {
  readonly stride: Sizes;
  readonly dilation: Sizes;
  readonly groups: number;
  readonly padding: Sizes | "same" | "valid";
  readonly outputPadding?: Sizes;
  readonly paddingMode?: string;
}

/** Returns true if the only input is a batch with so many spatial axes. */
const isBatch = (inputs: readonly unknown[], axes: number): boolean =>
  inputs.length === 1 && inputs[0] instanceof Tensor && inputs[0].ndim === axes + 2;

/** In front of all axes, then behind them. */
function padsOf({ padding, dilation }: ConvSettings, size: readonly number[]): readonly number[] {
  const axes = size.length;
  if (typeof padding !== "string") return [...perAxis(padding, axes), ...perAxis(padding, axes)];
  const margins = size.map((n, i) => padding === "same" ? perAxis(dilation, axes)[i]! * (n - 1) : 0);
  return [...margins.map((n) => Math.floor(n / 2)), ...margins.map((n) => Math.ceil(n / 2))];
}

function convolution(type: "Conv" | "ConvTranspose", axes: number): Layer {
  return {
    fits: (module, inputs) => {
      const [, , , { paddingMode = "zeros" }] = module.describe() as unknown as readonly [
        number,
        number,
        Sizes,
        ConvSettings,
      ];
      return isBatch(inputs, axes) && paddingMode === "zeros";
    },
    translate: (context) => {
      const { graph, inputs, store } = context;
      const [, , kernel, settings] = argumentsOf<[number, number, Sizes, ConvSettings]>(context);
      const { weight, bias } = moduleOf<{ weight: Tensor; bias: Tensor | null }>(context);
      const size = perAxis(kernel, axes), { stride, dilation, groups, outputPadding } = settings;
      const operands = [inputs[0]!, store(weight, "weight"), ...(bias ? [store(bias, "bias")] : [])];
      return graph.node(type, operands, {
        kernel_shape: ints(size),
        strides: ints(perAxis(stride, axes)),
        pads: ints(padsOf(settings, size)),
        dilations: ints(perAxis(dilation, axes)),
        group: int(groups),
        output_padding: outputPadding === undefined ? undefined : ints(perAxis(outputPadding, axes)),
      });
    },
  };
}

/** The options of a pooling module. */
interface PoolSettings {
  readonly stride?: Sizes;
  readonly padding?: Sizes;
  readonly dilation?: Sizes;
  readonly ceilMode?: boolean;
  readonly countIncludePad?: boolean;
  readonly divisorOverride?: number;
}

function pooling(
  type: "MaxPool" | "AveragePool",
  axes: number,
  own: (settings: PoolSettings) => Attributes,
): Layer {
  const settingsOf = (module: AnyModule) => module.describe() as unknown as readonly [Sizes, PoolSettings?];
  return {
    // Windows that reach beyond the end are counted in other ways.
    fits: (module, inputs) => {
      const [, { ceilMode = false, divisorOverride } = {}] = settingsOf(module);
      return isBatch(inputs, axes) && !ceilMode && divisorOverride === undefined;
    },
    translate: (context: Context) => {
      const [kernel, settings = {}] = argumentsOf<[Sizes, PoolSettings?]>(context),
        { stride = kernel, padding = 0 } = settings;
      const margin = perAxis(padding, axes);
      return context.graph.node(type, context.inputs, {
        kernel_shape: ints(perAxis(kernel, axes)),
        strides: ints(perAxis(stride, axes)),
        pads: ints([...margin, ...margin]),
        ...own(settings),
      });
    },
  };
}

const max = (axes: number): Layer =>
  pooling("MaxPool", axes, ({ dilation = 1 }) => ({ dilations: ints(perAxis(dilation, axes)) }));
const average = (axes: number): Layer =>
  pooling(
    "AveragePool",
    axes,
    ({ countIncludePad = true }) => ({ count_include_pad: int(countIncludePad ? 1 : 0) }),
  );

/** Pooling to one element for each channel. */
function globalPooling(type: "GlobalAveragePool" | "GlobalMaxPool", axes: number): Layer {
  return {
    fits: (module, inputs) => {
      const [size] = module.describe() as unknown as readonly [Sizes | readonly (number | null)[]];
      return isBatch(inputs, axes) && [size].flat().every((n) => n === 1);
    },
    translate: ({ graph, inputs }) => graph.node(type, inputs),
  };
}

/** The layers for one axis, two and three. */
export const WINDOW_LAYERS: Readonly<Record<string, (axes: 1 | 2 | 3) => Layer>> = {
  Conv: (axes) => convolution("Conv", axes),
  ConvTranspose: (axes) => convolution("ConvTranspose", axes),
  MaxPool: max,
  AvgPool: average,
  AdaptiveAvgPool: (axes) => globalPooling("GlobalAveragePool", axes),
  AdaptiveMaxPool: (axes) => globalPooling("GlobalMaxPool", axes),
};
