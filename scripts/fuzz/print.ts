/** Prints programs as source code of both libraries. */
import { camelCase, otherNameOf, split } from "./names.ts";
import type { Argument, CallStatement, LayerStatement, Program, Statement } from "./program.ts";
import { isShownTensor, type Outcome, type Shown } from "./program.ts";
import { decodeFloats, decodeIntegers } from "./base64.ts";
import { isFloat } from "./numbers.ts";

/** Formats a program as PyTorch code. */
export function printThere(program: Program): string {
  return program.map((s) => `    ${lineThere(s)}`).join("\n");
}

/** Formats a program as Troodon code. */
export function printHere(program: Program): string {
  return program.map((s) => `    ${lineHere(s)}`).join("\n");
}

const nameOf = (as: string | readonly (string | null)[]): string =>
  typeof as === "string" ? as : as.map((name) => name ?? "_").join(", ");

const numbers = (data: readonly (number | string)[], scale = 1, python: boolean): string =>
  `[${data.map((x) => typeof x === "string" ? special(x, python) : x / scale).join(", ")}]`;

const special = (x: string, python: boolean): string =>
  python ? `float("${x}")` : x === "nan" ? "NaN" : x === "inf" ? "Infinity" : "-Infinity";

function argumentThere(a: Argument): string {
  if (a === null) return "None";
  if (a === true) return "True";
  if (a === false) return "False";
  if (typeof a !== "object") return JSON.stringify(a);
  if (a instanceof Array) return `[${a.map(argumentThere).join(", ")}]`;
  if ("v" in a) return a.v;
  if ("n" in a) return special(a.n, true);
  if ("dtype" in a) return `torch.${a.dtype}`;
  if ("tuple" in a) return `(${a.tuple.map(argumentThere).join(", ")})`;
  if ("slice" in a) return `slice(${a.slice.map((n) => n ?? "None").join(", ")})`;
  if ("fn" in a) return a.fn;
  return "dots" in a ? "..." : `nn.${(a as LayerStatement).layer}(...)`;
}

function lineThere(s: Statement): string {
  if ("make" in s) {
    const { data, scale, shape, dtype, grad } = s.make;
    return `${s.as} = torch.tensor(${numbers(data, scale, true)}, dtype=torch.${dtype}).reshape(${
      JSON.stringify(shape)
    })${grad ? ".requires_grad_()" : ""}`;
  }
  if ("back" in s) return `${s.back}.backward(ramp(${s.back}))`;
  if ("grads" in s) return `second_order(${s.grads}, [${s.of.join(", ")}])`;
  const list = [
    ...s.args.map(argumentThere),
    ...Object.entries(s.kw ?? {}).map(([k, a]) => `${k}=${argumentThere(a)}`),
  ];
  if ("layer" in s) return `${s.as} = nn.${s.layer}(${list.join(", ")})${s.eval ? ".eval()" : ""}`;
  const [prefix, rest] = split(s.call), [self, ...others] = list, ng = s.ng ? "  # no_grad" : "";
  if (s.call === "at") return `${nameOf(s.as)} = ${self}[${others.join(", ")}]${ng}`;
  if (s.call === "set") return `${self}[${others[0]!.slice(1, -1)}] = ${others[1]}${ng}`;
  const call = s.call === "module" ? self! : prefix === "Tensor" ? `${self}.${rest}` : s.call;
  const given = s.call === "module" || prefix === "Tensor" ? others : list;
  return `${nameOf(s.as)} = ${call}(${given.join(", ")})${ng}`;
}

function argumentHere(a: Argument | undefined): string {
  if (a === undefined) return "undefined";
  if (a === null) return "null";
  if (typeof a !== "object") return JSON.stringify(a);
  if (a instanceof Array) return `[${a.map(argumentHere).join(", ")}]`;
  if ("v" in a) return a.v;
  if ("n" in a) return special(a.n, false);
  if ("dtype" in a) return JSON.stringify(a.dtype);
  if ("tuple" in a) return `[${a.tuple.map(argumentHere).join(", ")}]`;
  if ("slice" in a) {
    const [start, end, step] = a.slice;
    return `"${start ?? ""}:${end ?? ""}${step === null ? "" : `:${step}`}"`;
  }
  if ("fn" in a) return a.fn;
  return "dots" in a ? '"..."' : `new nn.${(a as LayerStatement).layer}(...)`;
}

function listHere({ args, kw = {}, here }: CallStatement | LayerStatement): string[] {
  const at = (place: number | string) => typeof place === "number" ? args[place] : kw[place];
  const given = here?.args.map((place) => argumentHere(at(place))) ?? args.map(argumentHere);
  const named = here?.options ?? Object.fromEntries(Object.keys(kw).map((name) => [camelCase(name), name]));
  const options = Object.entries(named).filter(([, place]) => at(place) !== undefined);
  while (options.length === 0 && given.at(-1) === "undefined") given.pop();
  if (options.length === 0) return given;
  return [...given, `{ ${options.map(([key, place]) => `${key}: ${argumentHere(at(place))}`).join(", ")} }`];
}

function lineHere(s: Statement): string {
  if ("make" in s) {
    const { data, scale, shape, dtype, grad } = s.make;
    return `const ${s.as} = tensor(${numbers(data, scale, false)}, { dtype: "${dtype}" }).reshape(${
      JSON.stringify(shape)
    })${grad ? ".requiresGrad_()" : ""};`;
  }
  if ("back" in s) return `${s.back}.backward({ gradient: ramp(${s.back}) });`;
  if ("grads" in s) return `secondOrder(${s.grads}, [${s.of.join(", ")}]);`;
  const list = listHere(s);
  if ("layer" in s) return `const ${s.as} = new nn.${s.layer}(${list.join(", ")})${s.eval ? ".eval()" : ""};`;
  const [prefix, rest] = split(s.call), [self, ...others] = list, ng = s.ng ? " // noGrad" : "";
  const as = typeof s.as === "string" ? s.as : `[${nameOf(s.as)}]`;
  if (s.call === "at") return `const ${as} = ${self}.at(${others.join(", ")});${ng}`;
  if (s.call === "set") return `${self}.set(${others.join(", ")});${ng}`;
  const name = otherNameOf(s.call) ?? camelCase(rest);
  const call = s.call === "module" ? self! : prefix === "Tensor" ? `${self}.${name}` : `${prefix}.${name}`;
  const given = s.call === "module" || prefix === "Tensor" ? others : list;
  return `const ${as} = ${call}(${given.join(", ")});${ng}`;
}

/** Formats an outcome as one line. */
export function printOutcome(outcome: Outcome): string {
  return "e" in outcome ? outcome.e.split("\n")[0]! : printShown(outcome.y);
}

function printShown(shown: Shown): string {
  if (!isShownTensor(shown)) {
    return shown instanceof Array
      ? `[${shown.map((one) => printShown(one as Shown)).join(", ")}]`
      : JSON.stringify(shown);
  }
  const values = isFloat(shown.d) ? [...decodeFloats(shown.b)] : [...decodeIntegers(shown.b)];
  const text = values.slice(0, 12).map((x) => typeof x === "number" ? Number(x.toPrecision(7)) : x).join(
    ", ",
  );
  return `${shown.d}[${shown.s}] ${text}${values.length > 12 ? ", ..." : ""}${
    shown.r ? " (requires a gradient)" : ""
  }`;
}
