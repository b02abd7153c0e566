/** The scalar functions of expressions as operators. */
import type { ComputeType, ScalarFunction } from "@troodon/core/kernel";
import { int } from "../graph/attributes.ts";
import type { GraphBuilder, Name } from "../graph/builder.ts";

/** The graph that functions are added to, and the type they compute in. */
export interface Scalars {
  readonly graph: GraphBuilder;
  readonly compute: ComputeType;
}

/** Nodes of one function on operands of the compute type. */
type Nodes = (scalars: Scalars, ...operands: Name[]) => Name;

const isFloat = (compute: ComputeType): boolean => compute === "float32" || compute === "float64";

/** One operator of the same operands. */
const one = (type: string): Nodes => ({ graph }, ...operands) => graph.node(type, operands);

/** An operator that changes nothing of integers. */
const rounding = (type: string): Nodes => ({ graph, compute }, x) =>
  isFloat(compute) ? graph.node(type, [x!]) : x!;

const scalar = ({ graph, compute }: Scalars, value: number): Name => graph.scalar(value, compute);

/** An operator on the bits of integers. */
const bits = (type: string): Nodes => ({ graph }, ...operands) => {
  if (graph.opset >= 18) return graph.node(type, operands);
  throw new RangeError(
    `Cannot export ${type} as it needs operators of version 18: current opset is ${graph.opset}`,
  );
};

const shift = (s: Scalars, b: Name): Name => s.graph.node("Pow", [scalar(s, 2), b]);

const truncated: Nodes = (s, x) =>
  isFloat(s.compute)
    ? s.graph.node("Mul", [s.graph.node("Sign", [x!]), s.graph.node("Floor", [s.graph.node("Abs", [x!])])])
    : x!;

const floorDiv: Nodes = (s, a, b) => {
  const { graph } = s;
  if (isFloat(s.compute)) return graph.node("Floor", [graph.node("Div", [a!, b!])]);
  return graph.node("Div", [graph.node("Sub", [a!, graph.node("Mod", [a!, b!])]), b!]);
};

const remainder: Nodes = (s, a, b) => {
  const { graph } = s;
  if (!isFloat(s.compute)) return graph.node("Mod", [a!, b!]);
  return graph.node("Sub", [a!, graph.node("Mul", [floorDiv(s, a!, b!), b!])]);
};

const log1p: Nodes = (s, x) => s.graph.node("Log", [s.graph.node("Add", [x!, scalar(s, 1)])]);

const logaddexp: Nodes = (s, a, b) => {
  const { graph } = s, gap = graph.node("Abs", [graph.node("Sub", [a!, b!])]);
  const rest = log1p(s, graph.node("Exp", [graph.node("Neg", [gap])]));
  return graph.node("Add", [graph.node("Max", [a!, b!]), rest]);
};

/** The angle by the arc tangent of the quotient, and half a turn more left of the axis. */
const atan2: Nodes = (s, y, x) => {
  const { graph } = s, zero = scalar(s, 0), pi = scalar(s, Math.PI);
  const angle = graph.node("Atan", [graph.node("Div", [y!, x!])]);
  const turned = graph.node("Where", [
    graph.node("Less", [y!, zero]),
    graph.node("Sub", [angle, pi]),
    graph.node("Add", [angle, pi]),
  ]);
  const half = graph.node("Mul", [graph.node("Sign", [y!]), scalar(s, Math.PI / 2)]);
  const right = graph.node("Where", [graph.node("Equal", [x!, zero]), half, angle]);
  return graph.node("Where", [graph.node("Less", [x!, zero]), turned, right]);
};

/** Each function of numbers whose result is a number; those with truth values are in `evaluate.ts`. */
export const NUMBER_FUNCTIONS: Readonly<Partial<Record<ScalarFunction, Nodes>>> = {
  add: one("Add"),
  sub: one("Sub"),
  mul: one("Mul"),
  div: one("Div"),
  min: one("Min"),
  max: one("Max"),
  neg: one("Neg"),
  abs: one("Abs"),
  sign: one("Sign"),
  floor: rounding("Floor"),
  ceil: rounding("Ceil"),
  round: rounding("Round"),
  trunc: truncated,
  sqrt: one("Sqrt"),
  rsqrt: (s, x) => s.graph.node("Reciprocal", [s.graph.node("Sqrt", [x!])]),
  reciprocal: one("Reciprocal"),
  exp: one("Exp"),
  exp2: (s, x) => s.graph.node("Pow", [scalar(s, 2), x!]),
  expm1: (s, x) => s.graph.node("Sub", [s.graph.node("Exp", [x!]), scalar(s, 1)]),
  log: one("Log"),
  log2: (s, x) => s.graph.node("Mul", [s.graph.node("Log", [x!]), scalar(s, Math.LOG2E)]),
  log10: (s, x) => s.graph.node("Mul", [s.graph.node("Log", [x!]), scalar(s, Math.LOG10E)]),
  log1p,
  sin: one("Sin"),
  cos: one("Cos"),
  tan: one("Tan"),
  asin: one("Asin"),
  acos: one("Acos"),
  atan: one("Atan"),
  atan2,
  sinh: one("Sinh"),
  cosh: one("Cosh"),
  tanh: one("Tanh"),
  asinh: one("Asinh"),
  acosh: one("Acosh"),
  atanh: one("Atanh"),
  sigmoid: one("Sigmoid"),
  softplus: one("Softplus"),
  erf: one("Erf"),
  erfc: (s, x) => s.graph.node("Sub", [scalar(s, 1), s.graph.node("Erf", [x!])]),
  pow: one("Pow"),
  hypot: (s, a, b) => {
    const { graph } = s, square = (x: Name) => graph.node("Mul", [x, x]);
    return graph.node("Sqrt", [graph.node("Add", [square(a!), square(b!)])]);
  },
  logaddexp,
  fmod: ({ graph }, a, b) => graph.node("Mod", [a!, b!], { fmod: int(1) }),
  remainder,
  floorDiv,
  and: bits("BitwiseAnd"),
  or: bits("BitwiseOr"),
  xor: bits("BitwiseXor"),
  not: bits("BitwiseNot"),
  shiftLeft: (s, a, b) => s.graph.node("Mul", [a!, shift(s, b!)]),
  shiftRight: (s, a, b) => floorDiv(s, a!, shift(s, b!)),
};
