/** Operators that a graph needs and that are not there. */

/** Nodes of an operator that an error names. */
const NAMED = 5;

/** Collects the operators that are not there, with the nodes that need them. */
export class Missing {
  readonly #nodes = new Map<string, string[]>();

  /** Notes that a node needs an operator. */
  add(operator: string, node: string): void {
    const nodes = this.#nodes.get(operator) ?? [];
    nodes.push(node);
    this.#nodes.set(operator, nodes);
  }

  /**
   * Refuses a file that needs any.
   *
   * @throws {TypeError} Naming all of them with their nodes.
   */
  refuse(file: string): void {
    if (this.#nodes.size === 0) return;
    const parts = [...this.#nodes].map(([operator, nodes]) => {
      const more = nodes.length > NAMED ? ` and ${nodes.length - NAMED} more` : "";
      return `${operator} (${nodes.slice(0, NAMED).join(", ")}${more})`;
    });
    throw new TypeError(`Cannot read ${file} as it needs operators that are not there: ${parts.join("; ")}`);
  }
}
