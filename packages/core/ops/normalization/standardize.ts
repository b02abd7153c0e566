/** The form that batch and layer normalization share: mean 0 and variance 1 over some axes, then a weight and a bias. */
import type { FusedCall } from "../../backend/kernel_call.ts";
import { computeType } from "../../dtype.ts";
import type { FusedOp, TensorSpec } from "../../op.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** Run-time arguments. */
export interface StandardizeParams {
  /** Added to the variance. */
  readonly eps: number;
  /** Whether there are a weight and a bias. */
  readonly affine: boolean;
}

/** What is standardised. */
export interface StandardizeDefinition {
  readonly name: string;
  readonly gradName: string;
  readonly kernel: (eps: number) => FusedCall;
  readonly gradKernel: FusedCall;
  /** Mean and variance are taken over these axes of the input ... */
  readonly axes: readonly number[];
  /** ... and there is one of each for each position along this axis. */
  readonly statAxis: number;
  /** There is a weight and a bias for each position along this axis. */
  readonly affineAxis: number;
}

/** 1 along all axes but one. */
const alone = (shape: Shape, axis: number): number[] => shape.map((n, i) => i === axis ? n : 1);

/**
 * x and, both or neither, weight and bias to y, the means, and
 * 1 / sqrt(biased variance + eps), with a gradient that can be differentiated again.
 */
export function standardize(definition: StandardizeDefinition): FusedOp<StandardizeParams> {
  const { name, gradName, kernel, gradKernel, axes, statAxis, affineAxis } = definition;
  // What is brought together is not rounded to 16 bits.
  const one = (spec: TensorSpec, axis: number): TensorSpec => ({
    shape: [spec.shape[axis]!],
    dtype: computeType(spec.dtype),
  });
  const others = (x: Tensor) => x.shape.flatMap((_, i) => i === affineAxis ? [] : [i]);

  const statistics = (x: Tensor, eps: number): readonly [Tensor, Tensor] => {
    const mean = x.mean(axes, { keepdim: true });
    return [mean, x.sub(mean).square().mean(axes, { keepdim: true }).add(eps).rsqrt()];
  };

  /** g, x, mean, invStd and perhaps weight to the gradients of x, weight and bias. */
  const grad: FusedOp<StandardizeParams> = {
    kind: "fused",
    name: `${name}Grad`,
    infer: ([, x]) => [x!, one(x!, affineAxis), one(x!, affineAxis)],
    kernel: () => gradKernel,
    composite([g, x, mean, invStd, weight], { eps }) {
      const along = alone(x!.shape, statAxis);
      // Where x is differentiated, so are its mean and its variance.
      const [center, scale] = x!.requiresGrad
        ? statistics(x!, eps)
        : [mean!.reshape(along), invStd!.reshape(along)];
      const unit = x!.sub(center).mul(scale);
      const h = weight ? g!.mul(weight.reshape(alone(x!.shape, affineAxis))) : g!;
      const about = h.mean(axes, { keepdim: true });
      const slope = h.mul(unit).mean(axes, { keepdim: true });
      return [
        h.sub(about).sub(unit.mul(slope)).mul(scale),
        g!.mul(unit).sum(others(x!)),
        g!.sum(others(x!)),
      ];
    },
  };

  return {
    kind: "fused",
    name,
    gradName,
    infer: ([x]) => [x!, one(x!, statAxis), one(x!, statAxis)],
    kernel: (_inputs, _outputs, { eps }) => kernel(eps),
    composite([x, weight, bias], { eps }) {
      const [mean, invStd] = statistics(x!, eps);
      const unit = x!.sub(mean).mul(invStd), affine = alone(x!.shape, affineAxis);
      const y = weight ? unit.mul(weight.reshape(affine)).add(bias!.reshape(affine)) : unit;
      return [y, mean.reshape([-1]), invStd.reshape([-1])];
    },
    saves: ({ affine }) => ({ inputs: affine ? [0, 1] : [0], outputs: [1, 2] }),
    readsGradsOf: 1,
    vjp([g], saved) {
      let all: readonly Tensor[] | null = null;
      const grads = () => {
        const rest = [saved.input(0), saved.output(1), saved.output(2)];
        if (saved.params.affine) rest.push(saved.input(1));
        return all ??= g!.applyAll(grad, saved.params, ...rest);
      };
      return [() => grads()[0]!, () => grads()[1]!, () => grads()[2]!];
    },
  };
}
