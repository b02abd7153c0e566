/** Counts the steps of a shader's loops by its text: for tests of what kernels say of their work. */
import type { Draft } from "./plan/plan.ts";

/** The value of a WGSL expression of integers; undefined where it has a name or a function that is not known. */
type Evaluate = (text: string) => number | undefined;

const LETTERS = "xyzw";

/** Evaluates expressions with the numbers of a dispatch and the values of names. */
function evaluator(words: Uint32Array, known: ReadonlyMap<string, number>): Evaluate {
  return (text) => {
    const tokens = text.match(/numbers\[\d+\]\.[xyzw]|[A-Za-z_][\w.]*|\d+|[-+*/%(),]/g) ?? [];
    let at = 0;
    const list = (): (number | undefined)[] => {
      const values = [sum()];
      while (tokens[at] === ",") {
        at++;
        values.push(sum());
      }
      at++;
      return values;
    };
    const one = (): number | undefined => {
      const token = tokens[at++] ?? "";
      if (token === "(") return list()[0];
      if (token.startsWith("numbers[")) {
        const [index, letter] = token.slice("numbers[".length).split("].") as [string, string];
        return words[4 * Number(index) + LETTERS.indexOf(letter)];
      }
      if (/^\d/.test(token)) {
        // The suffix of an unsigned or signed literal is a name of its own by now.
        if (tokens[at] === "u" || tokens[at] === "i") at++;
        return Number(token);
      }
      if (tokens[at] !== "(") return known.get(token);
      at++;
      const values = list();
      if (values.some((value) => value === undefined)) return undefined;
      const numbers = values as number[];
      if (token === "min") return Math.min(...numbers);
      if (token === "max") return Math.max(...numbers);
      return token === "u32" || token === "i32" ? numbers[0] : undefined;
    };
    const binary = (
      next: () => number | undefined,
      operators: Readonly<Record<string, (a: number, b: number) => number>>,
    ) =>
    () => {
      let value = next();
      while (tokens[at] !== undefined && Object.hasOwn(operators, tokens[at]!)) {
        const operator = operators[tokens[at++]!]!, other = next();
        value = value === undefined || other === undefined ? undefined : operator(value, other);
      }
      return value;
    };
    const product = binary(one, {
      "*": (a, b) => a * b,
      "/": (a, b) => Math.trunc(a / b),
      "%": (a, b) => a % b,
    });
    const sum: () => number | undefined = binary(product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
    const value = sum();
    return at >= tokens.length ? value : undefined;
  };
}

const LOOP = /^for \(var (\w+) = (.+?); \w+ (<|>=) (.+?); \w+(\+\+|--| \+= (.+?))\) \{/;
const FIRST = ["local", "lane", "i", "id.x", "id.y", "group.x", "group.y", "group.z"];

/**
 * Steps that the first thread of a grid takes in the loops of an entry point, of whose conditions all are taken to hold.
 *
 * @throws {TypeError} If the text does not tell how often a loop is run.
 */
export function loopSteps({ source: { code, label }, words: { fixed }, groups }: Draft): number {
  const known = new Map(FIRST.map((name) => [name, 0]));
  ["x", "y", "z"].forEach((axis, a) => known.set(`groups.${axis}`, groups[a]!));
  const evaluate = evaluator(fixed, known), around: number[] = [];
  let steps = 0;
  for (const line of code.slice(code.indexOf("fn main(")).split("\n").map((text) => text.trim())) {
    const named = line.match(/^(?:let|var) (\w+) = (.+);$/), loop = line.match(LOOP);
    let times = 1;
    if (named) {
      const value = evaluate(named[2]!);
      if (value === undefined) known.delete(named[1]!);
      else known.set(named[1]!, value);
    }
    if (loop) {
      const [, name, from, sign, to, step, by] = loop as unknown as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const first = evaluate(from), last = evaluate(to), wide = by === undefined ? 1 : evaluate(by);
      if (first === undefined || last === undefined || wide === undefined) {
        throw new TypeError(`Cannot count the steps of ${label}() as a loop is unclear: ${line}`);
      }
      known.set(name, first);
      times = Math.max(0, Math.ceil((sign === "<" ? last - first : first - last + 1) / wide));
      if (step === "--" && sign === "<") throw new TypeError(`Cannot count down to more: ${line}`);
      steps += around.reduce((product, n) => product * n, times);
    } else if (/^(for|while|loop)\b/.test(line)) {
      throw new TypeError(`Cannot count the steps of ${label}() as a loop is unclear: ${line}`);
    }
    for (const brace of line.matchAll(/[{}]/g)) {
      if (brace[0] === "{") around.push(times);
      else around.pop();
      times = 1;
    }
  }
  return steps;
}
