/** Ops of int64 beyond 2^32 and 2^53. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCall, type OpCase, prepared } from "../case.ts";
import { integers, type Sample } from "../operand.ts";

const exact = { differentiable: false } as const;

/** Far apart numbers up to 2^61, most of them beyond 2^53 and odd, and some that are small. */
const large = (x: Tensor): Tensor => x.mul(2 ** 31 + 11).mul(2 ** 20 + 7);

type Prepare = (...tensors: Tensor[]) => Tensor[];

const same: Prepare = (...tensors) => tensors;
const operands = (...shapes: number[][]): Sample =>
  shapes.map((shape) => integers(shape, -1000, 1000, "int64"));

const of = (name: string, call: OpCall, ...shapes: number[][]): OpCase[] => made(name, same, call, ...shapes);

/** Cases of an int64 op whose operands `prepare` makes from large integers. */
const made = (name: string, prepare: Prepare, call: OpCall, ...shapes: number[][]): OpCase[] =>
  casesOf(name, exact, [prepared((...tensors) => prepare(...tensors.map(large)), call), operands(...shapes)]);

const divisible: Prepare = (x, y) => [x!, y!.add(1)];

/** Operands whose last digits float64 does not have. */
export const LONG: readonly OpCase[] = [
  ...of("add", (x, y) => core.add(x!, y!), [3, 5], [5]),
  ...of("sub", (x, y) => core.sub(x!, y!), [3, 5], [3, 1]),
  // Beyond 2^63 they wrap around.
  ...of("mul", (x, y) => core.mul(x!, y!), [3, 5], [5]),
  ...of("neg", (x) => core.neg(x!), [7]),
  ...of("abs", (x) => core.abs(x!), [7]),
  ...of("sign", (x) => core.sign(x!), [7]),
  ...of("maximum", (x, y) => core.maximum(x!, y!), [3, 5], [5]),
  ...of("minimum", (x, y) => core.minimum(x!, y!), [3, 5], [5]),
  ...made("eq", (x) => [x!, x!.flip(0)], (x, y) => core.eq(x!, y!), [3, 5]),
  ...of("lt", (x, y) => core.lt(x!, y!), [3, 5], [5]),
  ...of("ge", (x, y) => core.ge(x!, y!), [3, 5], [5]),
  ...made("where", (x, y) => [x!.gt(0), x!, y!], (c, x, y) => core.where(c!, x!, y!), [3, 5], [5]),
  ...made("floorDivide", divisible, (x, y) => core.floorDivide(x!, y!), [3, 5], [5]),
  ...made("remainder", divisible, (x, y) => core.remainder(x!, y!), [3, 5], [5]),
  ...made("fmod", divisible, (x, y) => core.fmod(x!, y!), [3, 5], [5]),
  ...of("bitwiseAnd", (x, y) => core.bitwiseAnd(x!, y!), [3, 5], [5]),
  ...of("bitwiseXor", (x, y) => core.bitwiseXor(x!, y!), [3, 5], [5]),
  ...of("sum", (x) => core.sum(x!, 1), [3, 70]),
  ...of("prod", (x) => core.prod(x!, 0), [3, 7]),
  ...of("amax", (x) => core.amax(x!, 1), [3, 70]),
  ...of("amin", (x) => core.amin(x!), [3, 7]),
  ...of("argmax", (x) => core.argmax(x!, 1), [3, 70]),
  ...of("argmin", (x) => core.argmin(x!), [3, 7]),
  ...of("cumsum", (x) => core.cumsum(x!, 1), [3, 70]),
  ...of("cumprod", (x) => core.cumprod(x!, 0), [5, 3]),
  ...of("sort", (x) => core.sort(x!, 1), [3, 40]),
  ...of("clone", (x) => core.clone(x!), [3, 5]),
  ...made("gather", (x) => [x!, x!.argsort(1)], (x, at) => core.gather(x!, 1, at!), [3, 5]),
  ...made(
    "scatterAdd",
    (x, y) => [x!, y!.argsort(1).remainder(3), y!],
    (x, at, y) => core.scatterAdd(x!, 1, at!, y!),
    [3, 5],
    [3, 5],
  ),
  ...of("matmul", (x, y) => core.matmul(x!, y!), [3, 9], [9, 4]),
  ...of("to", (x) => core.to(x!, "int32"), [3, 5]),
  ...of("float", (x) => x!.float(), [3, 5]),
  ...of("bool", (x) => x!.bool(), [3, 5]),
];
