/** Recurrent networks over whole sequences. */
import { cat, stack, Tensor, tidySync } from "@troodon/core";
import { int, text, texts } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import { argumentsOf, type Layer, moduleOf } from "./layer.ts";
import type { Context } from "../operators/translation.ts";

/** The options of a recurrent module, with defaults filled in. */
interface Settings {
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly bidirectional: boolean;
  readonly nonlinearity?: "tanh" | "relu";
}

/** A kind of cell. */
interface Kind {
  readonly type: "LSTM" | "GRU" | "RNN";
  /** For each gate of the operator, its number here. */
  readonly gates: readonly number[];
  readonly states: number;
}

const WEIGHTS = ["weightIh", "weightHh", "biasIh", "biasHh"] as const;

/** The rows of a weight in the order of the operator. */
function ordered(weight: Tensor, gates: readonly number[]): Tensor {
  const size = weight.shape[0]! / gates.length;
  return cat(gates.map((gate) => weight.narrow(0, gate * size, size)));
}

/** W, R and B of one layer: those of its directions, one behind the other. */
function weightsOf(
  context: Context,
  kind: Kind,
  layer: number,
  { bias, bidirectional }: Settings,
): (Name | null)[] {
  const module = moduleOf<Record<string, Tensor>>(context);
  const suffixes = bidirectional ? [`${layer}`, `${layer}Reverse`] : [`${layer}`];
  const of = (name: (typeof WEIGHTS)[number]) =>
    suffixes.map((s) => ordered(module[`${name}L${s}`]!, kind.gates));
  const keep = (name: string, make: () => Tensor): Name => {
    const tensor = tidySync(make);
    try {
      return context.store(tensor, `${name}_l${layer}`);
    } finally {
      tensor.dispose();
    }
  };
  const [wIh, wHh, bIh, bHh] = WEIGHTS;
  return [
    keep("W", () => stack(of(wIh))),
    keep("R", () => stack(of(wHh))),
    bias
      ? keep("B", () => {
        const own = of(bIh), across = of(bHh);
        return stack(own.map((b, i) => cat([b, across[i]!])));
      })
      : null,
  ];
}

function recurrent(kind: Kind): Layer {
  return {
    fits: (_, [x, state]) => {
      const isSingle = (t: unknown): boolean => t instanceof Tensor && t.dtype === "float32";
      const states = state === undefined || state === null ? [] : [state].flat();
      return isSingle(x) && (x as Tensor).ndim === 3 && states.every(isSingle);
    },
    translate(context) {
      const { graph, inputs } = context;
      const [, hiddenSize, settings] = argumentsOf<[number, number, Settings]>(context);
      const { numLayers, batchFirst, bidirectional, nonlinearity } = settings,
        directions = bidirectional ? 2 : 1;
      const [x, ...start] = inputs, turned = (y: Name) => batchFirst ? graph.transpose(y, [1, 0, 2]) : y;
      const starts = start.map((state) =>
        numLayers === 1 ? [state] : graph.nodeOf(
          "Split",
          [state, graph.ints(new Array<number>(numLayers).fill(directions))],
          numLayers,
          {
            axis: int(0),
          },
        )
      );
      const ends: Name[][] = Array.from({ length: kind.states }, () => []);
      let y = turned(x!);
      for (let layer = 0; layer < numLayers; layer++) {
        const [w, r, b] = weightsOf(context, kind, layer, settings) as [Name, Name, Name | null];
        const initial = starts.map((layers) => layers[layer]!);
        const activation = nonlinearity === "relu" ? "Relu" : "Tanh";
        const [output, ...last] = graph.nodeOf(kind.type, [y, w, r, b, null, ...initial], 1 + kind.states, {
          hidden_size: int(hiddenSize),
          direction: text(bidirectional ? "bidirectional" : "forward"),
          linear_before_reset: kind.type === "GRU" ? int(1) : undefined,
          activations: kind.type === "RNN"
            ? texts(new Array<string>(directions).fill(activation))
            : undefined,
        }) as [Name, ...Name[]];
        last.forEach((state, i) => ends[i]!.push(state));
        // [time, directions, n, hidden] to [time, n, directions * hidden]; 0 keeps an extent.
        y = directions === 1 ? graph.node("Squeeze", [output, graph.ints([1])]) : graph.node("Reshape", [
          graph.transpose(output, [0, 2, 1, 3]),
          graph.ints([0, 0, directions * hiddenSize]),
        ]);
      }
      const last = ends.map((layers) =>
        layers.length === 1 ? layers[0]! : graph.node("Concat", layers, { axis: int(0) })
      );
      return [turned(y), ...last];
    },
  };
}

/** Long short-term memory: the gates i, f, g, o are i, o, f, c in ONNX. */
export const LSTM_LAYER: Layer = recurrent({ type: "LSTM", gates: [0, 3, 1, 2], states: 2 });
/** Gated recurrent units: r, z, n are z, r, h. */
export const GRU_LAYER: Layer = recurrent({ type: "GRU", gates: [1, 0, 2], states: 1 });
/** Plain networks. */
export const RNN_LAYER: Layer = recurrent({ type: "RNN", gates: [0], states: 1 });
