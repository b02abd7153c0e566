/** Puts a graph together, node by node. */
import type { DType } from "@troodon/core";
import type { OnnxNode, OnnxTensor } from "../../model/types.ts";
import { attributeList, type Attributes, int, ints } from "./attributes.ts";
import { onnxType } from "./data_types.ts";
import type { Dim, SymbolicNumber } from "./dim.ts";
import { encodeNumbers } from "./encode_numbers.ts";

/** The axis of an input that a symbol is the extent of. */
export interface SymbolPlace {
  readonly input: string;
  readonly axis: number;
}

/** The name of a value in the graph. */
export type Name = string;

/** The nodes and constants of a graph. Nodes are named by the layer that is set. */
export class GraphBuilder {
  /** The version of the operators. */
  readonly opset: number;
  /** The nodes so far. */
  readonly nodes: OnnxNode[] = [];
  /** The stored tensors so far, by name. */
  readonly initializers: Map<Name, OnnxTensor> = new Map();
  /** The layer that nodes are named by. */
  layer = "";
  readonly #symbols: Readonly<Record<string, SymbolPlace>>;
  readonly #taken = new Set<string>();
  readonly #extents = new Map<string, Name>();

  /** A graph in operators of version `opset`, whose extents `symbols` are those of inputs. */
  constructor(opset: number, symbols: Readonly<Record<string, SymbolPlace>>) {
    this.opset = opset;
    this.#symbols = symbols;
  }

  /** A node of several outputs, with the names of these; null stands for an input that is left out. */
  nodeOf(
    type: string,
    inputs: readonly (Name | null)[],
    outputs: number,
    attributes: Attributes = {},
  ): Name[] {
    const name = this.unique(`${this.layer && `/${this.layer.replaceAll(".", "/")}`}/${type}`);
    const given = inputs.map((input) => input ?? "");
    while (given.at(-1) === "") given.pop();
    const output = Array.from({ length: outputs }, (_, i) => `${name}_output_${i}`);
    this.nodes.push({ opType: type, name, input: given, output, attribute: attributeList(attributes) });
    return [...output];
  }

  /** A node of one output, with the name of that. */
  node(type: string, inputs: readonly (Name | null)[], attributes: Attributes = {}): Name {
    return this.nodeOf(type, inputs, 1, attributes)[0]!;
  }

  /** `name`, or with a number behind it if there is one of that name. */
  unique(name: string): string {
    let free = name;
    for (let i = 1; this.#taken.has(free); i++) free = `${name}_${i}`;
    this.#taken.add(free);
    return free;
  }

  /** Stores a tensor under its name. */
  store(tensor: OnnxTensor & { readonly name: string }): Name {
    this.#taken.add(tensor.name);
    this.initializers.set(tensor.name, tensor);
    return tensor.name;
  }

  /** A stored list of whole numbers. */
  ints(values: readonly number[]): Name {
    return this.#stored(`ints[${values}]`, values, [values.length], "int64");
  }

  /** A stored list of numbers. */
  list(values: readonly number[], dtype: DType, dims: readonly number[] = [values.length]): Name {
    const short = values.length <= 8 && dims.length === 1;
    return this.#stored(
      short ? `${dtype}[${values}]` : this.unique(`${dtype}_constant`),
      values,
      dims,
      dtype,
    );
  }

  /** A stored number without axes. */
  scalar(value: number, dtype: DType): Name {
    return this.#stored(`${dtype}(${Object.is(value, -0) ? "-0" : value})`, [value], [], dtype);
  }

