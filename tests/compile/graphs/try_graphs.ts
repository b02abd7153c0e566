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
  /** Number of runs. */
  readonly ran: number;
  /** Number of runs whose results differ, but no more than after a change of the parameters' last digits. */
  readonly amplified: number;
  /** Smallest graph that failed and its error; null if none did. */
  readonly failure: string | null;
}

/** Relative change of a parameter, of the size of a rounding of float32. */
const NOISE = 2 ** -23;

const isFiniteOutcome = (outcome: Outcome): boolean => outcome.flat(2).every(Number.isFinite);

/**
 * Runs graphs compiled and uncompiled until their results differ. If last digits may differ, graphs that amplify them
 * are counted but do not fail, such as those where Adam divides a gradient that is only rounding by its own size: their
 * results differ as well if only the last digits of the parameters change.
 */
export async function tryGraphs(
  makeBackend: () => Backend,
  { from, count, options, relative }: Trial,
): Promise<Tried> {
  let ran = 0, amplified = 0;
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
      const outcome = await runGraph(makeBackend(), graph, options);
      const found = difference(outcome, expected, relative);
      if (found === null || relative === 0 || !isFiniteOutcome(outcome)) return found;
      const changed = await runGraph(makeBackend(), graph, undefined, NOISE);
      if (difference(changed, expected, relative) === null) return found;
      amplified++;
      return null;
    } catch (error) {
      return `${error}`;
    }
  };
  for (let seed = from; seed < from + count; seed++) {
    const graph = drawGraph(seed), found = await fault(graph);
    if (found === null) continue;
    const least = await shrink(graph, async (candidate) => await fault(candidate) !== null);
    return {
      ran,
      amplified,
      failure: `seed ${seed}: ${await fault(least)}\n${JSON.stringify(least, null, 1)}`,
    };
  }
  return { ran, amplified, failure: null };
}
