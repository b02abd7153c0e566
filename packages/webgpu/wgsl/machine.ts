/** The vector machine of core in WGSL: every value is a name for one element, or for four. */
import { type ComputeType, type lower, type ScalarFunction, toInt32 } from "@troodon/core";
import { bitsOfFloat, type Kind, type Lanes, literal, typeName } from "./types.ts";
import * as own from "./own.ts";

type Value = lower.Value;

interface Known {
  readonly text: string;
  readonly kind: Kind;
  /** The bits of a literal. */
  readonly bits?: number;
  /** A sum of floats, which a compiler may take apart where something is subtracted. */
  readonly sum?: boolean;
}

type Template = (a: string, b: string, c: string) => string;

/** On numbers of the compute type. */
const NUMERIC: Partial<Record<lower.MachineOp, Template>> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  // A bound is kept out of the way of NaN, for which it is not less.
  atLeast: (a, b) => `select(${a}, ${b}, ${a} < ${b})`,
  atMost: (a, b) => `select(${a}, ${b}, ${b} < ${a})`,
  neg: (a) => `-${a}`,
  abs: (a) => `abs(${a})`,
  sqrt: (a) => `sqrt(${a})`,
  floor: (a) => `floor(${a})`,
  ceil: (a) => `ceil(${a})`,
  trunc: (a) => `trunc(${a})`,
  nearest: (a) => `round(${a})`,
  madd: (a, b, c) => `fma(${a}, ${b}, ${c})`,
  nmadd: (a, b, c) => `fma(-${a}, ${b}, ${c})`,
};

const COMPARISONS: Partial<Record<lower.MachineOp, Template>> = {
  less: (a, b) => `${a} < ${b}`,
  lessEqual: (a, b) => `${a} <= ${b}`,
  equal: (a, b) => `${a} == ${b}`,
  // `!=` may be compiled to what is false of NaN.
  notEqual: (a, b) => `!(${a} == ${b})`,
};

const BITWISE: Partial<Record<lower.MachineOp, Template>> = {
  intAdd: (a, b) => `${a} + ${b}`,
  intSub: (a, b) => `${a} - ${b}`,
  and: (a, b) => `${a} & ${b}`,
  or: (a, b) => `${a} | ${b}`,
  xor: (a, b) => `${a} ^ ${b}`,
};

/** Products with a literal 0 are taken for 0 by some compilers, also those of NaN. */
const PRODUCTS: ReadonlySet<lower.MachineOp> = new Set(["mul", "div", "madd", "nmadd"]);

const SUMS: ReadonlySet<lower.MachineOp> = new Set(["add", "sub", "madd", "nmadd"]);

/** What a machine asks of the shader it writes for. */
export interface Surroundings {
  readonly lanes: Lanes;
  /** Puts a function of the prelude into the shader. */
  use(name: string): void;
  /** Puts the function that calculates `fn` of one far number in, and gives its name. */
  far(fn: ScalarFunction): string;
}

/** Writes statements; equal ones once. */
export class WgslMachine implements lower.Machine {
  readonly lines: string[] = [];
  readonly #surroundings: Surroundings;
  readonly #kind: "f" | "i";
  readonly #values: Known[] = [];
  readonly #numbers = new Map<string, Value>();
  readonly #float: WgslMachine | undefined;
  readonly #near: boolean;

  /** `within`: the machine of integers that needs floats for a moment. `near`: no number is far from 0. */
  constructor(compute: ComputeType, surroundings: Surroundings, within?: WgslMachine, near = false) {
    this.#surroundings = surroundings;
    this.#near = near;
    this.#kind = compute === "int32" ? "i" : "f";
    if (within) {
      this.lines = within.lines;
      this.#values = within.#values;
      this.#numbers = within.#numbers;
    } else if (compute === "int32") {
      this.#float = new WgslMachine("float32", surroundings, this);
    }
  }

  /** The same values, calculated with as floats. */
  get float(): WgslMachine {
    return this.#float ?? this;
  }

  /** Whether numbers are integers. */
  get integer(): boolean {
    return this.#kind === "i";
  }

  /** See {@linkcode lower.Machine}. */
  constant(value: number): Value {
    return this.#literal(this.#kind, this.#kind === "f" ? bitsOfFloat(value) : toInt32(value));
  }