  #stored(name: string, values: readonly number[], dims: readonly number[], dtype: DType): Name {
    if (!this.initializers.has(name)) {
      this.store({ name, dims, dataType: onnxType(dtype), rawData: encodeNumbers(values, dtype) });
    }
    return name;
  }

  /** The extents as a list of whole numbers. */
  shape(dims: readonly Dim[]): Name {
    if (dims.every((dim) => typeof dim === "number")) return this.ints(dims);
    const parts: Name[] = [], known: number[] = [];
    const flush = (): void => {
      if (known.length > 0) parts.push(this.ints(known));
      known.length = 0;
    };
    for (const dim of dims) {
      if (typeof dim === "number") known.push(dim);
      else {
        flush();
        parts.push(this.extent(dim));
      }
    }
    flush();
    return parts.length === 1 ? parts[0]! : this.node("Concat", parts, { axis: int(0) });
  }

  /** An extent as a list of one whole number. */
  extent(dim: Dim): Name {
    if (typeof dim === "number") return this.ints([dim]);
    if ("from" in dim) {
      return this.node("Shape", [dim.from], { start: int(dim.axis), end: int(dim.axis + 1) });
    }
    const divisor = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64].find((d) =>
      dim.terms.every(({ factor }) => Number.isInteger(factor * d))
    );
    if (dim.inverse || dim.root || divisor === undefined) {
      throw new RangeError(
        "Cannot export an extent as it must be a whole number at all extents of the inputs",
      );
    }
    const sum = this.#sum(dim, divisor, "int64");
    return divisor === 1 ? sum : this.node("Div", [sum, this.ints([divisor])]);
  }

  /** A number without axes. */
  number(dim: Dim, dtype: DType): Name {
    if (typeof dim === "number") return this.scalar(dim, dtype);
    if ("from" in dim) {
      return this.cast(this.node("Squeeze", [this.extent(dim), this.ints([0])]), "int64", dtype);
    }
    const whole = !dim.inverse && !dim.root && dim.terms.every(({ factor }) => Number.isInteger(factor));
    const list = whole ? this.extent(dim) : this.#sum(dim, 1, dtype);
    const number = this.node("Squeeze", [list, this.ints([0])]);
    const converted = whole && dtype !== "int64"
      ? this.node("Cast", [number], { to: int(onnxType(dtype)) })
      : number;
    const sum = dim.inverse ? this.node("Reciprocal", [converted]) : converted;
    return dim.root ? this.node("Sqrt", [sum]) : sum;
  }

  /** The sum of the terms, each times `scale`, as a list of one. */
  #sum({ terms }: SymbolicNumber, scale: number, dtype: DType): Name {
    const parts = terms.map(({ factor, symbols }) => {
      const product = symbols.map((symbol) => this.#symbol(symbol, dtype)).reduce<Name | null>(
        (a, b) => a === null ? b : this.node("Mul", [a, b]),
        null,
      );
      const number = factor * scale;
      if (product === null) return this.list([number], dtype);
      return number === 1 ? product : this.node("Mul", [product, this.list([number], dtype)]);
    });
    return parts.reduce((a, b) => this.node("Add", [a, b]));
  }

  #symbol(symbol: string, dtype: DType): Name {
    const key = `${symbol} ${dtype}`, known = this.#extents.get(key);
    if (known !== undefined) return known;
    const { input, axis } = this.#symbols[symbol]!;
    const extent = dtype === "int64"
      ? this.node("Shape", [input], { start: int(axis), end: int(axis + 1) })
      : this.node("Cast", [this.#symbol(symbol, "int64")], { to: int(onnxType(dtype)) });
    this.#extents.set(key, extent);
    return extent;
  }

  // -------------------------------------------------------------- common nodes

  /** `x` of type `from` as one of type `to`. */
  cast(x: Name, from: DType, to: DType): Name {
    return from === to ? x : this.node("Cast", [x], { to: int(onnxType(to)) });
  }

  /** `x` under another shape; one extent that is not fixed follows from the others, though it be unknown (null). */
  reshape(x: Name, dims: readonly (Dim | null)[]): Name {
    const unknown = dims.filter((dim) => dim === null).length;
    if (unknown > 1) {
      throw new RangeError(
        `Cannot export a reshape as all extents but one must follow from those of the inputs by sums and products: ${unknown} do not`,
      );
    }
    const open = unknown === 1 ? dims.indexOf(null) : dims.findIndex((dim) => typeof dim !== "number");
    return this.node("Reshape", [x, this.shape(dims.map((dim, i) => i === open ? -1 : dim!))]);
  }

  /** `x` with its axes in the order `axes`. */
  transpose(x: Name, axes: readonly number[]): Name {
    return axes.every((axis, i) => axis === i) ? x : this.node("Transpose", [x], { perm: ints(axes) });
  }
}
