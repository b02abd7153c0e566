/** Gradients against finite differences. */
import { fromTypedArray, type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions, showShape } from "@troodon/core/kernel";
import { grad } from "./grad.ts";
import { enableGrad, noGrad } from "./mode.ts";
import { requireGrad } from "./tape.ts";

/** Options of {@linkcode gradcheck} and {@linkcode gradgradcheck}. */
export interface GradcheckOptions {
  /** Half the width of the central difference; 1e-6 by default. */
  readonly eps?: number;
  /** Largest difference. */
  readonly atol?: number;
  /** Largest difference as a fraction of the numeric value, beside `atol`. */
  readonly rtol?: number;
  /**
   * Compares one directional derivative for each input in place of every element; false by default. Takes a fraction of the
   * time, and errors then name the input alone.
   */
  readonly fastMode?: boolean;
}
const GRADCHECK_OPTIONS: OptionKeys<GradcheckOptions> = { eps: true, atol: true, rtol: true, fastMode: true };

const listOf = (x: Tensor | readonly Tensor[]): readonly Tensor[] => Array.isArray(x) ? x : [x as Tensor];

/** Numbers in [0.5, 1.5) without a pattern: each output element weighs differently. */
function weight(i: number): number {
  return 0.5 + (((i + 1) * 0.6180339887498949) % 1);
}

function weightsLike(t: Tensor, salt: number): Tensor {
  const values = Float64Array.from({ length: t.numel() }, (_, i) => weight(i + 7919 * salt));
  return fromTypedArray(values, t.shape, { device: t.device, dtype: t.dtype });
}

/** The floating results that have a gradient, if anything before has. */
function weighed(outputs: readonly Tensor[], used: readonly boolean[]): number {
  let sum = 0;
  outputs.forEach((y, n) => {
    if (used[n]) y.dataSync().forEach((v, i) => sum += Number(v) * weight(i + 7919 * n));
  });
  return sum;
}

/** A vector of length near 1, without a pattern and without zeros. */
function directionOf(length: number): Float64Array {
  const sign = (i: number) => (i * 0.7548776662466927) % 1 < 0.5 ? -1 : 1;
  return Float64Array.from({ length }, (_, i) => sign(i) * weight(3 * i) / Math.sqrt(length));
}

function at(shape: readonly number[], flat: number): string {
  const position = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return showShape(position);
}

/**
 * Compares the gradients of `f` with central differences: each element of each
 * input, against a weighted sum of all results, so that every entry of the
 * Jacobian counts; with `fastMode` one direction of each input. `f` must always return the same for the same values.
 *
 * @param inputs float64 tensors of any layout on a device that reads synchronously;
 * others are passed on and not differentiated.
 * @returns Nothing; a RangeError names the first element that is off.
 *
 * @example A rule that is right
 * ```ts
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { gradcheck } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * gradcheck((x) => x.sin().mul(x), [tensor([0.3, 1.2], { device, dtype: "float64" })]);
 * ```
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  checkCall("gradcheck", arguments, "fl.");
  options = readOptions("gradcheck()", options, GRADCHECK_OPTIONS);
  check("gradcheck", f, inputs, options);
}

/**
 * {@linkcode gradcheck} of the gradient of `f`: its derivatives by the inputs and
 * by the gradients of the results.
 */
export function gradgradcheck(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  checkCall("gradgradcheck", arguments, "fl.");
  options = readOptions("gradgradcheck()", options, GRADCHECK_OPTIONS);
  const { used, shown } = tidySync(() => {
    const own = inputs.map(leafOf), outputs = enableGrad(() => listOf(f(...own)));
    const used = outputs.map((y) => y.requiresGrad);
    return { used, shown: outputs.filter((_, i) => used[i]).map(weightsLike) };
  });
  if (shown.length === 0) return;
  const count = inputs.length;
  const gradient = (...all: Tensor[]): Tensor[] => {
    const own = all.slice(0, count), gradOutputs = all.slice(count);
    // Of inputs that the difference moves, but that the check does not record, one differentiates all the same.
    const leaves = own.map((t) => t.dtype === "float64" ? requireGrad(t) : t);
    const outputs = enableGrad(() => listOf(f(...leaves))).filter((_, i) => used[i]);
    const found = grad(outputs, leaves.filter((t) => t.requiresGrad), {
      gradOutputs,
      createGraph: true,
      allowUnused: true,
    });
    return found.filter((g) => g !== null);
  };
  try {
    check("gradgradcheck", gradient, [...inputs, ...shown], options);
  } finally {
    for (const t of shown) t.dispose();
  }
}

const leafOf = (t: Tensor): Tensor => t.dtype === "float64" ? requireGrad(t.detach()) : t.detach();

function check(
  name: string,
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  { eps = 1e-6, atol = 1e-6, rtol = 1e-5, fastMode = false }: GradcheckOptions,
): void {
  if (!inputs.some((t) => t.dtype === "float64")) {
    throw new TypeError(`Cannot apply ${name}() as one input must be float64: there is none`);
  }
  const { used, analytic } = tidySync(() => analyze(f, inputs));
  const valueAt = (number: number, values: Float64Array) =>
    tidySync(() => {
      const moved = inputs.map((t, n) =>
        n === number ? fromTypedArray(values, t.shape, { device: t.device }) : t.detach()
      );
      return weighed(noGrad(() => listOf(f(...moved))), used);
    });
  inputs.forEach((x, number) => {
    if (x.dtype !== "float64") return;
    const gradient = analytic[number], values = Float64Array.from(x.dataSync());
    const compare = (place: string, direction: Float64Array) => {
      const moved = (by: number) => valueAt(number, values.map((v, i) => v + by * direction[i]!));
      const numeric = (moved(eps) - moved(-eps)) / (2 * eps);
      // An element that is not moved must not count, even if its gradient is NaN.
      const exact = gradient?.reduce((sum, g, i) => direction[i] === 0 ? sum : sum + g * direction[i]!, 0) ??
        0;
      if (!(Math.abs(exact - numeric) <= atol + rtol * Math.abs(numeric))) {
        throw new RangeError(
          `${name}() failed as the gradients of input ${number} ${place} differ: ` +
            `analytic ${exact}, numeric ${numeric}`,
        );
      }
    };
    if (fastMode) return compare("along a direction", directionOf(values.length));
    for (let i = 0; i < values.length; i++) {
      compare(`at ${at(x.shape, i)}`, Float64Array.from(values, (_, k) => k === i ? 1 : 0));
    }
  });
}

/** The values of the gradients of the weighted sum of the results, and which results it is made of. */
function analyze(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
): { used: boolean[]; analytic: (Float64Array | null)[] } {
  const own = inputs.map(leafOf), outputs = enableGrad(() => listOf(f(...own)));
  const used = outputs.map((y) => y.requiresGrad);
  const roots = outputs.filter((_, i) => used[i]), leaves = own.filter((t) => t.requiresGrad);
  if (roots.length === 0) return { used, analytic: inputs.map(() => null) };
  const seeds = outputs.flatMap((y, n) => used[n] ? [weightsLike(y, n)] : []);
  const found = grad(roots, leaves, { gradOutputs: seeds, allowUnused: true });
  const valuesOf = (g: Tensor | null | undefined) => g ? Float64Array.from(g.dataSync(), Number) : null;
  let at = 0;
  return { used, analytic: own.map((t) => t.requiresGrad ? valuesOf(found[at++]) : null) };
}
