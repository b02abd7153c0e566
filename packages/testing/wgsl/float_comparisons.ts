/** Operations of shaders on floats that a compiler may assume to be neither NaN nor infinite. */
import { COMPARISONS, type Expression } from "./expression.ts";
import { rewrite, textOf } from "./module.ts";
import { isFloat, merged } from "./types.ts";

/** Built-in functions that compare floats. */
const COMPARING: ReadonlySet<string> = new Set(["min", "max", "clamp", "sign", "step"]);

/** A comparison of floats as floats in the text of a shader. */
export interface FloatComparison {
  /** The function of the shader that it is in. */
  readonly within: string;
  /** The expression. */
  readonly text: string;
}

/** True for an expression that compares floats or calls `min`, `max`, `clamp`, `sign` or `step` on them. */
export function comparesFloats({ kind, text, parts }: Expression): boolean {
  if (parts.length === 0 || !isFloat(merged(parts.map(({ type }) => type)))) return false;
  return kind === "binary" ? COMPARISONS.has(text) : kind === "call" && COMPARING.has(text);
}

/**
 * The comparisons of floats in a shader: with `<`, `==` and the like, `min`, `max`, `clamp`, `sign`, `step`. Drivers that
 * assume neither NaN nor infinity may give any result for those.
 *
 * @example One that is, and one of integers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { floatComparisons } from "@troodon/testing";
 *
 * const code = "fn f(x: f32, i: u32) -> bool { return i < 3u && x == 1f; }";
 * assertEquals(floatComparisons(code), [{ within: "f", text: "x == 1f" }]);
 * ```
 */
export function floatComparisons(code: string): FloatComparison[] {
  const found: FloatComparison[] = [];
  const look = (expression: Expression, within: string): string => {
    const text = textOf(expression, (part) => look(part, within));
    if (comparesFloats(expression)) found.push({ within, text });
    return text;
  };
  rewrite(code, { expression: look });
  return found;
}
