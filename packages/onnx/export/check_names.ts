/** Names of a graph. */

/** Names by what they belong to. */
interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Stored tensors and results of nodes. */
  readonly others: ReadonlySet<string>;
}

/** @throws {RangeError} If an input or output has no name, or that of something else: a file with two of one is no model. */
export function checkNames({ inputs, outputs, others }: Names): void {
  const taken = new Set(others);
  for (const [kind, names] of [["input", inputs], ["output", outputs]] as const) {
    for (const name of names) {
      if (name !== "" && !taken.has(name)) {
        taken.add(name);
        continue;
      }
      throw new RangeError(
        `Cannot export a module as inputs, outputs and weights must have names of their own: the ${kind} "${name}" has ${
          name === "" ? "none" : "that of another"
        }, give it one by ${kind}Names`,
      );
    }
  }
}
