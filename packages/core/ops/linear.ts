/** Affine maps of the last axis. */
import type { Op } from "../op.ts";
import { showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkTypes } from "./check_types.ts";
import { addmm, mm } from "./matmul.ts";

const rowsOf = (x: Tensor): Tensor =>
  x.ndim === 2 ? x : x.reshape([sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!]);

/** x [..., k], weight [n, k] and perhaps bias [n] to [..., n]: one node, one matmul. */
function linearOp(gradName: string): Op<null> {
  return {
    name: "linear",
    gradName,
    infer([x, weight, bias]) {
      const [n, k] = weight!.shape;
      const fits = weight!.shape.length === 2 && x!.shape.length > 0 && x!.shape.at(-1) === k;
      if (!fits || (bias && (bias.shape.length !== 1 || bias.shape[0] !== n))) {
        const bias_ = bias ? `, ${showShape(bias.shape)}` : "";
        throw new RangeError(
          `Cannot apply linear() as shapes must be [..., k], [n, k]${bias ? ", [n]" : ""}: ` +
            `current shapes are ${showShape(x!.shape)}, ${showShape(weight!.shape)}${bias_}`,
        );
      }
      checkTypes("linear", x!.dtype, weight!.dtype, ...(bias ? [bias.dtype] : []));
      return [{ shape: [...x!.shape.slice(0, -1), n!], dtype: x!.dtype }];
    },
    composite([x, weight, bias]) {
      const columns = weight!.transpose(0, 1), rows = rowsOf(x!);
      const y = bias ? addmm(bias, rows, columns) : mm(rows, columns);
      return x!.ndim === 2 ? y : y.reshape([...x!.shape.slice(0, -1), weight!.shape[0]!]);
    },
    saves: () => ({ inputs: [0, 1] }),
    vjp([g], saved) {
      const rows = rowsOf(g!);
      return [
        () => mm(rows, saved.input(1)).reshape(saved.spec(0).shape),
        () => mm(rows.transpose(0, 1), rowsOf(saved.input(0))),
        () => rows.sum(0),
      ];
    },
  };
}

const LINEAR: Op<null> = linearOp("mm");
const LINEAR_BIAS: Op<null> = linearOp("addmm");

/**
 * `x @ weight.T + bias`, in one kernel.
 *
 * @param x `[..., k]`
 * @param weight `[n, k]`
 * @param bias `[n]`, or nothing.
 * @returns `[..., n]`
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example One sample, two features, one output
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, linear, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2]], { device }), weight = tensor([[3, 4]], { device });
 * assertEquals(linear(x, weight, tensor([5], { device })).tolist(), [[16]]);
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  return bias ? x.apply(LINEAR_BIAS, null, weight, bias) : x.apply(LINEAR, null, weight);
}

/**
 * `y[..., o] = sum over i, j of a[..., i] * weight[o, i, j] * b[..., j]`, plus bias.
 *
 * @param a `[..., i]`
 * @param b `[..., j]`
 * @param weight `[o, i, j]`
 * @param bias `[o]`, or nothing.
 */
export function bilinear(a: Tensor, b: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const [o, i, j] = weight.shape, lead = a.shape.slice(0, -1);
  if (weight.ndim !== 3 || a.shape.at(-1) !== i || b.shape.at(-1) !== j || sizeOf(lead) !== b.numel / j!) {
    throw new RangeError(
      `Cannot apply bilinear() as shapes must be [..., i], [..., j], [o, i, j]: ` +
        `current shapes are ${[a, b, weight].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  const rows = sizeOf(lead);
  // [rows, o * j], then each row's [o, j] by its b [j, 1].
  using made = new DisposableStack();
  const left = made.use(a.reshape([rows, i!])), right = made.use(b.reshape([rows, j!, 1]));
  const columns = made.use(made.use(weight.permute([1, 0, 2])).reshape([i!, o! * j!]));
  const half = made.use(made.use(mm(left, columns)).reshape([rows, o!, j!]));
  const product = made.use(half.matmul(right));
  return bias ? made.use(product.reshape([...lead, o!])).add(bias) : product.reshape([...lead, o!]);
}
