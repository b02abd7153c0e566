/** Tries random graphs, and reports the smallest one that fails. */
import type { CompileOptions } from "@troodon/compile";
import type { Backend } from "@troodon/core";
import { drawGraph, type Graph, shrink } from "./graph.ts";
import { difference, type Outcome, runGraph } from "./run_graph.ts";

/** Settings of a trial. */
export interface Trial {
  /** First seed, and the number of graphs. */
  readonly from: number;
  readonly count: number;
  readonly options: CompileOptions;
  /** Allowed difference relative to the largest element. */
  readonly relative: number;
}

/** Result of a trial. */
export interface Tried {
  /** Number of graphs that ran, and of those that `compile()` refused. */
  readonly ran: number;
  /** Smallest graph that failed and its error; null if none did. */
  readonly failure: string | null;
}

/** Runs graphs compiled and uncompiled until their results differ. */
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
      // A graph that fails uncompiled does not test `compile()`.
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
