/** Special functions, signs and scaling, as methods. */
import * as gamma from "../ops/random/gamma.ts";
import * as scaling from "../ops/pointwise/scaling.ts";
import * as select from "../ops/indexing/select.ts";
import * as sign from "../ops/pointwise/sign.ts";
import * as special from "../ops/pointwise/special.ts";
import type { Tensor } from "../tensor.ts";
import { BitwiseTensor } from "./bitwise.ts";

/** A tensor with special functions, signs and scaling; see {@linkcode Tensor}. */
export abstract class SpecialTensor extends BitwiseTensor {
  /** See {@linkcode lgamma}. */
  lgamma(this: Tensor): Tensor {
    return gamma.lgamma(this);
  }

  /** See {@linkcode lgamma_}. */
  lgamma_(this: Tensor): Tensor {
    return gamma.lgamma_(this);
  }

  /** See {@linkcode digamma}. */
  digamma(this: Tensor): Tensor {
    return gamma.digamma(this);
  }

  /** See {@linkcode digamma_}. */
  digamma_(this: Tensor): Tensor {
    return gamma.digamma_(this);
  }

  /** See {@linkcode polygamma}. */
  polygamma(this: Tensor, n: number): Tensor {
    return gamma.polygamma(n, this);
  }

  /** See {@linkcode polygamma_}. */
  polygamma_(this: Tensor, n: number): Tensor {
    return gamma.polygamma_(this, n);
  }

  /** See {@linkcode mvlgamma}. */
  mvlgamma(this: Tensor, p: number): Tensor {
    return gamma.mvlgamma(this, p);
  }

  /** See {@linkcode mvlgamma_}. */
  mvlgamma_(this: Tensor, p: number): Tensor {
    return gamma.mvlgamma_(this, p);
  }

  /** See {@linkcode erfinv}. */
  erfinv(this: Tensor): Tensor {
    return special.erfinv(this);
  }

  /** See {@linkcode erfinv_}. */
  erfinv_(this: Tensor): Tensor {
    return special.erfinv_(this);
  }

  /** See {@linkcode sinc}. */
  sinc(this: Tensor): Tensor {
    return special.sinc(this);
  }

  /** See {@linkcode sinc_}. */
  sinc_(this: Tensor): Tensor {
    return special.sinc_(this);
  }

  /** See {@linkcode i0}. */
  i0(this: Tensor): Tensor {
    return special.i0(this);
  }

  /** See {@linkcode i0_}. */
  i0_(this: Tensor): Tensor {
    return special.i0_(this);
  }

  /** See {@linkcode logit}. */
  logit(this: Tensor, options: special.LogitOptions = {}): Tensor {
    return special.logit(this, options);
  }

  /** See {@linkcode logit_}. */
  logit_(this: Tensor, options: special.LogitOptions = {}): Tensor {
    return special.logit_(this, options);
  }

  /** See {@linkcode xlogy}. */
  xlogy(this: Tensor, other: Tensor | number): Tensor {
    return special.xlogy(this, other);
  }

  /** See {@linkcode xlogy_}. */
  xlogy_(this: Tensor, other: Tensor | number): Tensor {
    return special.xlogy_(this, other);
  }

  /** See {@linkcode signbit}. */
  signbit(this: Tensor): Tensor {
    return sign.signbit(this);
  }

  /** See {@linkcode positive}. */
  positive(this: Tensor): Tensor {
    return sign.positive(this);
  }

  /** See {@linkcode isposinf}. */
  isposinf(this: Tensor): Tensor {
    return sign.isposinf(this);
  }

  /** See {@linkcode isneginf}. */
  isneginf(this: Tensor): Tensor {
    return sign.isneginf(this);
  }

  /** See {@linkcode isreal}. */
  isreal(this: Tensor): Tensor {
    return sign.isreal(this);
  }

  /** See {@linkcode sgn}. */
  sgn(this: Tensor): Tensor {
    return sign.sgn(this);
  }

  /** See {@linkcode sgn_}. */
  sgn_(this: Tensor): Tensor {
    return sign.sgn_(this);
  }

  /** See {@linkcode frac}. */
  frac(this: Tensor): Tensor {
    return sign.frac(this);
  }

  /** See {@linkcode frac_}. */
  frac_(this: Tensor): Tensor {
    return sign.frac_(this);
  }

  /** See {@linkcode deg2rad}. */
  deg2rad(this: Tensor): Tensor {
    return sign.deg2rad(this);
  }

  /** See {@linkcode deg2rad_}. */
  deg2rad_(this: Tensor): Tensor {
    return sign.deg2rad_(this);
  }

  /** See {@linkcode rad2deg}. */
  rad2deg(this: Tensor): Tensor {
    return sign.rad2deg(this);
  }

  /** See {@linkcode rad2deg_}. */
  rad2deg_(this: Tensor): Tensor {
    return sign.rad2deg_(this);
  }

  /** See {@linkcode copysign}. */
  copysign(this: Tensor, other: Tensor | number): Tensor {
    return sign.copysign(this, other);
  }

  /** See {@linkcode copysign_}. */
  copysign_(this: Tensor, other: Tensor | number): Tensor {
    return sign.copysign_(this, other);
  }

  /** See {@linkcode fmax}. */
  fmax(this: Tensor, other: Tensor | number): Tensor {
    return sign.fmax(this, other);
  }

  /** See {@linkcode fmin}. */
  fmin(this: Tensor, other: Tensor | number): Tensor {
    return sign.fmin(this, other);
  }

  /** See {@linkcode heaviside}. */
  heaviside(this: Tensor, values: Tensor): Tensor {
    return sign.heaviside(this, values);
  }

  /** See {@linkcode heaviside_}. */
  heaviside_(this: Tensor, values: Tensor): Tensor {
    return sign.heaviside_(this, values);
  }

  /** See {@linkcode ldexp}. */
  ldexp(this: Tensor, other: Tensor | number): Tensor {
    return scaling.ldexp(this, other);
  }

  /** See {@linkcode ldexp_}. */
  ldexp_(this: Tensor, other: Tensor | number): Tensor {
    return scaling.ldexp_(this, other);
  }

  /** See {@linkcode logaddexp2}. */
  logaddexp2(this: Tensor, other: Tensor | number): Tensor {
    return scaling.logaddexp2(this, other);
  }

  /** See {@linkcode floatPower}. */
  floatPower(this: Tensor, other: Tensor | number): Tensor {
    return scaling.floatPower(this, other);
  }

  /** See {@linkcode floatPower_}. */
  floatPower_(this: Tensor, other: Tensor | number): Tensor {
    return scaling.floatPower_(this, other);
  }

  /** See {@linkcode nextafter}. */
  nextafter(this: Tensor, other: Tensor): Tensor {
    return scaling.nextafter(this, other);
  }

  /** See {@linkcode nextafter_}. */
  nextafter_(this: Tensor, other: Tensor): Tensor {
    return scaling.nextafter_(this, other);
  }

  /** See {@linkcode frexp}. */
  frexp(this: Tensor): scaling.FrexpResult {
    return scaling.frexp(this);
  }

  /** See {@linkcode nanToNum_}. */
  nanToNum_(this: Tensor, options: select.NanToNumOptions = {}): Tensor {
    return select.nanToNum_(this, options);
  }
}
