/** Draws the arguments of a signature. */
import type { Draft, Variable } from "./draw.ts";
import { camelCase } from "./names.ts";
import { drawDtype, type Meant, takesDtype } from "./draw_dtype.ts";
import { isFloat } from "./numbers.ts";
import type { Argument, FunctionName, Placing } from "./program.ts";
import type { Kind, Token } from "./signature.ts";

/** Arguments of one call. */
export interface Drawn {
  readonly args: Argument[];
  readonly kw: Record<string, Argument>;
  readonly here?: Placing;
}

const LARGE = /^[hwldt]\d?$/, SMALL = /^k/;

/** Draws the arguments of one call; keeps the extents of symbols and the first tensor. */
export class ArgumentDrawer {
  readonly #draft: Draft;
  readonly #extents = new Map<string, readonly number[]>();
  #first: Variable | null = null;
  /** Floating dtype of the call. */
  floating: string;

  /** Creates a drawer that adds the tensors it needs to `draft`. */
  constructor(draft: Draft) {
    this.#draft = draft;
    this.floating = draft.dtype;
  }

  /** Forgets the first tensor, before drawing the arguments of another call. */
  restart(): void {
    this.#first = null;
  }

  /** Draws arguments for all tokens. */
  draw(tokens: readonly Token[]): Drawn {
    const draft = this.#draft, args: Argument[] = [], kw: Record<string, Argument> = {};
    const placed: (number | string)[] = [], options: Record<string, number | string> = {};
    let plain = true, ended = false, missing = 0;
    for (const { there, here, sign, need, kind } of tokens) {
      const positional = sign === ":" || sign === ">";
      if (sign === "~") {
        placed.push("");
        plain = false;
        continue;
      }
      if (positional && ended) {
        if (sign === ":") missing++;
        continue;
      }
      if (need !== "always" && !draft.chance(need === "maybe" ? 0.5 : 0.4)) {
        if (positional) {
          ended = true;
          missing = sign === ":" ? 1 : 0;
        } else if (sign === "<") {
          placed.push(there);
          plain = false;
        }
        continue;
      }
      // Options follow all positional arguments, including omitted ones.
      while (sign === "=" && missing > 0) {
        placed.push("");
        missing--;
        plain = false;
      }
      const value = this.#value(kind), at = positional ? args.length : there;
      if (positional) args.push(value);
      else kw[there] = value;
      if (sign === ":" || sign === "<") placed.push(at);
      else options[camelCase(here)] = at;
      plain &&= (sign === ":" || sign === "=") && here === there;
    }
    return plain ? { args, kw } : { args, kw, here: { args: placed, options } };
  }

  #value(kind: Kind): Argument {
    const draft = this.#draft;
    switch (kind.is) {
      case "tensor":
        return this.#tensor(kind);
      case "int":
        return this.#fitting(draft.between(this.#number(kind.range[0]), this.#number(kind.range[1])));
      case "number": {
        const [low, high] = kind.range.map((end) => this.#number(end));
        return this.#fitting(draft.between(Math.round(low! * 4), Math.round(high! * 4)) / 4);
      }
      case "bool":
        return draft.chance(0.5);
      case "null":
        return null;
      case "literal":
        return kind.value;
      case "word":
        return draft.choose(kind.words);
      case "extent":
        return this.#number(kind.of);
      case "list":
        return kind.kinds.map((one) => this.#value(one));
      case "some":
        return Array.from({ length: draft.between(1, 3) }, () => this.#value(kind.kinds[0]!));
      case "either":
        return this.#value(draft.choose(kind.kinds));
      case "fn":
        return { fn: kind.name as FunctionName };
      case "dtype":
        return { dtype: draft.chance(0.6) ? draft.dtype : draft.anyDtype() };
      case "ftype":
        return { dtype: draft.dtype };
      case "dim":
        return this.#dim();
      case "dims": {
        const rank = this.#rank(), count = draft.between(1, Math.max(1, rank));
        if (draft.chance(0.3)) return this.#dim();
        const all = Array.from({ length: rank }, (_, i) => i);
        const chosen = Array.from(
          { length: Math.min(count, rank) },
          () => all.splice(draft.between(0, all.length - 1), 1)[0]!,
        );
        return chosen.map((axis) => draft.chance(0.3) ? axis - rank : axis);
      }
      case "shape":
        return this.#reshaped();
    }
  }

  /** Adapts a number to the dtype of the first tensor: uint8 has no negative values. */
  #fitting(n: number): number {
    return this.#first?.tensor.dtype === "uint8" ? Math.abs(n) : n;
  }

  #meant(): Meant {
    return { draft: this.#draft, floating: this.floating, first: this.#first?.tensor.dtype };
  }

  #rank(): number {
    return this.#first?.tensor.ndim ?? 0;
  }

