/** Trying random graphs, and showing the smallest that fails. */
import type { CompileOptions } from "@troodon/compile";
import type { Backend } from "@troodon/core";
import { drawGraph, type Graph, shrink } from "./graph.ts";
import { difference, type Outcome, runGraph } from "./run_graph.ts";

/** How graphs are tried. */
export interface Trial {
  /** The first number, and how many. */
  readonly from: number;
  readonly count: number;
  readonly options: CompileOptions;
  /** The difference that is allowed, in proportion to the largest element. */
  readonly relative: number;
}

/** What became of a trial. */
export interface Tried {
  /** Graphs that ran, and of those that `compile()` refused as they are. */
  readonly ran: number;
  /** The smallest graph that failed, with what was wrong; null if none did. */
  readonly failure: string | null;
}

/** Runs graphs as they are and compiled until one of them gives something else. */
export async function tryGraphs(
  makeBackend: () => Backend,
  { from, count, options, relative }: Trial,
): Promise<Tried> {
  let ran = 0;
  const fault = async (graph: Graph): Promise<string | null> => {
    let expected: Outcome;
    try {
      expected = await runGraph(makeBackend(), graph);
    } catch (error) {
      // A graph that cannot run as it is says nothing of `compile()`.
      if (error instanceof TypeError || error instanceof RangeError) return null;
      throw error;
    }
    ran++;
    try {
      return difference(await runGraph(makeBackend(), graph, options), expected, relative);
    } catch (error) {
      return `${error}`;
    }
  };
  for (let seed = from; seed < from + count; seed++) {
    const graph = drawGraph(seed), found = await fault(graph);
    if (found === null) continue;
    const least = await shrink(graph, async (candidate) => await fault(candidate) !== null);
    return { ran, failure: `seed ${seed}: ${await fault(least)}\n${JSON.stringify(least, null, 1)}` };
  }
  return { ran, failure: null };
}
