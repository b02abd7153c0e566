/** Scalar functions that machines differ in, as WGSL can do them without float64. */
import type { ScalarFunction } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import type { WgslMachine } from "./machine.ts";
import { hypot, pow } from "./power.ts";

type Value = lower.Value;
type Own = (t: WgslMachine, ...args: Value[]) => Value;
type Table = Readonly<Partial<Record<ScalarFunction, Own>>>;

const BITS: Table = {
  and: (t, a, b) => t.write("i", (v) => `${v(a!, "i")} & ${v(b!, "i")}`),
  or: (t, a, b) => t.write("i", (v) => `${v(a!, "i")} | ${v(b!, "i")}`),
  xor: (t, a, b) => t.write("i", (v) => `${v(a!, "i")} ^ ${v(b!, "i")}`),
  not: (t, a) => t.write("i", (v) => `~${v(a!, "i")}`),
  shiftLeft: (t, a, b) => t.write("i", (v) => `${v(a!, "i")} << (${v(b!, "u")} & ${t.type("u")}(31u))`),
  shiftRight: (t, a, b) => t.write("i", (v) => `${v(a!, "i")} >> (${v(b!, "u")} & ${t.type("u")}(31u))`),
};

/** Remainder with the sign of `b`, from that with the sign of `a`. */
function remainder(t: WgslMachine, a: Value, b: Value): Value {
  const zero = t.constant(0), rest = t.own("fmod", [a, b]);
  const opposite = t.emit("xor", t.emit("less", rest, zero), t.emit("less", b, zero));
  const off = t.emit("and", t.emit("notEqual", rest, zero), opposite);
  return t.emit("select", off, t.emit("add", rest, b), rest);
}

/** floor(a / b), where the rounding of a / b may have reached the next integer. */
function floorDiv(t: WgslMachine, a: Value, b: Value): Value {
  const zero = t.constant(0), plain = t.emit("div", a, b);
  const whole = t.emit("nearest", t.emit("div", t.emit("sub", a, remainder(t, a, b)), b));
  const none = t.emit("mul", zero, plain),
    signed = t.emit("select", t.emit("equal", whole, zero), none, whole);
  // Of a finite number by an infinite one: -1 or 0, by their signs.
  const infinite = t.constant(Infinity), finite = t.emit("less", t.emit("abs", a), infinite);
  const below = t.emit("xor", t.emit("less", a, zero), t.emit("less", b, zero));
  const far = t.emit("select", t.emit("and", below, t.emit("notEqual", a, zero)), t.constant(-1), none);
  const isFar = t.emit("and", finite, t.emit("equal", t.emit("abs", b), infinite));
  return t.emit("select", t.emit("equal", b, zero), plain, t.emit("select", isFar, far, signed));
}

const FLOATS: Table = {
  pow,
  hypot,
  fmod: (t, a, b) => t.callEach("rest_of", [a!, b!], "f"),
  remainder: (t, a, b) => remainder(t, a!, b!),
  floorDiv: (t, a, b) => floorDiv(t, a!, b!),
};

/** A quotient or rest, or 0 where `b` is 0. */
function divided(t: WgslMachine, operator: "/" | "%", a: Value, b: Value): Value {
  const plain = t.write("i", (v) => `${v(a, "i")} ${operator} ${v(b, "i")}`);
  return t.emit("select", t.emit("equal", b, t.constant(0)), t.constant(0), plain);
}

const INTEGERS: Table = {
  ...BITS,
  div: (t, a, b) => divided(t, "/", a!, b!),
  fmod: (t, a, b) => divided(t, "%", a!, b!),
  remainder: (t, a, b) => remainder(t, a!, b!),
  floorDiv(t, a, b) {
    const quotient = divided(t, "/", a!, b!), rest = divided(t, "%", a!, b!), zero = t.constant(0);
    const opposite = t.emit("xor", t.emit("less", rest, zero), t.emit("less", b!, zero));
    const below = t.emit("and", t.emit("notEqual", rest, zero), opposite);
    return t.emit("select", below, t.emit("sub", quotient, t.constant(1)), quotient);
  },
  pow: (t, a, b) => t.callEach("power_of_int", [a!, b!], "i"),
};

/** `fn` of floats; bits are those of the integers that they truncate to. */
export function ofFloats(t: WgslMachine, fn: ScalarFunction, args: readonly Value[]): Value {
  const direct = FLOATS[fn];
  if (direct) return direct(t, ...args);
  const bits = BITS[fn];
  if (!bits) throw new TypeError(`Cannot calculate ${fn}() on a GPU`);
  const result = bits(t, ...args.map((a) => t.call("to_int", [a], "f", "i")));
  return t.emit("intToFloat", result);
}

/** `fn` of integers; where they have no meaning of their own, that of floats, truncated. */
export function ofIntegers(t: WgslMachine, fn: ScalarFunction, args: readonly Value[]): Value {
  const direct = INTEGERS[fn];
  if (direct) return direct(t, ...args);
  const result = lower.applied(t.float, "float32", fn, args.map((a) => t.emit("intToFloat", a)));
  return t.call("to_int", [result], "f", "i");
}
