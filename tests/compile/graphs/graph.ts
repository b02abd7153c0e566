/** Random training steps as data. */
import { Generator } from "@troodon/core";
import { INSTRUCTIONS } from "./instructions.ts";

/** Instruction: an op, its operands (counted back from the latest value), and a number. */
export interface Instruction {
  readonly op: string;
  readonly args: readonly number[];
  readonly n: number;
}

/** Optimizers of a step. */
export const OPTIMIZERS = ["none", "sgd", "momentum", "adam", "adamw", "rmsprop"] as const;

/** Training step as data; it can still run after parts are removed. */
export interface Graph {
  readonly seed: number;
  /** Sizes of the parameters. */
  readonly parameters: readonly (readonly [rows: number, columns: number])[];
  /** Rows and columns of the input tensor of each call. */
  readonly input: readonly [rows: number, columns: number];
  readonly instructions: readonly Instruction[];
  /** Returned values, counted back from the latest. */
  readonly outputs: readonly number[];
  readonly optimizer: typeof OPTIMIZERS[number];
  /** Treatment of old gradients: "keep" adds to them. */
  readonly zero: "null" | "fill" | "keep";
  /** True to limit the norm of gradients. */
  readonly clips: boolean;
  /** First call whose inputs have one more row; negative for none. */
  readonly grows: number;
}

const NAMES = Object.keys(INSTRUCTIONS);

/** Draws the graph of a seed. */
export function drawGraph(seed: number): Graph {
  const generator = new Generator(seed), draw = (n: number): number => generator.integer(n);
  const size = (): [number, number] => [1 + draw(4), 1 + draw(4)];
  const many = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);
  return {
    seed,
    parameters: many(1 + draw(4), size),
    input: size(),
    instructions: many(3 + draw(14), () => ({
      op: NAMES[draw(NAMES.length)]!,
      args: [draw(6), draw(6)],
      n: draw(100),
    })),
    outputs: many(1 + draw(3), () => draw(5)),
    optimizer: OPTIMIZERS[draw(OPTIMIZERS.length)]!,
    zero: draw(4) === 0 ? "keep" : draw(3) === 0 ? "fill" : "null",
    clips: draw(3) === 0,
    grows: draw(5) === 0 ? 5 : -1,
  };
}

/** Yields graphs with parts of `graph` removed, the smallest first. */
export function* smaller(graph: Graph): Iterable<Graph> {
  const { instructions, parameters, outputs } = graph;
  for (let part = instructions.length; part >= 1; part = Math.floor(part / 2)) {
    for (let at = 0; at + part <= instructions.length; at += part) {
      yield { ...graph, instructions: instructions.toSpliced(at, part) };
    }
  }
  if (outputs.length > 1) yield { ...graph, outputs: outputs.slice(1) };
  if (parameters.length > 1) yield { ...graph, parameters: parameters.slice(0, -1) };
  if (graph.optimizer !== "none") yield { ...graph, optimizer: "none" };
  if (graph.zero !== "null") yield { ...graph, zero: "null" };
  if (graph.clips) yield { ...graph, clips: false };
  if (graph.grows >= 0) yield { ...graph, grows: -1 };
}

/** Returns the smallest reachable graph that still fails. */
export async function shrink(graph: Graph, fails: (graph: Graph) => Promise<boolean>): Promise<Graph> {
  for (let current = graph;;) {
    let less: Graph | undefined;
    for (const candidate of smaller(current)) {
      if (await fails(candidate)) {
        less = candidate;
        break;
      }
    }
    if (less === undefined) return current;
    current = less;
  }
}
