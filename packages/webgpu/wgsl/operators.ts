/** Instructions of core's vector machine that are operators of WGSL. */
import type { lower } from "@troodon/core/kernel";
import type { Comparison } from "./order.ts";

/** The text of an instruction by those of its operands. */
export type Template = (a: string, b: string, c: string) => string;

/** On numbers of the compute type. */
export const NUMERIC: Partial<Record<lower.MachineOp, Template>> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
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

/** Of integers; floats are compared by their bits. */
export const COMPARISONS: Readonly<Record<Comparison, string>> = {
  less: "<",
  lessEqual: "<=",
  equal: "==",
  notEqual: "!=",
};

/** On words. */
export const BITWISE: Partial<Record<lower.MachineOp, Template>> = {
  intAdd: (a, b) => `${a} + ${b}`,
  intSub: (a, b) => `${a} - ${b}`,
  and: (a, b) => `${a} & ${b}`,
  or: (a, b) => `${a} | ${b}`,
  xor: (a, b) => `${a} ^ ${b}`,
};

/** The operation of an instruction on floats, if compilers may rearrange it. */
export type Form = "sum" | "product";

/** The forms of what instructions give. */
export const FORMS: Readonly<Partial<Record<lower.MachineOp, Form>>> = {
  add: "sum",
  sub: "sum",
  madd: "sum",
  nmadd: "sum",
  mul: "product",
  div: "product",
};

/** The operation that operand `i` of an instruction belongs to. */
export function partOf(op: lower.MachineOp, i: number): Form | undefined {
  return op === "madd" || op === "nmadd" ? i === 2 ? "sum" : "product" : FORMS[op];
}
