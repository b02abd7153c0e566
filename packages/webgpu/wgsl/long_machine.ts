/** The vector machine of core for int64 in WGSL: every value is a pair of words, or a truth. */
import type { ScalarFunction } from "@troodon/core";
import { type lower, toInt64 } from "@troodon/core/kernel";
import type { Surroundings } from "./machine.ts";
import { type Kind, longLiteral } from "./types.ts";

type Value = lower.Value;

interface Known {
  readonly text: string;
  readonly kind: "l" | "b";
}

/** Instructions that are a function of the prelude. */
const CALLED: Readonly<Partial<Record<lower.MachineOp, string>>> = {
  add: "add_long",
  sub: "sub_long",
  mul: "mul_long",
  min: "min_long",
  max: "max_long",
  neg: "neg_long",
  abs: "abs_long",
};

const BITWISE: Readonly<Partial<Record<lower.MachineOp, string>>> = { and: "&", or: "|", xor: "^" };

/** Functions that are no instructions, as the prelude has them. */
const OWN: Readonly<Partial<Record<ScalarFunction, string>>> = {
  div: "div_long",
  fmod: "fmod_long",
  remainder: "remainder_long",
  floorDiv: "floor_div_long",
  pow: "pow_long",
  shiftLeft: "shift_left_long",
  shiftRight: "shift_right_long",
};

/** Writes statements; equal ones once. */
export class LongMachine implements lower.Machine {
  readonly lines: string[] = [];
  readonly #use: Surroundings["use"];
  readonly #values: Known[] = [];
  readonly #numbers = new Map<string, Value>();

  /** A machine for a shader whose lanes are 1. */
  constructor({ lanes, use }: Pick<Surroundings, "lanes" | "use">) {
    if (lanes !== 1) throw new TypeError("Cannot calculate with four int64 at once on a GPU");
    this.#use = use;
  }

  /** See {@linkcode lower.Machine}. */
  constant(value: number): Value {
    return this.named(longLiteral(toInt64(value)), "l");
  }

  /** See {@linkcode lower.Machine}. */
  word(): Value {
    throw new TypeError("Cannot write words of 32 bits as lanes are int64");
  }

  /** A value that the shader has under a name. */
  named(text: string, kind: Kind): Value {
    if (kind !== "l" && kind !== "b") {
      throw new TypeError(`Cannot name a value of kind ${kind} as lanes are int64`);
    }
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const value = this.#values.push({ text, kind }) - 1;
    this.#numbers.set(text, value);
    return value;
  }

  /** The value as an operand of WGSL text. */
  text(value: Value): string {
    const { text, kind } = this.#values[value]!;
    return kind === "l" ? text : `vec2u(select(0u, 0xffffffffu, ${text}))`;
  }

  #truth(value: Value): string {
    const { text, kind } = this.#values[value]!;
    return kind === "b" ? text : `any(${text} != vec2u(0u))`;
  }

  /** See {@linkcode lower.Machine}. */
  emit(op: lower.MachineOp, ...operands: Value[]): Value {
    const called = CALLED[op];
    if (called !== undefined) return this.#call(called, operands);
    const operator = BITWISE[op];
    if (operator !== undefined) return this.#bitwise(op, operator, operands as [Value, Value]);
    const [x, y, z] = operands as [Value, Value, Value];
    switch (op) {
      case "less":
      case "lessEqual": {
        this.#use("less_long");
        const [a, b] = [this.text(x), this.text(y)];
        return this.#let(op === "less" ? `less_long(${a}, ${b})` : `!less_long(${b}, ${a})`, "b");
      }
      case "equal":
        return this.#let(`all(${this.text(x)} == ${this.text(y)})`, "b");
      case "notEqual":
        return this.#let(`any(${this.text(x)} != ${this.text(y)})`, "b");
      case "select":
        return this.#let(`select(${this.text(z)}, ${this.text(y)}, ${this.#truth(x)})`, "l");
      case "not":
        return this.#values[x]!.kind === "b"
          ? this.#let(`!${this.text(x)}`, "b")
          : this.#let(`~${this.text(x)}`, "l");
      default:
        throw new TypeError(`Cannot write ${op} of int64 in WGSL`);
    }
  }

  /** See {@linkcode lower.Machine}. */
  shift(): Value {
    throw new TypeError("Cannot shift words of 32 bits as lanes are int64");
  }

  /** See {@linkcode lower.Machine}. */
  own(fn: ScalarFunction, args: readonly Value[]): Value {
    const name = OWN[fn];
    if (name === undefined) {
      throw new TypeError(
        `Cannot apply ${fn}() to int64 on webgpu: convert it to float32, or use another device`,
      );
    }
    return this.#call(name, args);
  }

  /** See {@linkcode lower.Machine}. */
  repair(_mask: Value, value: Value): Value {
    return value;
  }

  #call(name: string, args: readonly Value[]): Value {
    this.#use(name);
    return this.#let(`${name}(${args.map((a) => this.text(a)).join(", ")})`, "l");
  }

  #bitwise(op: lower.MachineOp, operator: string, [x, y]: [Value, Value]): Value {
    const [a, b] = [this.#values[x]!, this.#values[y]!];
    if (a.kind === "b" && b.kind === "b") {
      return this.#let(op === "xor" ? `${a.text} != ${b.text}` : `${a.text} ${operator} ${b.text}`, "b");
    }
    if (op === "and" && a.kind !== b.kind) {
      const [mask, number] = a.kind === "b" ? [a, b] : [b, a];
      return this.#let(`select(vec2u(0u), ${number.text}, ${mask.text})`, "l");
    }
    return this.#let(`${this.text(x)} ${operator} ${this.text(y)}`, "l");
  }

  #let(expression: string, kind: "l" | "b"): Value {
    const known = this.#numbers.get(expression);
    if (known !== undefined) return known;
    const text = `v${this.#values.length}`;
    this.lines.push(`let ${text} = ${expression};`);
    const value = this.#values.push({ text, kind }) - 1;
    this.#numbers.set(expression, value);
    return value;
  }
}
