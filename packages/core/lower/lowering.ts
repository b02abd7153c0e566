/** Turns a program into instructions. */
import type { ComputeType } from "../dtype.ts";
import type { ScalarFunction } from "../expr/functions.ts";
import type { CallStep, Leaf, Program } from "../expr/program.ts";
import * as errors from "./error_function.ts";
import * as exponential from "./exponential.ts";
import type { Machine, MachineOp, Value } from "./machine.ts";
import * as trigonometric from "./trigonometric.ts";

type Table<T> = Readonly<Partial<Record<ScalarFunction, T>>>;

/** Functions that are one instruction, on all machines. */
const DIRECT = {
  add: "add",
  sub: "sub",
  mul: "mul",
  min: "min",
  max: "max",
  neg: "neg",
  abs: "abs",
} as const satisfies Table<MachineOp>;

const DIRECT_FLOAT = {
  ...DIRECT,
  div: "div",
  sqrt: "sqrt",
  floor: "floor",
  ceil: "ceil",
  trunc: "trunc",
  round: "nearest",
} as const satisfies Table<MachineOp>;

const DIRECT_INT = { ...DIRECT, and: "and", or: "or", xor: "xor", not: "not" } as const satisfies Table<
  MachineOp
>;

const MASKS = {
  less: "less",
  lessEqual: "lessEqual",
  equal: "equal",
  notEqual: "notEqual",
} as const satisfies Table<MachineOp>;

type Composed = (t: Machine, ...args: Value[]) => Value;

const ANY = { sign } satisfies Table<Composed>;

const FLOATING = {
  ...ANY,
  reciprocal: (t, x) => t.emit("div", t.constant(1), x!),
  rsqrt: (t, x) => t.emit("div", t.constant(1), t.emit("sqrt", x!)),
} satisfies Table<Composed>;

/** Functions that machines have their own way of in float32 too: see {@linkcode Machine.own}. */
type OwnFunction =
  | ("pow" | "hypot" | "fmod" | "remainder" | "floorDiv")
  | ("and" | "or" | "xor" | "not" | "shiftLeft" | "shiftRight");

/** All other functions of float32: neither one instruction nor one of those above. */
type PolynomialFunction = Exclude<
  ScalarFunction,
  keyof typeof DIRECT_FLOAT | keyof typeof MASKS | keyof typeof FLOATING | "where" | "isNan" | OwnFunction
>;

const POLYNOMIALS = {
  exp: exponential.exp,
  exp2: exponential.exp2,
  expm1: exponential.expm1,
  log: exponential.log,
  log2: exponential.log2,
  log10: exponential.log10,
  log1p: exponential.log1p,
  tanh: exponential.tanh,
  sigmoid: exponential.sigmoid,
  softplus: exponential.softplus,
  logaddexp: exponential.logaddexp,
  sinh: exponential.sinh,
  cosh: exponential.cosh,
  asinh: exponential.asinh,
  acosh: exponential.acosh,
  atanh: exponential.atanh,
  erf: errors.erf,
  erfc: errors.erfc,
  sin: trigonometric.sin,
  cos: trigonometric.cos,
  tan: trigonometric.tan,
  asin: trigonometric.asin,
  acos: trigonometric.acos,
  atan: trigonometric.atan,
  atan2: trigonometric.atan2,
} satisfies Readonly<Record<PolynomialFunction, (t: Machine, x: Value, y: Value) => Value>>;

const WHOLE = {
  sign,
  floor: (_, x) => x!,
  ceil: (_, x) => x!,
  trunc: (_, x) => x!,
  round: (_, x) => x!,
} satisfies Table<Composed>;

const COMPOSED: Readonly<Record<ComputeType, Table<Composed>>> = {
  float32: { ...FLOATING, ...POLYNOMIALS },
  float64: FLOATING,
  int32: WHOLE,
  int64: WHOLE,
};

