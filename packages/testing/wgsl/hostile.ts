/** Shaders as a driver may have them that takes every liberty. */
import { COMPARISONS, type Expression } from "./expression.ts";
import { comparesFloats } from "./float_comparisons.ts";
import { standInFor, standIns } from "./hostile_functions.ts";
import { rewrite, textOf, type Writer } from "./module.ts";
import { canceled, type Form, formOf, joined, type Term } from "./terms.ts";
import { canonical, isFloat, merged } from "./types.ts";

/**
 * The rewriting of sums and products by a compiler: sums are split into terms, opposites among them cancel, and the rest is added up
 * from the end; or products that something is added to are never rounded on their own, or always, those of `fma()` as well;
 * or subnormal operands and results are 0.
 */
export type Liberty = "reassociated" | "fused" | "unfused" | "flushed";

/**
 * The text of a shader with what a compiler is free to make of it that assumes neither NaN nor infinity. Where an operand is
 * one, comparisons give the opposite, `min`, `max`, `clamp`, `sign` and `step` another number, conversions to integers any
 * integer; whatever the operands, `x - x` is 0 and `x / x` is 1, products with a literal 0 are 0, and so are those with a choice that is 0.
 *
 * @param code WGSL of the subset that the kernels of `@troodon/webgpu` are written in, with their zero, `numbers[0].z`.
 * @param liberty What is done to sums and products; "fused" needs float64 in shaders.
 * @returns WGSL that gives these results on any device.
 * @example A comparison
 * ```ts
 * import { assert } from "@std/assert";
 * import { hostileShader } from "@troodon/testing";
 *
 * const code = "fn f(x: f32) -> bool { return x < 1f; }";
 * assert(hostileShader(code, "unfused").includes("hostile_less1(x, 1f)"));
 * ```
 */
export function hostileShader(code: string, liberty: Liberty): string {
  const writer = new HostileWriter(liberty);
  return [rewrite(code, writer), ...standIns(writer.types, liberty === "fused")].join("\n");
}

/** Definitions of names, with the names of their operands: a product that may be fused, or a sum that may be split. */
type Bound =
  | { readonly factors: readonly [string, string] }
  | { readonly form: Form; readonly terms: readonly Term[] }
  // The name of the condition under which it is 0.
  | { readonly zero: string };

/** Parts that are known by their names, at most. */
const MOST_TERMS = 6;

class HostileWriter implements Writer {
  /** Types that functions are needed for. */
  readonly types = new Set<string>();
  readonly #liberty: Liberty;
  readonly #bound = new Map<string, Bound>();

  constructor(liberty: Liberty) {
    this.#liberty = liberty;
  }