  /** See {@linkcode lower.Machine}. */
  word(bits: number): Value {
    return this.#literal("u", bits >>> 0);
  }

  /** A value that the shader has under a name. */
  named(text: string, kind: Kind): Value {
    return this.#intern({ text, kind });
  }

  /** The value as an operand of WGSL text, of the machine's compute type or of `kind`. */
  text(value: Value, kind: Kind = this.#kind): string {
    const known = this.#values[value]!;
    const { lanes } = this.#surroundings;
    if (known.kind === kind) return known.text;
    if (known.bits !== undefined && kind !== "b" && kind !== "l") return literal(kind, known.bits, lanes);
    if (kind === "b") {
      const zero = literal("u", 0, lanes);
      return `(${this.text(value, "u")} != ${zero})`;
    }
    if (known.kind === "b") {
      const bits = `select(${literal("u", 0, lanes)}, ${literal("u", 0xffffffff, lanes)}, ${known.text})`;
      return kind === "u" ? bits : `bitcast<${typeName(kind, lanes)}>(${bits})`;
    }
    return `bitcast<${typeName(kind, lanes)}>(${known.text})`;
  }

  /** See {@linkcode lower.Machine}. */
  emit(op: lower.MachineOp, ...operands: Value[]): Value {
    const numeric = NUMERIC[op];
    if (numeric) {
      const [a, b, c] = operands.map((v) =>
        op === "sub" ? this.#firm(v) : PRODUCTS.has(op) ? this.#factor(v) : this.text(v)
      );
      return this.#let(numeric(a!, b!, c!), this.#kind, this.#kind === "f" && SUMS.has(op));
    }
    if (op === "min" || op === "max") return this.#extreme(op, operands);
    const comparison = COMPARISONS[op];
    if (comparison) return this.#compare(op, comparison, operands as [Value, Value]);
    const bitwise = BITWISE[op];
    if (bitwise) return this.#bitwise(op, bitwise, operands as [Value, Value]);
    const [x, y, z] = operands as [Value, Value, Value];
    switch (op) {
      case "select": {
        const [yes, no] = [this.#values[y]!.kind, this.#values[z]!.kind];
        const kind = yes === no ? yes : this.#kind;
        return this.#let(`select(${this.text(z, kind)}, ${this.text(y, kind)}, ${this.text(x, "b")})`, kind);
      }
      case "not":
        return this.#values[x]!.kind === "b"
          ? this.#let(`!${this.text(x, "b")}`, "b")
          : this.#let(`~${this.text(x, "u")}`, "u");
      case "intLessUnsigned":
        return this.#let(`${this.text(x, "u")} < ${this.text(y, "u")}`, "b");
      case "intToFloat":
        return this.#let(`${typeName("f", this.#surroundings.lanes)}(${this.text(x, "i")})`, "f");
      case "floatToInt":
        return this.#let(`${typeName("i", this.#surroundings.lanes)}(${this.text(x, "f")})`, "i");
      default:
        throw new TypeError(`Cannot write ${op} in WGSL`);
    }
  }

  /** See {@linkcode lower.Machine}. */
  shift(value: Value, by: number): Value {
    const { lanes } = this.#surroundings;
    const amount = literal("u", Math.abs(by), lanes);
    return this.#let(`${this.text(value, "u")} ${by > 0 ? "<<" : ">>"} ${amount}`, "u");
  }

  /** Calls a function of the prelude that takes as many lanes as the shader has. */
  call(name: string, args: readonly Value[], from: Kind, to: Kind): Value {
    this.#surroundings.use(name);
    return this.#let(`${name}(${args.map((a) => this.text(a, from)).join(", ")})`, to);
  }

  /** Calls a function of single elements, lane by lane. */
  each(name: string, args: readonly Value[], kind: Kind): Value {
    return this.#let(this.#each(name, args.map((a) => this.text(a, kind)), kind), kind);
  }

  /** Puts a function of single elements into the shader, and calls it. */
  callEach(name: string, args: readonly Value[], kind: Kind): Value {
    this.#surroundings.use(name);
    return this.each(name, args, kind);
  }

  /** Text that gives a value. */
  write(kind: Kind, text: (text: (value: Value, kind: Kind) => string) => string): Value {
    return this.#let(text((value, kind) => this.text(value, kind)), kind);
  }

  /** The WGSL type of a kind. */
  type(kind: Kind): string {
    return typeName(kind, this.#surroundings.lanes);
  }

  /** See {@linkcode lower.Machine}. */
  own(fn: ScalarFunction, args: readonly Value[]): Value {
    return (this.integer ? own.ofIntegers : own.ofFloats)(this, fn, args);
  }

  /** See {@linkcode lower.Machine}. */
  repair(mask: Value, value: Value, fn: ScalarFunction, args: readonly Value[]): Value {
    if (this.#near) return value;
    const far = this.#surroundings.far(fn);
    const name = `v${this.#values.length}`;
    const exact = this.#each(far, args.map((a) => this.text(a, "f")), "f");
    this.lines.push(
      `var ${name} = ${this.text(value, "f")};`,
      `if (any(${this.text(mask, "b")})) { ${name} = select(${name}, ${exact}, ${this.text(mask, "b")}); }`,
    );
    return this.#intern({ text: name, kind: "f" });
  }

  #each(name: string, args: readonly string[], kind: Kind): string {
    if (this.#surroundings.lanes === 1) return `${name}(${args.join(", ")})`;
    const calls = ["x", "y", "z", "w"].map((c) => `${name}(${args.map((a) => `${a}.${c}`).join(", ")})`);
    return `${typeName(kind, 4)}(${calls.join(", ")})`;
  }

  /** An operand of a difference: a sum among them must not be taken apart. */
  #firm(value: Value): string {
    if (!this.#values[value]!.sum) return this.text(value);
    return this.text(this.call("opaque", [value], "f", "f"));
  }

  /** An operand of a product: 0 is a number that no compiler knows. */
  #factor(value: Value): string {
    const { bits } = this.#values[value]!;
    if (this.integer || bits === undefined || (bits & 0x7fffffff) !== 0) return this.text(value);
    const zero = this.#surroundings.lanes === 1 ? "zero()" : "vec4f(zero())";
    return bits === 0 ? zero : `(-${zero})`;
  }

  #extreme(op: "min" | "max", operands: readonly Value[]): Value {
    if (this.integer) {
      return this.#let(`${op}(${operands.map((v) => this.text(v)).join(", ")})`, "i");
    }
    return this.call(op === "min" ? "least" : "greatest", operands, "f", "f");
  }

  #compare(op: lower.MachineOp, template: Template, [x, y]: [Value, Value]): Value {
    if (x === y && this.#kind === "f" && op === "notEqual") return this.call("unordered", [x], "f", "b");
    return this.#let(template(this.text(x), this.text(y), ""), "b");
  }

  #bitwise(op: lower.MachineOp, template: Template, [x, y]: [Value, Value]): Value {
    const [a, b] = [this.#values[x]!.kind, this.#values[y]!.kind];
    if (a === "b" && b === "b" && op !== "intAdd" && op !== "intSub") {
      return op === "xor"
        ? this.#let(`${this.text(x, "b")} != ${this.text(y, "b")}`, "b")
        : this.#let(template(this.text(x, "b"), this.text(y, "b"), ""), "b");
    }
    if (op === "and" && (a === "b" || b === "b")) {
      const [mask, value] = a === "b" ? [x, y] : [y, x];
      const kind = this.#values[value]!.kind as "f" | "i" | "u";
      const zero = literal(kind, 0, this.#surroundings.lanes);
      return this.#let(`select(${zero}, ${this.text(value, kind)}, ${this.text(mask, "b")})`, kind);
    }
    return this.#let(template(this.text(x, "u"), this.text(y, "u"), ""), "u");
  }

  #literal(kind: "f" | "i" | "u", bits: number): Value {
    return this.#intern({ text: literal(kind, bits, this.#surroundings.lanes), kind, bits });
  }

  #let(expression: string, kind: Kind, sum = false): Value {
    const known = this.#numbers.get(expression);
    if (known !== undefined) return known;
    const name = `v${this.#values.length}`;
    this.lines.push(`let ${name} = ${expression};`);
    const value = this.#values.push({ text: name, kind, sum }) - 1;
    this.#numbers.set(expression, value);
    return value;
  }

  #intern(known: Known): Value {
    const key = `=${known.text}`;
    let value = this.#numbers.get(key);
    if (value === undefined) {
      value = this.#values.push(known) - 1;
      this.#numbers.set(key, value);
    }
    return value;
  }
}
