/** Affine maps of the last axis. */
import { checkTensors } from "../../tensor/check_tensors.ts";
import type { MatmulCall } from "../../backend/kernel_call.ts";
import { body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import { contiguousLayout, type Layout } from "../../layout.ts";
import type { KernelOp } from "../../op.ts";
import { showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { mm } from "./matmul.ts";
import { crosswise, mmTurned, PRODUCT, PRODUCT_AND_SUM } from "./product.ts";
import { viewStrides } from "../shape/reshape.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** All axes but the last as one. */
const rowsOf = (x: Tensor): Tensor =>
  x.ndim === 2 ? x : x.reshape([sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!]);

/** The same as a layout; null where the memory of `x` allows none. */
function rowsLayout(x: Layout): Layout | null {
  const { shape, offset } = x;
  if (shape.length === 2) return { shape, strides: x.strides, offset };
  const rows = [sizeOf(shape.slice(0, -1)), shape.at(-1)!], strides = viewStrides(x, rows);
  return strides && { shape: rows, strides, offset };
}

/** x [..., k], weight [n, k] and perhaps bias [n] to [..., n]: one node, one matmul. */
function linearOp(gradName: string): KernelOp<null> {
  return {
    kind: "kernel",
    name: "linear",
    gradName,
    infer(inputs) {
      const x = inputs[0]!, weight = inputs[1]!, bias = inputs[2];
      const wide = x.shape, n = weight.shape[0], k = weight.shape[1];
      const fits = weight.shape.length === 2 && wide.length > 0 && wide[wide.length - 1] === k;
      if (!fits || (bias && (bias.shape.length !== 1 || bias.shape[0] !== n))) {
        const bias_ = bias ? `, ${showShape(bias.shape)}` : "";
        throw new RangeError(
          `Cannot apply linear() as shapes must be [..., k], [n, k]${bias ? ", [n]" : ""}: ` +
            `current shapes are ${showShape(wide)}, ${showShape(weight.shape)}${bias_}`,
        );
      }
      checkTypes("linear", x.dtype, weight.dtype);
      if (bias) checkTypes("linear", x.dtype, bias.dtype);
      const shape = [...wide];
      shape[shape.length - 1] = n!;
      return [{ shape, dtype: x.dtype }];
    },
    kernel: (inputs) => inputs.length === 3 ? PRODUCT_AND_SUM : PRODUCT,
    arrange(given) {
      const x = given[0]!, weight = given[1]!, bias = given[2], { shape: sizes, strides: steps } = weight;
      const rows = rowsLayout(x)!, n = sizes[0]!;
      const columns = { shape: [sizes[1]!, n], strides: [steps[1]!, steps[0]!], offset: weight.offset };
      const shape = [rows.shape[0]!, n], inputs = [rows, columns];
      if (bias) inputs.push({ shape, strides: [0, bias.strides[0]!], offset: bias.offset });
      return { inputs, output: x.shape.length === 2 ? null : contiguousLayout(shape) };
    },
    saves: crosswise,
    vjp(grads, saved) {
      const rows = rowsOf(grads[0]!);
      return [
        () => {
          const { shape } = saved.spec(0), own = mm(rows, saved.input(1));
          return shape.length === 2 ? own : own.reshape(shape);
        },
        () => mmTurned(rows, rowsOf(saved.input(0)), TURN_LEFT),
        () => rows.sum(0),
      ];
    },
  };
}

const TURN_LEFT = { left: true, right: false } as const;
const LINEAR: KernelOp<null> = linearOp("mm");
const LINEAR_BIAS: KernelOp<null> = linearOp("addmm");

const SUM: e.Expr = e.add(e.input(0), e.input(1));
const PRODUCT_SUM_AND_RELU: MatmulCall = {
  kernel: "matmul",
  epilogue: body(e.where(e.lessEqual(SUM, 0), 0, SUM)),
  scalars: [],
};
/** A gradient where a result of relu() is not 0. */
const MASK: ElementwiseOp = elementwise({
  name: "reluBackward",
  kind: "same",
  expr: e.where(e.lessEqual(e.input(1), 0), 0, e.input(0)),
});

const LINEAR_RELU: KernelOp<null> = {
  ...LINEAR_BIAS,
  name: "linearRelu",
  gradName: "relu",
  kernel: () => PRODUCT_SUM_AND_RELU,
  saves: (params, wants) => ({ ...crosswise(params, wants), outputs: [0] }),
  vjp(grads, saved) {
    // Of all three gradients one and the same.
    let masked: Tensor | null = null;
    const own = (i: number) => () => {
      masked ??= grads[0]!.apply(MASK, NO_SCALARS, saved.output(0));
      return LINEAR_BIAS.vjp!([masked], saved)[i]!();
    };
    return [own(0), own(1), own(2)];
  },
};

/**
 * `relu(x @ weight.T + bias)`, in one kernel: {@linkcode linear} and {@linkcode relu} with their values and gradients.
 *
 * @param x `[..., k]`
 * @param weight `[n, k]`
 * @param bias `[n]`
 * @returns `[..., n]`
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example What is negative is 0
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, linearRelu, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2]], { device }), weight = tensor([[3, 4], [-3, 1]], { device });
 * assertEquals(linearRelu(x, weight, tensor([5, 0], { device })).tolist(), [[16, 0]]);
 * ```
 */
export function linearRelu(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  checkCall("linearRelu", arguments, "xxx");
  if (x.ndim === 2 || x.ndim === 0 || rowsLayout(x) !== null) return x.apply(LINEAR_RELU, null, weight, bias);
  return called("linearRelu", [x, weight, bias], () => {
    const packed = x.contiguous();
    return linearRelu(packed, weight, bias);
  });
}

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
  checkCall("linear", arguments, "xxX");
  if (x?.device !== weight?.device || x === undefined) checkTensors("linear", [x, weight]);
  if (x.ndim !== 2 && x.ndim > 0 && rowsLayout(x) === null) {
    return called("linear", [x, weight, bias], () => {
      const packed = x.contiguous();
      return linear(packed, weight, bias);
    });
  }
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
  checkCall("bilinear", arguments, "xxxX");
  const [o, i, j] = weight.shape, lead = a.shape.slice(0, -1);
  if (weight.ndim !== 3 || a.shape.at(-1) !== i || b.shape.at(-1) !== j || sizeOf(lead) !== b.numel() / j!) {
    throw new RangeError(
      `Cannot apply bilinear() as shapes must be [..., i], [..., j], [o, i, j]: ` +
        `current shapes are ${[a, b, weight].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  checkTypes("bilinear", a.dtype, b.dtype, weight.dtype, ...(bias ? [bias.dtype] : []));
  const rows = sizeOf(lead);
  // [rows, o * j], then each row's [o, j] by its b [j, 1].
  return accumulated([a, b, weight, bias], (a, b, weight, bias) => {
    const left = a.reshape([rows, i!]), right = b.reshape([rows, j!, 1]);
    const columns = weight.permute([1, 0, 2]).reshape([i!, o! * j!]);
    const product = mm(left, columns).reshape([rows, o!, j!]).matmul(right);
    return bias ? product.reshape([...lead, o!]).add(bias) : product.reshape([...lead, o!]);
  }, "bilinear");
}
