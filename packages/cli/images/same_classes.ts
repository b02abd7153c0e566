/** Names of classes, and whose they are: "the training images". */
export interface NamedClasses {
  readonly of: string;
  readonly classes: readonly string[];
}

/**
 * Checks that two lists of classes are the same: labels are positions in them.
 *
 * @param verb The action that needs it: "train".
 * @throws {TypeError} If they differ; the message has both lists, and what is in one of them alone.
 */
export function checkSameClasses(verb: string, one: NamedClasses, other: NamedClasses): void {
  const without = (a: NamedClasses, b: NamedClasses): string[] => {
    const alone = a.classes.filter((name) => !b.classes.includes(name));
    return alone.length > 0 ? [`${alone.join(", ")} in ${a.of} alone`] : [];
  };
  if (JSON.stringify(one.classes) === JSON.stringify(other.classes)) return;
  const differences = [...without(one, other), ...without(other, one)].join("; ") || "the order is another";
  throw new TypeError(
    `Cannot ${verb} as ${one.of} and ${other.of} must have the same classes: ${differences} ` +
      `(${one.of} have ${one.classes.join(", ")}; ${other.of} have ${other.classes.join(", ")})`,
  );
}
