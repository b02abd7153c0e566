/** Attributes of nodes. */
import {
  ONNX_ATTRIBUTE_TYPES,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from "../model/types.ts";

const decoder = new TextDecoder();

/** The attributes of a node, read by name with defaults. */
export class Attributes {
  readonly #byName: ReadonlyMap<string, OnnxAttribute>;

  /** @param node A node whose attributes are values and not references to those of a function. */
  constructor(node: OnnxNode) {
    this.#byName = new Map(node.attribute.map((attribute) => [attribute.name, attribute]));
  }

  /** Returns true if the node has an attribute of this name. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** An integer. */
  int(name: string): number | undefined;
  /** An integer. */
  int(name: string, initial: number): number;
  int(name: string, initial?: number): number | undefined {
    const value = this.#byName.get(name)?.i;
    return value === undefined ? initial : Number(value);
  }

  /** An integer, exact at any size; undefined if there is none. */
  bigint(name: string): bigint | undefined {
    const value = this.#byName.get(name)?.i;
    return value === undefined ? undefined : BigInt(value);
  }

  /** A list of integers, exact at any size; undefined if there is none. */
  bigints(name: string): bigint[] | undefined {
    return this.#list(name, ONNX_ATTRIBUTE_TYPES.INTS)?.ints?.map(BigInt);
  }

  /** Returns true if the integer is not 0. */
  flag(name: string, initial = false): boolean {
    return this.int(name, initial ? 1 : 0) !== 0;
  }

  /** A number. */
  float(name: string): number | undefined;
  /** A number. */
  float(name: string, initial: number): number;
  float(name: string, initial?: number): number | undefined {
    return this.#byName.get(name)?.f ?? initial;
  }

  /** An attribute of a type; lists of others are empty and mean nothing. */
  #list(name: string, type: number): OnnxAttribute | undefined {
    const attribute = this.#byName.get(name);
    return attribute?.type === type || attribute?.type === 0 ? attribute : undefined;
  }

  /** A list of integers; undefined if there is none. */
  ints(name: string): number[] | undefined {
    return this.#list(name, ONNX_ATTRIBUTE_TYPES.INTS)?.ints?.map(Number);
  }

  /** A list of numbers; undefined if there is none. */
  floats(name: string): readonly number[] | undefined {
    return this.#list(name, ONNX_ATTRIBUTE_TYPES.FLOATS)?.floats;
  }

  /** A text. */
  text(name: string, initial: string): string {
    const bytes = this.#byName.get(name)?.s;
    return bytes === undefined ? initial : decoder.decode(bytes);
  }

  /** A list of texts; undefined if there is none. */
  texts(name: string): string[] | undefined {
    return this.#list(name, ONNX_ATTRIBUTE_TYPES.STRINGS)?.strings?.map((bytes) => decoder.decode(bytes));
  }

  /** A stored tensor. */
  tensor(name: string): OnnxTensor | undefined {
    return this.#byName.get(name)?.t;
  }

  /** All graphs, by the names of the attributes. */
  graphs(): readonly (readonly [name: string, graph: OnnxGraph])[] {
    return [...this.#byName.values()].flatMap(({ name, g }) => g === undefined ? [] : [[name, g] as const]);
  }

  /** The names of all attributes. */
  names(): readonly string[] {
    return [...this.#byName.keys()];
  }
}
