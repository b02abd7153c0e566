/** Functions that a model defines, in the place of their calls. */
import type { OnnxAttribute, OnnxFunction, OnnxNode, OnnxOpset } from "../model/types.ts";
import { renamedNode } from "./rename.ts";

/** A node with the versions of the operator sets that it is written for. */
export interface ScopedNode {
  readonly node: OnnxNode;
  readonly opsets: ReadonlyMap<string, number>;
}

/** Calls within calls, and nodes, that a model may come to. */
const DEEPEST = 100, MOST = 1_000_000;

const DEFAULT_DOMAINS = ["", "ai.onnx"];

/** The name that a domain goes by: that of ONNX itself has two. */
export function domainOf(domain: string | undefined): string {
  return DEFAULT_DOMAINS.includes(domain ?? "") ? "" : domain!;
}

/** Versions of operator sets by domain. */
export function opsetsOf(imports: readonly OnnxOpset[]): ReadonlyMap<string, number> {
  return new Map(imports.map(({ domain, version }) => [domainOf(domain), version]));
}

const keyOf = (domain: string | undefined, name: string, overload: string | undefined): string =>
  `${domainOf(domain)}::${name}:${overload ?? ""}`;

/** The attributes of a node of a function, with the values that a call gives. */
function attributesIn(
  node: OnnxNode,
  call: OnnxNode,
  { attributeProto = [] }: OnnxFunction,
): readonly OnnxAttribute[] {
  return node.attribute.flatMap((attribute) => {
    const { refAttrName, name } = attribute;
    if (!refAttrName) return [attribute];
    const given = [...call.attribute, ...attributeProto].find((other) => other.name === refAttrName);
    return given === undefined ? [] : [{ ...given, name }];
  });
}

/** Puts the nodes of functions in the place of their calls. */
class Inliner {
  readonly nodes: ScopedNode[] = [];
  readonly #functions: ReadonlyMap<string, OnnxFunction>;

  constructor(functions: readonly OnnxFunction[], readonly file: string) {
    this.#functions = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
  }

  add(node: OnnxNode, opsets: ReadonlyMap<string, number>, depth: number): void {
    if (depth > DEEPEST || this.nodes.length > MOST) {
      throw new RangeError(
        `Cannot read ${this.file} as functions may call each other ${DEEPEST} levels deep and come to ${MOST} nodes: ` +
          `"${node.opType}" leads to more`,
      );
    }
    const called = this.#functions.get(keyOf(node.domain, node.opType, node.overload));
    if (called === undefined) this.nodes.push({ node, opsets });
    else this.#inline(node, called, depth);
  }

  #inline(call: OnnxNode, called: OnnxFunction, depth: number): void {
    // Values within get names of their own: those of the results of this call are known to nobody else.
    const prefix = `${call.name || call.opType}:${this.nodes.length}/`,
      names = new Map<string, string>([["", ""]]);
    called.input.forEach((name, i) => names.set(name, call.input[i] ?? ""));
    called.output.forEach((name, i) => names.set(name, call.output[i] || prefix + name));
    const rename = (name: string): string => names.get(name) ?? prefix + name;
    const opsets = opsetsOf(called.opsetImport);
    for (const node of called.node) {
      const { name = "" } = node;
      this.add(
        {
          ...renamedNode(node, rename, (inner) => attributesIn(inner, call, called)),
          name: prefix + name,
        },
        opsets,
        depth + 1,
      );
    }
  }
}

/**
 * The nodes of a graph; calls of functions that the model defines are replaced by the nodes of these.
 *
 * @param opsets The versions of the operator sets that the nodes are written for.
 *
 * @throws {RangeError} If functions call each other without end.
 */
export function inlineFunctions(
  nodes: readonly OnnxNode[],
  functions: readonly OnnxFunction[],
  opsets: ReadonlyMap<string, number>,
  file: string,
): readonly ScopedNode[] {
  const inliner = new Inliner(functions, file);
  for (const node of nodes) inliner.add(node, opsets, 0);
  return inliner.nodes;
}