/** 0 for NaN. */
function sign(t: Machine, x: Value): Value {
  const zero = t.constant(0);
  const positive = t.emit("select", t.emit("less", zero, x), t.constant(1), zero);
  return t.emit("select", t.emit("less", x, zero), t.constant(-1), positive);
}

/** Composed functions that need `Machine.repair` for numbers far from 0, without that repair. */
const NEAR: Table<Composed> = {
  sin: trigonometric.sinNear,
  cos: trigonometric.cosNear,
  tan: trigonometric.tanNear,
};

/** The functions of a program that `Machine.own` or `Machine.repair` may be asked for. */
export function askedFunctions(program: Program, compute: ComputeType): ScalarFunction[] {
  const inside = (step: CallStep): boolean =>
    directOf(compute)[step.fn] !== undefined || maskOf(step.fn) !== undefined || step.fn === "where" ||
    step.fn === "isNan" ||
    (COMPOSED[compute][step.fn] !== undefined && (NEAR[step.fn] === undefined || isNear(program, step)));
  return program.steps.flatMap((step) => step.kind === "call" && !inside(step) ? [step.fn] : []);
}

/** Returns true if an argument is known to be close enough to 0 to need no `Machine.repair`. */
function isNear(program: Program, { args }: CallStep): boolean {
  return boundOf(program, args[0]!) <= trigonometric.LARGE;
}

/** Returns the largest absolute value of a product of constants and random numbers; Infinity or NaN for other steps. */
function boundOf(program: Program, index: number): number {
  const step = program.steps[index]!;
  if (step.kind === "constant") return Math.abs(step.value);
  if (step.kind === "random") return 1;
  if (step.kind !== "call" || step.fn !== "mul") return Infinity;
  return step.args.reduce((bound, arg) => bound * boundOf(program, arg), 1);
}

const isInteger = (compute: ComputeType): boolean => compute === "int32" || compute === "int64";

const directOf = (compute: ComputeType): Table<MachineOp> => isInteger(compute) ? DIRECT_INT : DIRECT_FLOAT;

const maskOf = (fn: ScalarFunction): MachineOp | undefined => (MASKS as Table<MachineOp>)[fn];

/** How often a step changes: never, from row to row, from element to element. */
export type Variance = 0 | 1 | 2;

/** Emits a program step by step, those of each variance where they belong. */
export class Lowering {
  readonly #program: Program;
  readonly #compute: ComputeType;
  readonly #machine: Machine;
  readonly #leaf: (leaf: Leaf) => Value;
  readonly #variance: readonly Variance[];
  readonly #fused: ReadonlySet<number>;
  #values = new Map<number, Value>();
  #masks = new Map<number, Value>();

  /** `leaf` emits a leaf, and `varies` says how often it changes. */
  constructor(
    program: Program,
    compute: ComputeType,
    machine: Machine,
    leaf: (leaf: Leaf) => Value,
    varies: (leaf: Leaf) => Variance,
  ) {
    this.#program = program;
    this.#compute = compute;
    this.#machine = machine;
    this.#leaf = leaf;
    const variance: Variance[] = [];
    for (const step of program.steps) {
      variance.push(
        step.kind === "call" ? step.args.reduce<Variance>((v, a) => max(v, variance[a]!), 0) : varies(step),
      );
    }
    this.#variance = variance;
    this.#fused = isInteger(compute) ? new Set() : fusedProducts(program, variance);
  }

  /** Emits all steps of the given variance. */
  emit(variance: Variance): void {
    this.#program.steps.forEach((_, i) => this.#variance[i] === variance && this.#step(i));
  }

