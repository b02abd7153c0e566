/**
 * Parses signatures, which describe the arguments that a function takes.
 *
 * A signature is a list of tokens separated by spaces; ` ; ` separates alternatives. A token is
 * `[name SIGN]kind`; `?` before it marks an optional argument. The sign says how the argument is passed in
 * PyTorch and in Troodon:
 *
 * - `:` by position in both (a name is then only a label); `=` by name in PyTorch, as an option in Troodon;
 * - `>` by position in PyTorch, as an option in Troodon; `<` by name in PyTorch, by position in Troodon;
 *   `~` undefined, in Troodon only.
 *
 * A name `a/b` is `a` in PyTorch and `b` in Troodon. Arguments passed by name are left out about half of the
 * time, unless `!` precedes them. Kinds:
 *
 * - `[shape]type` a tensor. Extents are symbols, drawn once per call (`k…` 1 to 3, `h w l d t` 3 to 6, others
 *   1 to 4), numbers, and sums and products of these; `..` any axes; `*` any axes up to the end; `x?` an
 *   optional axis. `[~]` broadcasts with the first tensor, `[=]` has its shape. Types: none for any numbers,
 *   `f` floating, `i` integers, `b` bool, `n` any but bool, `a` any, `D` float64, `F` float32 or float64,
 *   `L` and `I` int64 and int32, `s` the dtype of the first tensor; `i(lo,hi)` integers in a range;
 *   `f{+}` positive, `f{u}` in (0, 1), `f{1}` in (-1, 1), `f{g}` above 1, `f{s}` ascending,
 *   `f{m}` positive definite, `f{l}` log-probabilities; `f{w}` a leaf that requires a gradient; a `-` in the
 *   braces: without a gradient.
 * - `i(lo,hi)` an integer, `n(lo,hi)` a number, `b` a boolean, `w(a|b)` a word, `null`, `$x` the extent of a
 *   symbol, drawn if new.
 * - `dim` an axis of the first tensor, `dims` several, `shape` a shape with as many elements,
 *   `dtype` a dtype, `ftype` the dtype of most floating tensors.
 * - `(a,b,c)` a list of kinds, `+(a)` a list of one to three, `{a|b}` one of several kinds, `fn(name)` a
 *   function.
 *
 * @module
 */

/** Name, kind and placement of an argument. */
export interface Token {
  /** Name in PyTorch; empty if it has none. */
  readonly there: string;
  /** Name in Troodon. */
  readonly here: string;
  readonly sign: ":" | "=" | ">" | "<" | "~";
  readonly need: "always" | "maybe" | "default";
  readonly kind: Kind;
}

/** Kind of an argument. */
export type Kind =
  | {
    readonly is: "tensor";
    readonly shape: readonly string[];
    readonly type: string;
    readonly range?: Range;
    readonly domain?: string;
  }
  | { readonly is: "int" | "number"; readonly range: Range }
  | { readonly is: "bool" | "null" | "dim" | "dims" | "shape" | "dtype" | "ftype" }
  | { readonly is: "word"; readonly words: readonly string[] }
  | { readonly is: "extent"; readonly of: string }
  | { readonly is: "list" | "some" | "either"; readonly kinds: readonly Kind[] }
  | { readonly is: "literal"; readonly value: number | boolean }
  | { readonly is: "fn"; readonly name: string };

type Range = readonly [low: string, high: string];

const parsed = new Map<string, readonly (readonly Token[])[]>();

/** Parses the alternatives of a signature. */
export function parseSignature(text: string): readonly (readonly Token[])[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const alternatives = text.split(" ; ").map((one) =>
    splitTop(one.trim(), " ").filter(Boolean).map(parseToken)
  );
  parsed.set(text, alternatives);
  return alternatives;
}

/** Splits at a separator outside of brackets. */
function splitTop(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const c of text) {
    if ("([{".includes(c)) depth++;
    if (")]}".includes(c)) depth--;
    if (c === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts;
}

function parseToken(text: string): Token {
  const match = /^([?!]?)(?:([A-Za-z_][\w/]*)([:=><~]))?(.*)$/.exec(text)!;
  const [, need = "", name = "", sign = ":", kind = ""] = match;
  const [there = "", here = there] = name.split("/");
  return {
    there,
    here,
    sign: sign as Token["sign"],
    need: need === "?" ? "maybe" : need === "!" || sign === ":" || sign === ">" ? "always" : "default",
    kind: parseKind(kind),
  };
}

const rangeOf = (text: string): Range => {
  const [low = "0", high = low] = text.split(",");
  return [low, high];
};

function parseKind(text: string): Kind {
  const inside = () => text.slice(text.indexOf("(") + 1, -1);
  if (text.startsWith("[")) {
    const close = text.indexOf("]"), rest = text.slice(close + 1);
    const [, type = "", range, domain] = /^(\w?)(?:\(([^)]*)\))?(?:\{([^}]*)\})?$/.exec(rest) ?? [];
    return {
      is: "tensor",
      shape: text.slice(1, close).split(",").filter(Boolean),
      type,
      ...(range === undefined ? {} : { range: rangeOf(range) }),
      ...(domain === undefined ? {} : { domain }),
    };
  }
  if (text.startsWith("{")) return { is: "either", kinds: splitTop(text.slice(1, -1), "|").map(parseKind) };
  if (text.startsWith("+(")) return { is: "some", kinds: [parseKind(inside())] };
  if (text.startsWith("(")) {
    return { is: "list", kinds: splitTop(inside(), ",").filter(Boolean).map(parseKind) };
  }
  if (text.startsWith("$")) return { is: "extent", of: text.slice(1) };
  if (text.startsWith("i(")) return { is: "int", range: rangeOf(inside()) };
  if (text.startsWith("n(")) return { is: "number", range: rangeOf(inside()) };
  if (text.startsWith("w(")) return { is: "word", words: inside().split("|") };
  if (text.startsWith("fn(")) return { is: "fn", name: inside() };
  if (text === "b") return { is: "bool" };
  if (text === "true" || text === "false") return { is: "literal", value: text === "true" };
  if (/^-?[\d.]+$/.test(text)) return { is: "literal", value: Number(text) };
  if (
    text === "null" || text === "dim" || text === "dims" || text === "shape" || text === "dtype" ||
    text === "ftype"
  ) {
    return { is: text };
  }
  throw new TypeError(`Cannot read a signature as there is no kind ${text}`);
}