  #dim(): number {
    const rank = this.#rank();
    return rank === 0 ? this.#draft.choose([0, -1]) : this.#draft.between(-rank, rank - 1);
  }

  /** Returns a shape with as many elements as the first tensor. */
  #reshaped(): number[] {
    const draft = this.#draft;
    let rest = this.#first?.tensor.numel() ?? 1;
    const shape: number[] = [];
    while (rest > 1 && shape.length < 3) {
      const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((n) => rest % n === 0);
      const chosen = draft.choose(divisors);
      shape.push(chosen);
      rest /= chosen;
    }
    if (rest !== 1 || shape.length === 0) shape.push(rest);
    return draft.chance(0.25) && rest !== 0 ? shape.with(draft.between(0, shape.length - 1), -1) : shape;
  }

  /** Evaluates an expression of symbols: products, sums and differences. */
  #number(text: string): number {
    if (/^-?[\d.]+$/.test(text)) return Number(text);
    const sum = /^(.*\w)([+-])([\d.]+)$/.exec(text);
    if (sum) return this.#number(sum[1]!) + (sum[2] === "+" ? 1 : -1) * Number(sum[3]);
    if (text.startsWith("-")) return -this.#number(text.slice(1));
    if (text.includes("*")) return text.split("*").map((part) => this.#number(part)).reduce((a, b) => a * b);
    return this.#extent(text)[0] ?? 1;
  }

  /** Returns the extents of a symbol, drawn at its first use. */
  #extent(symbol: string): readonly number[] {
    const known = this.#extents.get(symbol);
    if (known !== undefined) return known;
    const draft = this.#draft,
      one = (): number => {
        if (SMALL.test(symbol)) return draft.between(1, 3);
        if (LARGE.test(symbol)) return draft.between(3, 6);
        return draft.chance(0.0015) ? 0 : draft.choose([1, 2, 2, 3, 3, 4]);
      };
    const drawn = symbol === ".."
      ? Array.from({ length: draft.choose([0, 0, 1, 1, 2]) }, one)
      : symbol === "*"
      ? Array.from({ length: draft.choose([0, 1, 1, 2, 2, 2, 3, 3, 4]) }, one)
      : symbol.endsWith("?") && draft.chance(0.3)
      ? []
      : [one()];
    this.#extents.set(symbol, drawn);
    return drawn;
  }

  #shape(symbols: readonly string[]): number[] {
    const draft = this.#draft, own = this.#first?.tensor.shape ?? [];
    return symbols.flatMap((symbol) => {
      if (symbol === "=") return own;
      if (symbol === "~") {
        const cut = draft.chance(0.5) ? own : own.slice(draft.between(0, own.length));
        return cut.map((extent) => draft.chance(0.15) ? 1 : extent);
      }
      if (symbol === ".." || symbol === "*" || symbol.endsWith("?")) return this.#extent(symbol);
      return [this.#number(symbol)];
    });
  }

  #tensor({ shape: symbols, type, range, domain: braces }: Kind & { is: "tensor" }): Argument {
    const leaf = braces === "w", plain = leaf || (braces?.includes("-") ?? false);
    const domain = leaf ? undefined : braces?.replace("-", "") || undefined;
    const draft = this.#draft, bounds = range?.map((end) => this.#number(end));
    const limits = bounds === undefined ? undefined : [bounds[0]!, bounds[1]!] as const;
    const found = limits === undefined && domain === undefined && !plain && draft.chance(0.65)
      ? this.#existing(symbols, type)
      : null;
    if (found !== null) {
      this.#first ??= found;
      return { v: found.name };
    }
    const shape = this.#shape(symbols);
    const drawn = drawDtype(type, this.#meant()),
      dtype = drawn === "uint8" && (limits?.[0] ?? 0) < 0 ? "int64" : drawn;
    const wanted = { shape, dtype, domain, range: limits };
    const name = draft.fresh(wanted, plain ? leaf && isFloat(dtype) : undefined);
    const tensor = draft.valueOf(name) as Variable["tensor"];
    this.#first ??= { name, tensor };
    return { v: name };
  }

  /** Returns an existing variable that fits, or null. */
  #existing(symbols: readonly string[], type: string): Variable | null {
    const draft = this.#draft;
    const fitting = draft.variables.filter(({ tensor }) => {
      if (tensor.numel() > 200) return false;
      if (!takesDtype(type, tensor.dtype, this.#meant())) return false;
      return this.#match(symbols, tensor.shape) !== null;
    });
    if (fitting.length === 0) return null;
    const chosen =
      fitting[Math.max(draft.between(0, fitting.length - 1), draft.between(0, fitting.length - 1))]!;
    for (const [symbol, extents] of this.#match(symbols, chosen.tensor.shape)!) {
      this.#extents.set(symbol, extents);
    }
    return chosen;
  }

  /** Returns the extents of symbols for which a shape fits, or null. */
  #match(symbols: readonly string[], shape: readonly number[]): Map<string, readonly number[]> | null {
    const bound = new Map<string, readonly number[]>();
    const open = symbols.findIndex((s) => s === ".." || s === "*");
    if (symbols.some((s) => s === "=" || s === "~")) {
      const own = this.#first?.tensor.shape ?? [];
      const fits = symbols[0] === "=" ? String(own) === String(shape) : shape.length <= own.length &&
        shape.every((n, i) => n === 1 || n === own[own.length - shape.length + i]);
      return fits ? bound : null;
    }
    const fixed = symbols.length - (open < 0 ? 0 : 1);
    const maybe = symbols.filter((s) => s.endsWith("?"));
    if (open < 0 ? shape.length !== fixed && shape.length !== fixed - maybe.length : shape.length < fixed) {
      return null;
    }
    let rest = [...shape];
    const list = open < 0 && shape.length < fixed ? symbols.filter((s) => !s.endsWith("?")) : symbols;
    if (list !== symbols) maybe.forEach((s) => bound.set(s, []));
    for (const symbol of list) {
      const count = symbol === ".." || symbol === "*" ? shape.length - fixed : 1;
      const part = rest.slice(0, count);
      rest = rest.slice(count);
      if (/^\d+$/.test(symbol) ? part[0] !== Number(symbol) : /[*+-]/.test(symbol) && symbol !== "*") {
        if (/^\d+$/.test(symbol) || part[0] !== this.#number(symbol)) return null;
        continue;
      }
      const known = this.#extents.get(symbol) ?? bound.get(symbol);
      if (known !== undefined && String(known) !== String(part)) return null;
      bound.set(symbol, part);
    }
    for (const symbol of maybe) {
      const known = this.#extents.get(symbol);
      if (known !== undefined && known.length !== bound.get(symbol)!.length) return null;
    }
    return bound;
  }
}
