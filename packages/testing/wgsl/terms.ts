/** Sums and products as compilers take them apart. */
import type { Expression } from "./expression.ts";
import { isFloat } from "./types.ts";

/** The kinds of expressions that are split: a sum into terms, a product into factors. */
export type Form = "sum" | "product";

/** A term of a sum with its sign, or a factor of a product, whose sign is 1. */
export interface Term {
  readonly sign: 1 | -1;
  readonly text: string;
  readonly type: string;
  /** True if the text is a name that is never assigned again. */
  readonly fixed: boolean;
}

/** The operator and operands of a sum or product of floats, parentheses removed; undefined for other expressions. */
export function formOf({ kind, text, type, parts }: Expression): Form | undefined {
  if (kind === "group") return formOf(parts[0]!);
  if (kind !== "binary" || !isFloat(type)) return undefined;
  return text === "+" || text === "-" ? "sum" : text === "*" ? "product" : undefined;
}

/** The terms without pairs that are opposites. */
export function canceled(terms: readonly Term[]): readonly Term[] {
  const left: Term[] = [];
  for (const term of terms) {
    const opposite = left.findIndex(({ sign, text }) => text === term.text && sign !== term.sign);
    if (opposite < 0) left.push(term);
    else left.splice(opposite, 1);
  }
  return left;
}

/** The sum or product of terms, the last one first. */
export function joined(terms: readonly Term[], form: Form, type: string): string {
  if (terms.length === 0) return type === "f32" ? "0f" : `${type}(0f)`;
  const [first, ...rest] = terms.toReversed();
  const head = `${first!.sign < 0 ? "-" : ""}(${first!.text})`;
  const operator = ({ sign }: Term): string => form === "product" ? "*" : sign < 0 ? "-" : "+";
  return `(${[head, ...rest.map((term) => `${operator(term)} (${term.text})`)].join(" ")})`;
}
