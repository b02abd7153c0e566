/** Elementwise operators. */
import * as core from "@troodon/core";
import { isFloating, type Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Handler, Operator, Operators } from "../operator.ts";

/** A function of one tensor. */
export const unary = (f: (x: Tensor) => Tensor): Handler => (call) => f(call.input(0));

/**
 * The two operands; before version 7 of the operators, axes of the second stand where `axis` says rather than at the end.
 */
function operands(call: Call): [Tensor, Tensor] {
  const x = call.input(0), y = call.input(1), axis = call.attributes.int("axis");
  if (call.opset >= 7 || axis === undefined) return [x, y];
  const behind = x.ndim - (axis < 0 ? axis + x.ndim : axis) - y.ndim;
  return [x, y.reshape([...y.shape, ...Array(behind).fill(1)])];
}

/** A function of two tensors that are broadcast to one shape. */
const binary = (f: (x: Tensor, y: Tensor) => Tensor): Handler => (call) => f(...operands(call));

/** A function of two of any number of tensors, applied one after the other. */
const variadic = (f: (x: Tensor, y: Tensor) => Tensor): Handler => (call) => {
  const [first, ...others] = call.all();
  return others.reduce(f, first ?? call.refuse("it must have an input"));
};

const truncated = (x: Tensor, y: Tensor): Tensor =>
  isFloating(x.dtype) ? x.div(y) : x.div(y, { roundingMode: "trunc" });

/** Calculates, so that integers of few bits wrap around. */
const arithmetic = (run: Handler): Operator => ({ run, wraps: true });

function mod(call: Call): Tensor {
  const [x, y] = operands(call);
  return call.attributes.flag("fmod") ? core.fmod(x, y) : core.remainder(x, y);
}

/** Powers have the type of the base. */
function pow(x: Tensor, y: Tensor): Tensor {
  if (isFloating(x.dtype)) return x.pow(y.dtype === x.dtype ? y : y.to(x.dtype));
  return isFloating(y.dtype)
    ? x.to("float64").pow(y.to("float64")).to(x.dtype)
    : x.pow(y.to(x.dtype)).to(x.dtype);
}

function shift(call: Call): Tensor {
  const [x, y] = operands(call);
  return call.attributes.text("direction", "") === "LEFT"
    ? core.bitwiseLeftShift(x, y)
    : core.bitwiseRightShift(x, y);
}

function isInfinite(call: Call): Tensor {
  const x = call.input(0), { attributes } = call;
  const negative = attributes.flag("detect_negative", true),
    positive = attributes.flag("detect_positive", true);
  if (negative && positive) return core.isinf(x);
  if (negative) return core.isneginf(x);
  return positive ? core.isposinf(x) : core.zerosLike(x, { dtype: "bool" });
}

function clip(call: Call): Tensor {
  const x = call.input(0), { attributes } = call;
  const min = attributes.float("min") ?? call.optional(1), max = attributes.float("max") ?? call.optional(2);
  const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  return min === undefined && max === undefined ? x : core.clamp(x, bounds).to(x.dtype);
}

function mean(call: Call): Tensor {
  const all = call.all();
  return all.reduce((a, b) => a.add(b)).div(all.length);
}

/** Arithmetic, comparison and logic of each element. */
export const ELEMENTWISE: Operators = {
  Abs: arithmetic(unary((x) => x.abs())),
  Acos: unary((x) => x.acos()),
  Acosh: unary((x) => x.acosh()),
  Asin: unary((x) => x.asin()),
  Asinh: unary((x) => x.asinh()),
  Atan: unary((x) => x.atan()),
  Atanh: unary((x) => x.atanh()),
  Ceil: unary((x) => x.ceil()),
  Cos: unary((x) => x.cos()),
  Cosh: unary((x) => x.cosh()),
  Erf: unary((x) => x.erf()),
  Exp: unary((x) => x.exp()),
  Floor: unary((x) => x.floor()),
  Identity: unary((x) => x),
  IsInf: isInfinite,
  IsNaN: unary((x) => core.isnan(x)),
  Log: unary((x) => x.log()),
  Neg: arithmetic(unary((x) => x.neg())),
  Not: unary((x) => core.logicalNot(x)),
  Reciprocal: unary((x) => x.reciprocal()),
  Round: unary((x) => x.round()),
  Sign: unary((x) => x.sign()),
  Sin: unary((x) => x.sin()),
  Sinh: unary((x) => x.sinh()),
  Sqrt: unary((x) => x.sqrt()),
  Tan: unary((x) => x.tan()),
  Add: arithmetic(binary((x, y) => x.add(y))),
  Sub: arithmetic(binary((x, y) => x.sub(y))),
  Mul: arithmetic(binary((x, y) => x.mul(y))),
  Div: arithmetic(binary(truncated)),
  Mod: mod,
  Pow: arithmetic((call) => pow(...operands(call))),
  And: binary((x, y) => core.logicalAnd(x, y)),
  Or: binary((x, y) => core.logicalOr(x, y)),
  Xor: binary((x, y) => core.logicalXor(x, y)),
  BitwiseAnd: binary(core.bitwiseAnd),
  BitwiseOr: binary(core.bitwiseOr),
  BitwiseXor: binary(core.bitwiseXor),
  BitwiseNot: arithmetic(unary((x) => core.bitwiseNot(x))),
  BitShift: arithmetic(shift),
  Equal: binary((x, y) => x.eq(y)),
  Greater: binary((x, y) => x.gt(y)),
  GreaterOrEqual: binary((x, y) => x.ge(y)),
  Less: binary((x, y) => x.lt(y)),
  LessOrEqual: binary((x, y) => x.le(y)),
  Max: variadic((x, y) => core.maximum(x, y)),
  Min: variadic((x, y) => core.minimum(x, y)),
  Sum: arithmetic(variadic((x, y) => x.add(y))),
  Mean: mean,
  Clip: clip,
  Where: (call) => core.where(call.input(0), call.input(1), call.input(2)),
};
