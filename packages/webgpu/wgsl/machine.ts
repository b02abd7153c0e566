/** The vector machine of core in WGSL: every value is a name for one element, or for four. */
import type { ComputeType, ScalarFunction } from "@troodon/core";
import { type lower, toInt32 } from "@troodon/core/kernel";
import { bitsOfFloat, type Kind, type Lanes, literal, typeName } from "./types.ts";
import { bounded, compareFloats, extreme, opaque } from "./order.ts";
import { BITWISE, COMPARISONS, type Form, FORMS, NUMERIC, partOf, type Template } from "./operators.ts";
import * as own from "./own.ts";

type Value = lower.Value;

interface Known {
  readonly text: string;
  readonly kind: Kind;
  /** The bits of a literal. */
  readonly bits?: number;
  /** A sum or a product of floats, which a compiler may take apart where it is part of another. */
  readonly form?: Form;
  /** A float whose sign is not set. */
  readonly positive?: boolean;
  /** A choice between 0 and something else, by which compilers choose among products. */
  readonly choice?: boolean;
}

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

  /** Elements that a value holds. */
  get lanes(): Lanes {
    return this.#surroundings.lanes;
  }

  /** The bits of a literal; undefined for all other values. */
  bitsOf(value: Value): number | undefined {
    return this.#values[value]!.bits;
  }

  /** Whether a value is a float that is known to have no sign. */
  isPositive(value: Value): boolean {
    return this.#values[value]!.positive ?? false;
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
      const [a, b, c] = operands.map((_, i) => this.#operand(op, operands, i));
      const form = FORMS[op];
      return this.#let(
        numeric(a!, b!, c!),
        this.#kind,
        this.integer ? {} : { ...(form && { form }), positive: op === "abs" },
      );
    }
    const bitwise = BITWISE[op];
    if (bitwise) return this.#bitwise(op, bitwise, operands as [Value, Value]);
    const [x, y, z] = operands as [Value, Value, Value];
    switch (op) {
      case "min":
      case "max":
        if (!this.integer) return extreme(this, op, x, y);
        return this.#let(`${op}(${this.text(x)}, ${this.text(y)})`, "i");
      case "atLeast":
      case "atMost":
        if (!this.integer) return bounded(this, op, x, y);
        return this.emit(op === "atLeast" ? "max" : "min", x, y);
      case "less":
      case "lessEqual":
      case "equal":
      case "notEqual":
        if (!this.integer) return compareFloats(this, op, x, y);
        return this.#let(`${this.text(x)} ${COMPARISONS[op]} ${this.text(y)}`, "b");
      case "select": {
        const [yes, no] = [this.#values[y]!.kind, this.#values[z]!.kind];
        const kind = yes === no ? yes : this.#kind;
        const choice = this.#isZero(y) || this.#isZero(z);
        return this.#let(`select(${this.text(z, kind)}, ${this.text(y, kind)}, ${this.text(x, "b")})`, kind, {
          choice,
        });
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

  /** Operand `i` of an instruction, in a way that compilers calculate it even if they would not for NaN and infinities. */
  #operand(op: lower.MachineOp, operands: readonly Value[], i: number): string {
    const value = operands[i]!, { form, choice } = this.#values[value]!, part = partOf(op, i);
    if (this.integer) return this.text(value);
    // x - x and x / x are not what they are of finite numbers.
    const same = (op === "sub" || op === "div") && i === 1 && operands[0] === value;
    // Sums of sums and products of products keep their order, which decides what is exact and what overflows, and products
    // that are added are rounded as the lowering says: it has instructions for those that are not.
    if (same || (form !== undefined && (form === part || part === "sum"))) {
      return this.text(opaque(this, value));
    }
    // A product with 0 may be NaN: 0 is a number that no compiler knows.
    if (part === "product" && choice) return this.text(opaque(this, value));
    if (part !== "product" || !this.#isZero(value)) return this.text(value);
    const zero = this.#surroundings.lanes === 1 ? "zero()" : "vec4f(zero())";
    return this.bitsOf(value) === 0 ? zero : `(-${zero})`;
  }

  #isZero(value: Value): boolean {
    const bits = this.bitsOf(value);
    return bits !== undefined && (bits & 0x7fffffff) === 0;
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
      return this.#let(`select(${zero}, ${this.text(value, kind)}, ${this.text(mask, "b")})`, kind, {
        choice: true,
      });
    }
    return this.#let(template(this.text(x, "u"), this.text(y, "u"), ""), "u");
  }

  #literal(kind: "f" | "i" | "u", bits: number): Value {
    return this.#intern({ text: literal(kind, bits, this.#surroundings.lanes), kind, bits });
  }

  #let(expression: string, kind: Kind, known: Pick<Known, "form" | "positive" | "choice"> = {}): Value {
    const same = this.#numbers.get(expression);
    if (same !== undefined) return same;
    const name = `v${this.#values.length}`;
    this.lines.push(`let ${name} = ${expression};`);
    const value = this.#values.push({ text: name, kind, ...known }) - 1;
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
