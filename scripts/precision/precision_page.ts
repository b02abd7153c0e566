/** The page that says how precise the scalar functions are. */
import type { ScalarFunction } from "@troodon/core";
import { type Arithmetic, FACTS } from "./arithmetic.ts";
import { CANCELLING, MEASURED, POINTS, type Precision } from "./measure.ts";

/** What was measured in one place. */
export interface Measured {
  /** Its name in the table. */
  readonly column: string;
  /** What it is. */
  readonly about: string;
  readonly found: readonly Precision[];
  /** What single operations are there; null where that was not tried. */
  readonly arithmetic: Arithmetic | null;
}

/** The page as Markdown. */
export function precisionPage(all: readonly Measured[]): string {
  const of = (measured: Measured, fn: ScalarFunction) => measured.found.find((found) => found.fn === fn)!;
  const isExact = (fn: ScalarFunction) => all.every((m) => of(m, fn).ulp === 0 && of(m, fn).wrong === 0);
  const worst = (fn: ScalarFunction) => {
    const found = all.map((m) => of(m, fn)).reduce((a, b) => b.ulp > a.ulp ? b : a);
    return found.at.map((x) => String(Number(x.toPrecision(8)))).join(", ");
  };
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = MEASURED.filter((fn) => !isExact(fn)).map((fn) =>
    row([`\`${fn}\`${CANCELLING.has(fn) ? " \\*" : ""}`, ...all.map((m) => cell(of(m, fn))), worst(fn)])
  );
  const columns = ["function", ...all.map(({ column }) => column), "worst at"];
  return `# Precision

The largest error of each scalar function in float32 against float64, in units of the last place (ulp) of the exact
result: one that is rounded to the nearest float has an error of up to 0.5.

${row(columns)}
${row(columns.map((_, i) => i === 0 || i === columns.length - 1 ? "---" : "--:"))}
${rows.join("\n")}

No error at all: ${MEASURED.filter(isExact).map((fn) => `\`${fn}\``).join(", ")}.

Each function met ${
    POINTS.toLocaleString("en")
  } points (functions of several arguments as many tuples): half of them
even among the bits of floats, so that every size from 2^-100 to 2^128 occurs equally often, a quarter even in
[-10, 10], a quarter close to 1. Smaller arguments are left out, as GPUs may take subnormal numbers for 0 wherever they
occur; where the exact result is subnormal, 0 counts as right. An overflow counts as 2^128.

\\* In units of max(|result|, 1): the exact result comes close to 0 where it cancels. "NaN" counts results that are not
a number where they should be one, or the reverse.

${arithmeticSection(all)}${all.map(({ column, about }) => `- **${column}**: ${about}`).join("\n")}

Written by \`deno run -A scripts/precision.ts\`.
`;
}

/** What GPUs make of single operations, by columns. */
function arithmeticSection(all: readonly Measured[]): string {
  const tried = all.flatMap(({ column, arithmetic }) => arithmetic ? [{ column, arithmetic }] : []);
  if (tried.length === 0) return "";
  const row = (title: string, of: (arithmetic: Arithmetic) => string): string =>
    `| ${[title, ...tried.map(({ arithmetic }) => of(arithmetic))].join(" | ")} |`;
  return `## Single operations

What GPUs make of operations in a shader of their own. The kernels rely on none of it: they compare floats by their bits,
and keep sums and products from being taken apart.

| | ${tried.map(({ column }) => column).join(" | ")} |
| --- |${tried.map(() => " --: |").join("")}
${Object.keys(FACTS).map((name) => row(name, ({ facts }) => facts[name] ? "yes" : "no")).join("\n")}
${row("largest error of `a / b`, ulp", ({ division }) => division.toFixed(2))}
${row("largest error of `sqrt(a)`, ulp", ({ sqrt }) => sqrt.toFixed(2))}

`;
}

function cell({ ulp, wrong }: Precision): string {
  const size = ulp === 0 ? "0" : ulp < 100 ? ulp.toFixed(2) : ulp.toExponential(1);
  return wrong > 0 ? `${size}, ${wrong} NaN` : size;
}
