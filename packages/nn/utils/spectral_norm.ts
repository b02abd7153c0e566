/** Weights divided by their largest singular value. */
import { noGrad } from "@troodon/autograd";
import { normalize, randn, type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { TransposedConvolution } from "../layers/convolution.ts";
import type { AnyModule } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { derive, parameterOf, settle } from "./derived.ts";
import { checkModule } from "../check_module.ts";

/** Options of {@linkcode spectralNorm}. */
export interface SpectralNormOptions {
  /** The field; "weight" by default. */
  readonly name?: string;
  /** Steps of the power method each time the field is read while training; 1 by default. */
  readonly nPowerIterations?: number;
  /** The least that norms count as; 1e-12 by default. */
  readonly eps?: number;
  /** The axis of the outputs; 1 for transposed convolutions, else 0 by default. */
  readonly dim?: number;
}
const SPECTRAL_NORM_OPTIONS: OptionKeys<SpectralNormOptions> = {
  name: true,
  nPowerIterations: true,
  eps: true,
  dim: true,
};

/**
 * Divides a parameter by its largest singular value, found by the power method (Miyato et al. 2018,
 * arXiv:1802.05957): `weight_orig`, and the buffers `weight_u` and `weight_v`, in the state; the field is calculated
 * whenever it is read.
 *
 * @returns `module`
 * @throws {TypeError} If the field holds no parameter.
 */
export function spectralNorm<M extends AnyModule>(module: M, options: SpectralNormOptions = {}): M {
  checkCall("spectralNorm", arguments, "..");
  checkModule("spectralNorm", module);
  options = readOptions("spectralNorm()", options, SPECTRAL_NORM_OPTIONS);
  const { name = "weight", nPowerIterations = 1, eps = 1e-12 } = options;
  const { dim = module instanceof TransposedConvolution ? 1 : 0 } = options;
  const original = parameterOf("spectralNorm", module, name);
  const unit = (x: Tensor) => normalize(x, { dim: 0, eps });
  const matrixOf = (weight: Tensor) => weight.movedim(dim, 0).reshape([weight.shape[dim]!, -1]);
  const [u, v] = tidySync(() => {
    using _ = noGrad();
    const { device, dtype } = original;
    return matrixOf(original).shape.map((n) => unit(randn([n], { device, dtype })));
  }) as [Tensor, Tensor];
  derive(module, name, (fields, training) =>
    tidySync(() => {
      const original = fields[`${name}Orig`]!, u = fields[`${name}U`]!, v = fields[`${name}V`]!;
      const matrix = matrixOf(original);
      // The tape keeps these, and not the buffers, which go on changing.
      const [left, right] = training ? improved(matrix, u, v, nPowerIterations, unit) : [u, v];
      return original.div(left.dot(matrix.mv(right)));
    }));
  settle(module, `${name}Orig`, original);
  Object.assign(module, { [`${name}U`]: u, [`${name}V`]: v });
  for (const part of ["U", "V"]) module.registerBuffer(name + part);
  return module;
}

/** Better singular vectors, which the buffers `u` and `v` hold then, too. */
function improved(
  matrix: Tensor,
  u: Tensor,
  v: Tensor,
  iterations: number,
  unit: (x: Tensor) => Tensor,
): readonly [Tensor, Tensor] {
  using _ = noGrad();
  let [left, right] = [u.clone(), v.clone()];
  for (let i = 0; i < iterations; i++) {
    right = unit(matrix.transpose(0, 1).mv(left));
    left = unit(matrix.mv(right));
  }
  u.copy_(left);
  v.copy_(right);
  return [left, right];
}

/** Makes what {@linkcode spectralNorm} replaced a parameter again, with the value it has; returns `module`. */
export function removeSpectralNorm<M extends AnyModule>(module: M, name = "weight"): M {
  checkCall("removeSpectralNorm", arguments, ".T");
  checkModule("removeSpectralNorm", module);
  const fields = module as unknown as Record<string, Tensor>;
  const original = parameterOf("removeSpectralNorm", module, `${name}Orig`), training = module.training;
  using _ = noGrad();
  module.training = false;
  const value = tidySync(() => new Parameter(fields[name]!));
  module.training = training;
  for (const part of ["U", "V"]) {
    module.unregisterBuffer(name + part);
    fields[name + part]!.dispose();
    delete fields[name + part];
  }
  delete fields[`${name}Orig`];
  settle(module, name, value);
  original.dispose();
  return module;
}
