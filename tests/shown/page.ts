/** Shows each object on a host other than Deno: bundled and run by `tests/shown_test.ts`. */
import "./old_node.ts";
import { things } from "./things.ts";

/** Each object as text, by its name; a page has no more than `String`. */
export function main(inspect: (thing: unknown) => string = String): Record<string, string> {
  return Object.fromEntries(Object.entries(things()).map(([name, { thing }]) => [name, inspect(thing)]));
}