  /** Runs `body`, and forgets what it emitted. */
  scope(body: () => void): void {
    const [values, masks] = [this.#values, this.#masks];
    this.#values = new Map(values);
    this.#masks = new Map(masks);
    body();
    this.#values = values;
    this.#masks = masks;
  }

  /** What output `o` is in all lanes. */
  output(o: number): Value {
    return this.#value(this.#program.outputs[o]!);
  }

  /** Where output `o` is not 0. */
  outputMask(o: number): Value {
    const i = this.#program.outputs[o]!;
    const t = this.#machine;
    return this.#masks.get(i) ?? t.emit("notEqual", this.#value(i), t.constant(0));
  }

  /** The number a step gives; a mask becomes 1 or 0 when first asked for. */
  #value(i: number): Value {
    let value = this.#values.get(i);
    if (value === undefined) {
      value = this.#machine.emit("and", this.#masks.get(i)!, this.#machine.constant(1));
      this.#values.set(i, value);
    }
    return value;
  }

  #step(i: number): void {
    const step = this.#program.steps[i]!;
    const t = this.#machine;
    if (step.kind !== "call") {
      this.#values.set(i, this.#leaf(step));
      return;
    }
    const mask = maskOf(step.fn);
    if (mask !== undefined) {
      const [a, b] = step.args.map((arg) => this.#value(arg));
      this.#masks.set(i, t.emit(mask, a!, b!));
    } else if (step.fn === "isNan") {
      const x = this.#value(step.args[0]!);
      this.#masks.set(i, t.emit("notEqual", x, x));
    } else if (!this.#fused.has(i)) {
      this.#values.set(i, this.#call(step));
    }
  }

  #call(step: CallStep): Value {
    const t = this.#machine, { fn, args } = step;
    const product = args.find((a) => this.#fused.has(a));
    if (product !== undefined && (fn === "add" || fn === "sub")) {
      const other = args[0] === product ? args[1]! : args[0]!;
      const factors = this.#program.steps[product] as CallStep;
      const [a, b] = factors.args.map((arg) => this.#value(arg));
      return t.emit(fn === "add" ? "madd" : "nmadd", a!, b!, this.#value(other));
    }
    if (fn === "where") {
      const [condition, yes, no] = args as [number, number, number];
      const mask = this.#masks.get(condition);
      if (mask !== undefined) return t.emit("select", mask, this.#value(yes), this.#value(no));
      const off = t.emit("equal", this.#value(condition), t.constant(0));
      return t.emit("select", off, this.#value(no), this.#value(yes));
    }
    const values = args.map((arg) => this.#value(arg));
    const near = COMPOSED[this.#compute][fn] && NEAR[fn];
    return near && isNear(this.#program, step) ? near(t, ...values) : applied(t, this.#compute, fn, values);
  }
}

/** `fn` of numbers; comparisons, `isNan` and `where` are no such function. */
export function applied(t: Machine, compute: ComputeType, fn: ScalarFunction, args: readonly Value[]): Value {
  const direct = directOf(compute)[fn];
  if (direct !== undefined) return t.emit(direct, ...args);
  const composed = COMPOSED[compute][fn];
  return composed !== undefined ? composed(t, ...args) : t.own(fn, args);
}

function max(a: Variance, b: Variance): Variance {
  return a > b ? a : b;
}

/** Products used once, by a sum that varies as they do and can take them in as a fused operand. */
function fusedProducts(program: Program, variance: readonly Variance[]): Set<number> {
  const uses = program.steps.map(() => 0);
  for (const step of program.steps) {
    if (step.kind === "call") { for (const a of step.args) uses[a]!++; }
  }
  for (const o of program.outputs) uses[o]!++;
  const fused = new Set<number>();
  program.steps.forEach((step, i) => {
    if (step.kind !== "call") return;
    const candidates = step.fn === "add" ? step.args : step.fn === "sub" ? [step.args[1]!] : [];
    const product = candidates.find((a) => {
      const arg = program.steps[a]!;
      return arg.kind === "call" && arg.fn === "mul" && uses[a] === 1 && variance[a] === variance[i];
    });
    if (product !== undefined) fused.add(product);
  });
  return fused;
}
