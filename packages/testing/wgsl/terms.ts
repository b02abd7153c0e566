/** Sums and products as compilers take them apart. */
import type { Expression } from "./expression.ts";
import { isFloat } from "./types.ts";

/** What is taken apart. */
export type Form = "sum" | "product";

/** What is added or taken away, or a factor, whose sign is 1. */
export interface Term {
  readonly sign: 1 | -1;
  readonly text: string;
  readonly type: string;
  /** Whether the text is a name whose value never changes. */
  readonly fixed: boolean;
}

/** What an expression of floats is, but for parentheses; undefined where it is not taken apart. */
export function formOf({ kind, text, type, parts }: Expression): Form | undefined {
  if (kind === "group") return formOf(parts[0]!);
  if (kind !== "binary" || !isFloat(type)) return undefined;
  return text === "+" || text === "-" ? "sum" : text === "*" ? "product" : undefined;
}

/** The terms without pairs that are opposites. */
export function cancelled(terms: readonly Term[]): readonly Term[] {
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
