/** Order of the values of a graph. */
import type { Plan } from "./plan.ts";

/**
 * Checks that each value is made once, and before it is needed; graphs within nodes also have the values around them.
 *
 * @param made The values that are there before any node runs; receives those that nodes make.
 * @throws {TypeError} Naming the node and the value.
 */
export function checkOrder({ nodes, outputs }: Plan, made: Set<string>, file: string): void {
  for (const { inputs, outputs, label, graphs } of nodes) {
    const absent = inputs.find((name) => name !== "" && !made.has(name));
    if (absent !== undefined) {
      throw new TypeError(
        `Cannot read ${file} as each value must be made before it is used: ${label} takes "${absent}"`,
      );
    }
    for (const graph of graphs.values()) checkOrder(graph, new Set([...made, ...graph.inputs]), file);
    for (const name of outputs) {
      if (name !== "" && made.has(name)) {
        throw new TypeError(
          `Cannot read ${file} as each value must be made once: ${label} makes "${name}" again`,
        );
      }
      made.add(name);
    }
  }
  const absent = outputs.find((name) => !made.has(name));
  if (absent !== undefined) {
    throw new TypeError(
      `Cannot read ${file} as each output must be made by a node: nothing makes "${absent}"`,
    );
  }
}
