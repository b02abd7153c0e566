/** Tiles of matrices in the memory of a workgroup. */

/** The lines of four elements that a tile in workgroup memory is filled with. */
export interface Fetch {
  readonly name: string;
  readonly kind: "f" | "i";
  readonly threads: number;
  readonly lines: number;
  readonly length: number;
  /** True if the elements of a line are adjacent in memory. */
  readonly near: boolean;
  /** Conditions under which an element exists. */
  readonly inside: (line: string, at: string) => readonly string[];
  /** Text of an element, of four along the line, of four across. */
  readonly element: (line: string, at: string) => string;
  readonly quad: ((line: string, at: string) => string) | undefined;
  readonly turned: ((line: string, at: string) => string) | undefined;
}

/** Statements by which the threads of a workgroup fill a tile. */
export function fetch(
  { name, kind, threads, lines, length, near, inside, element, quad, turned }: Fetch,
): string[] {
  const zero = kind === "f" ? "0f" : "0i", four = kind === "f" ? "vec4f" : "vec4i", fours = length / 4;
  const count = turned ? lines / 4 * fours : lines * fours, tall = turned ? lines / 4 : lines;
  const given = (target: string, text: string, conditions: readonly string[]): string =>
    conditions.length > 0
      ? `if (${conditions.join(" && ")}) { ${target} = ${text}; }`
      : `${target} = ${text};`;
  const each = [0, 1, 2, 3];
  const body = [
    // Neighboring threads take what lies side by side in memory.
    `let r = ${near ? `e / ${fours}u` : `e % ${tall}u`}${turned ? " * 4u" : ""};`,
    `let d = ${near ? `e % ${fours}u` : `e / ${tall}u`} * 4u;`,
    ...(turned
      ? [
        ...each.flatMap((c) => [
          `var q${c} = ${four}(${zero});`,
          given(`q${c}`, turned("r", `(d + ${c}u)`), inside("r", `d + ${c}u`)),
        ]),
        ...each.map((c) =>
          `${name}[(r + ${c}u) * ${fours}u + d / 4u] = ${four}(${each.map((q) => `q${q}.${"xyzw"[c]}`)});`
        ),
      ]
      : [
        `var q = ${four}(${zero});`,
        ...(quad
          ? [given("q", quad("r", "d"), inside("r", "d"))]
          : each.map((c) => given(`q.${"xyzw"[c]}`, element("r", `(d + ${c}u)`), inside("r", `d + ${c}u`)))),
        `${name}[r * ${fours}u + d / 4u] = q;`,
      ]),
  ].map((line) => `  ${line}`);
  if (count === threads) return ["{", "  let e = local;", ...body, "}"];
  if (count < threads) return [`if (local < ${count}u) {`, "  let e = local;", ...body, "}"];
  return [`for (var e = local; e < ${count}u; e += ${threads}u) {`, ...body, "}"];
}
