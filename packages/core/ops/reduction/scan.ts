/** Running results along an axis. */
import type { DimOr } from "../../dim_then.ts";
import type { ScanCall } from "../../backend/kernel_call.ts";
import { isFloating } from "../../dtype.ts";
import type { KernelOp } from "../../op.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface ScanParams {
  readonly axis: number;
  readonly reverse: boolean;
}

function scan(
  name: string,
  op: ScanCall["op"],
  rest: Pick<KernelOp<ScanParams>, "saves" | "vjp" | "accumulates">,
): KernelOp<ScanParams> {
  return {
    kind: "kernel",
    name,
    infer: ([x]) => {
      const float = op === "logaddexp" ? "float32" : "int64";
      return [{ shape: x!.shape, dtype: isFloating(x!.dtype) ? x!.dtype : float }];
    },
    kernel: (_inputs, _outputs, { axis, reverse }) => ({ kernel: "scan", op, axis, reverse }),
    ...rest,
  };
}

const CUMSUM = scan("cumsum", "sum", {
  vjp: ([g], { params: { axis, reverse } }) => [() => g!.apply(CUMSUM, { axis, reverse: !reverse })],
});

const CUMPROD = scan("cumprod", "prod", {
  accumulates: true,
  // The products are looked at as PyTorch's rule reads them: where they were overwritten, the gradient is refused.
  saves: () => ({ inputs: [0], outputs: [0] }),
  // dL/dx[k] = prod_{j<k} x[j] * sum_{i>=k} g[i] prod_{k<j<=i} x[j], right also where some x are 0
  vjp: ([g], saved) => [() => {
    const { axis } = saved.params, x = saved.input(0), { shape } = saved.output(0);
    if (shape.length === 0) return g!;
    const before = shifted(x, axis, -1, 1).cumprod(axis);
    return before.mul(recurrence(g!, shifted(x, axis, 1, 0), axis));
  }],
});

const LOGCUMSUMEXP = scan("logcumsumexp", "logaddexp", {
  accumulates: true,
  saves: () => ({ inputs: [0], outputs: [0] }),
  // dL/dx[k] = sum_{i>=k} g[i] exp(x[k] - y[i]); all exponents are at most 0, as y never falls
  vjp: ([g], saved) => [() => {
    const { axis } = saved.params, x = saved.input(0), y = saved.output(0);
    if (x.ndim === 0) return g!;
    // Infinities that are equal are no distance apart.
    const next = shifted(y, axis, 1, Infinity), falls = y.sub(next).maskedFill(y.eq(next), 0).exp();
    // NaN where y is infinite, as PyTorch has it.
    return recurrence(g!, falls, axis).mul(x.sub(y).exp());
  }],
});

/** Element `k` is what was element `k + by`; `value` enters. */
function shifted(x: Tensor, axis: number, by: number, value: number): Tensor {
  if (x.numel() === 0) return x;
  if (x.ndim === 0) return x.newFull([], value);
  const margins = new Array<number>(2 * (x.ndim - axis)).fill(0);
  margins[margins.length - 2] = -by;
  margins[margins.length - 1] = by;
  return x.pad(margins, { value });
}

/**
 * `s[k] = g[k] + a[k] s[k + 1]` along `axis`, with nothing behind the end, in
 * log2(n) steps that each double how far an element has looked ahead (Hillis and
 * Steele 1986). Sums and products alone: exact with zeros, differentiable to any order.
 */
function recurrence(g: Tensor, a: Tensor, axis: number): Tensor {
  const extent = g.shape[axis] ?? 1;
  let [sum, factor] = [g, a];
  for (let reach = 1; reach < extent; reach *= 2) {
    sum = sum.add(factor.mul(shifted(sum, axis, reach, 0)));
    factor = factor.mul(shifted(factor, axis, reach, 0));
  }
  return sum;
}

function along(op: KernelOp<ScanParams>, x: Tensor, dim: DimOr<number>): Tensor {
  return x.apply(op, { axis: normalizeAxis(op.name, dim, x.ndim), reverse: false });
}

/**
 * Running sums along `dim`; bool and integers give int64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cumsum, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(cumsum(tensor([1, 2, 3], { device }), 0).tolist(), [1, 3, 6]);
 * ```
 */
export function cumsum(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("cumsum", arguments, "x.");
  return along(CUMSUM, x, dim);
}

/** Running products along `dim`; bool and integers give int64. */
export function cumprod(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("cumprod", arguments, "x.");
  return along(CUMPROD, x, dim);
}

/** Logarithms of running sums of `exp(x)` along `dim`, without overflow. Integers become float32. */
export function logcumsumexp(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("logcumsumexp", arguments, "x.");
  return along(LOGCUMSUMEXP, x, dim);
}

/** {@linkcode cumsum} in the place of `x`. */
export function cumsum_(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("cumsum_", arguments, "x.");
  return inPlaceOf(x, (given) => cumsum(given, dim));
}

/** {@linkcode cumprod} in the place of `x`. */
export function cumprod_(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("cumprod_", arguments, "x.");
  return inPlaceOf(x, (given) => cumprod(given, dim));
}
