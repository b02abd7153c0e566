/** Complex numbers as pairs of real ones: the last axis holds real and imaginary part. */
import { embed } from "../ops/shape/embed.ts";
import { stack } from "../ops/shape/cat.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { called } from "../ops/base/called.ts";

/** Refuses what holds no pairs of float32 or float64. */
export function checkComplex(op: string, x: Tensor): void {
  checkReal(op, x);
  if (x.shape.at(-1) !== 2) {
    throw new RangeError(
      `Cannot apply ${op}() as complex numbers must be pairs [..., 2]: current shape is ${
        showShape(x.shape)
      }, ` +
        "make them with fft.complex()",
    );
  }
}

/** Refuses what is not float32 or float64. */
export function checkReal(op: string, x: Tensor): void {
  if (x.dtype !== "float32" && x.dtype !== "float64") {
    throw new TypeError(
      `Cannot apply ${op}() as the dtype must be float32 or float64: current dtype is ${x.dtype}`,
    );
  }
}

/** Complex numbers [..., 2] of their real and imaginary parts [...]; the latter is 0 if not given. */
export function complex(re: Tensor, im?: Tensor): Tensor {
  if (im !== undefined) return stack([re, im], -1);
  return embed(re, [...re.shape, 2], (into) => into.select(-1, 0));
}

/** Complex conjugates: imaginary parts with the other sign. */
export function conj(x: Tensor): Tensor {
  checkComplex("conj", x);
  return called("conj", [x], () => stack([x.select(-1, 0), x.select(-1, 1).neg()], -1));
}

/** Products of complex numbers; shapes broadcast. */
export function mul(x: Tensor, y: Tensor): Tensor {
  checkComplex("mul", x);
  checkComplex("mul", y);
  return called("mul", [x, y], () => {
    const [a, b] = [x.select(-1, 0), x.select(-1, 1)], [c, d] = [y.select(-1, 0), y.select(-1, 1)];
    return stack([a.mul(c).sub(b.mul(d)), a.mul(d).add(b.mul(c))], -1);
  });
}

/** Absolute values of complex numbers: [...]. */
export function abs(x: Tensor): Tensor {
  checkComplex("abs", x);
  return x.norm(2, -1);
}
