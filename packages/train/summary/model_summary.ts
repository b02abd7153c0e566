import { showAsText } from "@troodon/core/kernel";
import { formatBytes } from "@troodon/io";

/** A module of a network in its {@linkcode ModelSummary}. */
export interface LayerSummary {
  /** Path of the module, as `namedModules()` has it; "" for the network itself. */
  readonly name: string;
  /** Name of its class. */
  readonly type: string;
  /** Number of modules that it lies in. */
  readonly depth: number;
  /** Number of calls; 0 for a module that its network does not call, as a list of layers. */
  readonly calls: number;
  /** Shapes of the tensors that its last call returned. */
  readonly outputs: readonly (readonly number[])[];
  /** Parameters of its own; where modules within it are not listed, with theirs. Parameters are counted where they come first. */
  readonly parameters: number;
  /** Multiply-adds of all of its calls, without those of modules within it that are listed. */
  readonly multiplyAdds: number;
  /** True where the module is listed before under another name; counts of parameters and multiply-adds are 0 then. */
  readonly shared: boolean;
}

/** Numbers of a network as a whole. */
export interface ModelTotals {
  /** Parameters, each counted once. */
  readonly parameters: number;
  /** Parameters that require gradients. */
  readonly trainable: number;
  /** Elements of buffers. */
  readonly buffers: number;
  /** Multiplications whose products are added up, in matrix products and convolutions; biases are not counted. */
  readonly multiplyAdds: number;
  /** Bytes of the parameters. */
  readonly parameterBytes: number;
  /** Bytes of the buffers. */
  readonly bufferBytes: number;
  /** Bytes of the inputs. */
  readonly inputBytes: number;
  /** Bytes of the outputs of all layers, which are modules without modules within them. */
  readonly outputBytes: number;
}

/** A table of the layers of a network, with its totals: see {@linkcode summary}. Consoles show the table. */
export class ModelSummary {
  /** The network and the modules within it, each before those that lie in it. */
  readonly layers: readonly LayerSummary[];
  /** Numbers of the whole network. */
  readonly totals: ModelTotals;

  /** A summary of these layers. */
  constructor(layers: readonly LayerSummary[], totals: ModelTotals) {
    this.layers = layers;
    this.totals = totals;
  }

  /** The table as text. */
  toString(): string {
    const above: string[] = [];
    const rows = [
      HEAD,
      ...this.layers.map((layer) => {
        above[layer.depth] = layer.name;
        return rowOf(layer, above[layer.depth - 1] ?? "");
      }),
    ];
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const lines = rows.map((row) =>
      row.map((cell, column) => column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))
        .join("  ")
    );
    const rule = "-".repeat(lines[0]!.length);
    const totals = this.#totalRows().map(([name, text]) => `${name.padEnd(13)}  ${text}`);
    return [lines[0], rule, ...lines.slice(1), rule, ...totals].join("\n");
  }

  #totalRows(): readonly (readonly [name: string, text: string])[] {
    const { parameters, trainable, buffers, multiplyAdds, ...bytes } = this.totals;
    const memory = [
      `parameters ${formatBytes(bytes.parameterBytes)}`,
      `buffers ${formatBytes(bytes.bufferBytes)}`,
      `inputs ${formatBytes(bytes.inputBytes)}`,
      `outputs of layers ${formatBytes(bytes.outputBytes)}`,
    ];
    return [
      ["Parameters", `${grouped(parameters)} (${grouped(trainable)} trainable)`],
      ["Buffers", grouped(buffers)],
      ["Multiply-adds", grouped(multiplyAdds)],
      ["Memory", memory.join(", ")],
    ];
  }

  static {
    showAsText(this);
  }
}

const HEAD: readonly string[] = ["Layer", "Output shape", "Parameters", "Multiply-adds"];

/** Shapes of outputs that a row has room for. */
const SHOWN_SHAPES = 2;

/** The cells of a layer in the module named `above`. */
function rowOf({ name, type, depth, ...layer }: LayerSummary, above: string): readonly string[] {
  const own = above === "" ? name : name.slice(above.length + 1);
  return [
    `${"  ".repeat(depth)}${own === "" ? type : `${own}: ${type}`}`,
    layer.shared ? "(shared)" : showOutputs(layer),
    count(layer.parameters),
    count(layer.multiplyAdds),
  ];
}

function showOutputs({ outputs, calls }: Pick<LayerSummary, "outputs" | "calls">): string {
  if (outputs.length === 0) return "-";
  const shapes = outputs.slice(0, SHOWN_SHAPES).map((shape) => `[${shape.join(", ")}]`);
  if (outputs.length > SHOWN_SHAPES) shapes.push("...");
  return `${shapes.join(", ")}${calls > 1 ? ` × ${calls}` : ""}`;
}

const count = (n: number): string => n === 0 ? "-" : grouped(n);

/** A whole number with commas between thousands. */
const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