  expression(e: Expression, within: string): string {
    const parts = e.parts.map((part) => this.expression(part, within));
    const type = e.parts.length > 0 ? merged(e.parts.map((part) => part.type)) : e.type;
    if (comparesFloats(e)) {
      if (e.type === "bool" && COMPARISONS.has(e.text) && parts[0] === parts[1]) {
        return String(["==", "<=", ">="].includes(e.text));
      }
      return this.#call(e.text, type, parts);
    }
    if (e.kind === "call" && isFloat(type)) {
      const to = /^(?:vec[234]<)?([iu]32)>?$/.exec(canonical(e.text))?.[1];
      if (to !== undefined) return this.#call(to, type, parts);
      if (this.#liberty === "flushed" && (e.text === "fma" || e.text === "sqrt")) {
        return this.#flushed(e, parts);
      }
      if (e.text === "fma" && this.#liberty !== "reassociated") return this.#call(this.#liberty, type, parts);
    }
    if (e.kind === "binary" && isFloat(e.type)) return this.#arithmetic(e, parts, within);
    return plain(e, parts);
  }

  binding(name: string, value: Expression, within: string): string {
    this.#bound.delete(`${within} ${name}`);
    if (!isFloat(value.type)) return `let ${name} = ${this.expression(value, within)}`;
    const zero = this.#zeroOf(value, within);
    if (zero !== undefined) {
      this.#bound.set(`${within} ${name}`, { zero: `${name}_zero` });
      return `let ${name}_zero = ${zero}; let ${name} = ${this.expression(value, within)}`;
    }
    const chosen = value.text === "*" && value.parts.some((part) => this.#zeroOf(part, within) !== undefined);
    if (chosen) return `let ${name} = ${this.expression(value, within)}`;
    const factors = this.#liberty === "fused" ? this.#factors(value, within) : undefined;
    if (factors) {
      this.#bound.set(`${within} ${name}`, { factors: [`${name}_left`, `${name}_right`] });
      return `let ${name}_left = ${factors[0]}; let ${name}_right = ${factors[1]}; ` +
        `let ${name} = ${name}_left * ${name}_right`;
    }
    const form = this.#liberty === "reassociated" ? formOf(value) : undefined;
    const terms = form ? canceled(this.#terms(value, form, 1, within)) : [];
    if (!form || terms.length < 2 || terms.length > MOST_TERMS) {
      return `let ${name} = ${this.expression(value, within)}`;
    }
    const named = terms.map((term, i) =>
      term.fixed ? term : { ...term, text: `${name}_part${i}`, fixed: true }
    );
    this.#bound.set(`${within} ${name}`, { form, terms: named });
    const lets = terms.map(({ text, fixed }, i) => fixed ? "" : `let ${named[i]!.text} = ${text};`).join(" ");
    return `${lets} let ${name} = ${joined(named, form, value.type)}`;
  }

  /** The condition under which a `select` between a literal 0 and another value gives 0; undefined for other expressions. */
  #zeroOf(e: Expression, within: string): string | undefined {
    if (e.kind === "group") return this.#zeroOf(e.parts[0]!, within);
    const bound = e.kind === "name" ? this.#bound.get(`${within} ${e.text}`) : undefined;
    if (bound && "zero" in bound) return bound.zero;
    if (e.kind !== "call" || e.text !== "select") return undefined;
    const condition = this.expression(e.parts[2]!, within);
    return isZero(e.parts[1]!) ? condition : isZero(e.parts[0]!) ? `!(${condition})` : undefined;
  }

  #call(name: string, type: string, parts: readonly string[]): string {
    this.types.add(type);
    return `${standInFor(name, type)}(${parts.join(", ")})`;
  }

  #arithmetic(e: Expression, parts: readonly string[], within: string): string {
    const filled = (value: string): string => e.type === "f32" ? value : `${e.type}(${value})`;
    const [a, b] = parts;
    switch (e.text) {
      case "/":
        if (a === b) return filled("1f");
        return this.#liberty === "flushed" ? this.#flushed(e, parts) : plain(e, parts);
      case "*":
        if (e.parts.some(isZero)) return filled("0f");
        for (const part of e.parts) {
          const zero = part.type === e.type ? this.#zeroOf(part, within) : undefined;
          if (zero !== undefined) return `select(${plain(e, parts)}, ${filled("0f")}, ${zero})`;
        }
        if (this.#liberty === "reassociated") {
          return joined(this.#terms(e, "product", 1, within), "product", e.type);
        }
        if (this.#liberty === "flushed") return this.#flushed(e, parts);
        return this.#liberty === "unfused" ? this.#call("round", e.type, [plain(e, parts)]) : plain(e, parts);
      case "+":
      case "-":
        if (e.text === "-" && a === b) return filled("0f");
        if (this.#liberty === "reassociated") {
          return joined(canceled(this.#terms(e, "sum", 1, within)), "sum", e.type);
        }
        if (this.#liberty === "flushed") return this.#flushed(e, parts);
        return (this.#liberty === "fused" && this.#fused(e, parts, within)) || plain(e, parts);
      default:
        return plain(e, parts);
    }
  }

  /** An operation on operands without subnormal ones, which gives none. */
  #flushed(e: Expression, parts: readonly string[]): string {
    const flush = (type: string, text: string): string =>
      isFloat(type) ? this.#call("flush", type, [text]) : text;
    return flush(e.type, plain(e, e.parts.map(({ type }, i) => flush(type, parts[i]!))));
  }

  /** The product among the operands of a sum as a fused one; empty where there is none. */
  #fused(e: Expression, parts: readonly string[], within: string): string {
    for (const i of [0, 1] as const) {
      const factors = this.#factors(e.parts[i]!, within), minus = e.text === "-";
      if (factors === undefined) continue;
      const other = spread(e.parts[1 - i]!, e.type, parts[1 - i]!);
      const first = minus && i === 1 ? `-${factors[0]}` : factors[0];
      return this.#call("fused", e.type, [first, factors[1], minus && i === 0 ? `-(${other})` : other]);
    }
    return "";
  }

  /** Both factors where the expression is a product of floats. */
  #factors(e: Expression, within: string): readonly [string, string] | undefined {
    if (e.kind === "group") return this.#factors(e.parts[0]!, within);
    if (e.kind === "name") {
      const bound = this.#bound.get(`${within} ${e.text}`);
      return bound && "factors" in bound ? bound.factors : undefined;
    }
    if (e.kind === "unary" && e.text === "-") {
      const factors = this.#factors(e.parts[0]!, within);
      return factors && [`-${factors[0]}`, factors[1]];
    }
    if (e.kind !== "binary" || e.text !== "*" || !isFloat(e.type)) return undefined;
    const [a, b] = e.parts.map((part) => `(${spread(part, e.type, this.expression(part, within))})`);
    return [a!, b!];
  }

  /** Terms of a sum or factors of a product; the expression itself where it is neither. */
  #terms(e: Expression, form: Form, sign: 1 | -1, within: string): readonly Term[] {
    const negative = sign === 1 ? -1 : 1;
    if (e.kind === "group") return this.#terms(e.parts[0]!, form, sign, within);
    if (form === "sum" && e.kind === "unary" && e.text === "-") {
      return this.#terms(e.parts[0]!, form, negative, within);
    }
    if (formOf(e) === form) {
      const [a, b] = e.parts as readonly [Expression, Expression];
      return [
        ...this.#terms(a, form, sign, within),
        ...this.#terms(b, form, e.text === "-" ? negative : sign, within),
      ].map((term) => ({
        ...term,
        text: spread(term, e.type, term.text),
        type: e.type,
        fixed: term.fixed && term.type === e.type,
      }));
    }
    const bound = e.kind === "name" ? this.#bound.get(`${within} ${e.text}`) : undefined;
    if (bound && "terms" in bound && bound.form === form) {
      return bound.terms.map((term) => ({ ...term, sign: term.sign === sign ? 1 : -1 }));
    }
    return [{ sign, text: this.expression(e, within), type: e.type, fixed: e.fixed ?? false }];
  }
}

/** The text of an expression by those of its parts. */
function plain(e: Expression, parts: readonly string[]): string {
  return textOf(e, (part) => parts[e.parts.indexOf(part)]!);
}

/** A scalar operand as the vector that WGSL takes it for beside one. */
function spread({ type }: { readonly type: string }, wanted: string, text: string): string {
  return type === wanted || wanted === "f32" ? text : `${wanted}(${text})`;
}

function isZero({ kind, text, parts }: Expression): boolean {
  if (kind === "literal") return !text.startsWith("0x") && Number.parseFloat(text) === 0;
  const wraps = kind === "group" || kind === "unary" || (kind === "call" && text.startsWith("vec"));
  return wraps && parts.length === 1 && isZero(parts[0]!);
}
