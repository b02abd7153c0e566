/** Functions of one operand, as methods. */
import * as activation from "../ops/pointwise/activation.ts";
import * as gelus from "../ops/pointwise/gelu.ts";
import * as unary from "../ops/pointwise/unary.ts";
import type { Tensor } from "../tensor.ts";
import { ArithmeticTensor } from "./arithmetic.ts";

/** A tensor with elementwise functions; see {@linkcode Tensor}. */
export abstract class ElementwiseTensor extends ArithmeticTensor {
  /** See {@linkcode exp}. */
  exp(this: Tensor): Tensor {
    return unary.exp(this);
  }

  /** See {@linkcode exp2}. */
  exp2(this: Tensor): Tensor {
    return unary.exp2(this);
  }

  /** See {@linkcode expm1}. */
  expm1(this: Tensor): Tensor {
    return unary.expm1(this);
  }

  /** See {@linkcode log}. */
  log(this: Tensor): Tensor {
    return unary.log(this);
  }

  /** See {@linkcode log2}. */
  log2(this: Tensor): Tensor {
    return unary.log2(this);
  }

  /** See {@linkcode log10}. */
  log10(this: Tensor): Tensor {
    return unary.log10(this);
  }

  /** See {@linkcode log1p}. */
  log1p(this: Tensor): Tensor {
    return unary.log1p(this);
  }

  /** See {@linkcode sqrt}. */
  sqrt(this: Tensor): Tensor {
    return unary.sqrt(this);
  }

  /** See {@linkcode rsqrt}. */
  rsqrt(this: Tensor): Tensor {
    return unary.rsqrt(this);
  }

  /** See {@linkcode reciprocal}. */
  reciprocal(this: Tensor): Tensor {
    return unary.reciprocal(this);
  }

  /** See {@linkcode sin}. */
  sin(this: Tensor): Tensor {
    return unary.sin(this);
  }

  /** See {@linkcode cos}. */
  cos(this: Tensor): Tensor {
    return unary.cos(this);
  }

  /** See {@linkcode tan}. */
  tan(this: Tensor): Tensor {
    return unary.tan(this);
  }

  /** See {@linkcode asin}. */
  asin(this: Tensor): Tensor {
    return unary.asin(this);
  }

  /** See {@linkcode acos}. */
  acos(this: Tensor): Tensor {
    return unary.acos(this);
  }

  /** See {@linkcode atan}. */
  atan(this: Tensor): Tensor {
    return unary.atan(this);
  }

  /** See {@linkcode sinh}. */
  sinh(this: Tensor): Tensor {
    return unary.sinh(this);
  }

  /** See {@linkcode cosh}. */
  cosh(this: Tensor): Tensor {
    return unary.cosh(this);
  }

  /** See {@linkcode tanh}. */
  tanh(this: Tensor): Tensor {
    return unary.tanh(this);
  }

  /** See {@linkcode asinh}. */
  asinh(this: Tensor): Tensor {
    return unary.asinh(this);
  }

  /** See {@linkcode acosh}. */
  acosh(this: Tensor): Tensor {
    return unary.acosh(this);
  }

  /** See {@linkcode atanh}. */
  atanh(this: Tensor): Tensor {
    return unary.atanh(this);
  }

  /** See {@linkcode sigmoid}. */
  sigmoid(this: Tensor): Tensor {
    return unary.sigmoid(this);
  }

  /** See {@linkcode erf}. */
  erf(this: Tensor): Tensor {
    return unary.erf(this);
  }

  /** See {@linkcode erfc}. */
  erfc(this: Tensor): Tensor {
    return unary.erfc(this);
  }

  /** See {@linkcode neg}. */
  neg(this: Tensor): Tensor {
    return unary.neg(this);
  }

  /** See {@linkcode abs}. */
  abs(this: Tensor): Tensor {
    return unary.abs(this);
  }

  /** See {@linkcode sign}. */
  sign(this: Tensor): Tensor {
    return unary.sign(this);
  }

  /** See {@linkcode floor}. */
  floor(this: Tensor): Tensor {
    return unary.floor(this);
  }

  /** See {@linkcode ceil}. */
  ceil(this: Tensor): Tensor {
    return unary.ceil(this);
  }

  /** See {@linkcode round}. */
  round(this: Tensor): Tensor {
    return unary.round(this);
  }

  /** See {@linkcode trunc}. */
  trunc(this: Tensor): Tensor {
    return unary.trunc(this);
  }

  /** See {@linkcode square}. */
  square(this: Tensor): Tensor {
    return unary.square(this);
  }

  /** See {@linkcode exp_}. */
  exp_(this: Tensor): Tensor {
    return unary.exp_(this);
  }

  /** See {@linkcode sqrt_}. */
  sqrt_(this: Tensor): Tensor {
    return unary.sqrt_(this);
  }

  /** See {@linkcode reciprocal_}. */
  reciprocal_(this: Tensor): Tensor {
    return unary.reciprocal_(this);
  }

  /** See {@linkcode tanh_}. */
  tanh_(this: Tensor): Tensor {
    return unary.tanh_(this);
  }

  /** See {@linkcode sigmoid_}. */
  sigmoid_(this: Tensor): Tensor {
    return unary.sigmoid_(this);
  }

  /** See {@linkcode neg_}. */
  neg_(this: Tensor): Tensor {
    return unary.neg_(this);
  }

  /** See {@linkcode abs_}. */
  abs_(this: Tensor): Tensor {
    return unary.abs_(this);
  }

  /** See {@linkcode floor_}. */
  floor_(this: Tensor): Tensor {
    return unary.floor_(this);
  }

  /** See {@linkcode ceil_}. */
  ceil_(this: Tensor): Tensor {
    return unary.ceil_(this);
  }

  /** See {@linkcode round_}. */
  round_(this: Tensor): Tensor {
    return unary.round_(this);
  }

  /** See {@linkcode square_}. */
  square_(this: Tensor): Tensor {
    return unary.square_(this);
  }

  /** See {@linkcode log_}. */
  log_(this: Tensor): Tensor {
    return unary.log_(this);
  }

  /** See {@linkcode sin_}. */
  sin_(this: Tensor): Tensor {
    return unary.sin_(this);
  }

  /** See {@linkcode cos_}. */
  cos_(this: Tensor): Tensor {
    return unary.cos_(this);
  }

  /** See {@linkcode rsqrt_}. */
  rsqrt_(this: Tensor): Tensor {
    return unary.rsqrt_(this);
  }

  /** See {@linkcode trunc_}. */
  trunc_(this: Tensor): Tensor {
    return unary.trunc_(this);
  }

  /** See {@linkcode sign_}. */
  sign_(this: Tensor): Tensor {
    return unary.sign_(this);
  }

  /** See {@linkcode erf_}. */
  erf_(this: Tensor): Tensor {
    return unary.erf_(this);
  }

  /** See {@linkcode relu}. */
  relu(this: Tensor): Tensor {
    return activation.relu(this);
  }

  /** See {@linkcode relu_}. */
  relu_(this: Tensor): Tensor {
    return activation.relu_(this);
  }

  /** See {@linkcode gelu}. */
  gelu(this: Tensor, options?: gelus.GeluOptions): Tensor {
    return gelus.gelu(this, options);
  }

  /** See {@linkcode silu}. */
  silu(this: Tensor): Tensor {
    return activation.silu(this);
  }

  /** See {@linkcode softplus}. */
  softplus(this: Tensor, options?: activation.SoftplusOptions): Tensor {
    return activation.softplus(this, options);
  }

  /** See {@linkcode leakyRelu}. */
  leakyRelu(this: Tensor, options?: activation.LeakyReluOptions): Tensor {
    return activation.leakyRelu(this, options);
  }

  /** See {@linkcode logsigmoid}. */
  logsigmoid(this: Tensor): Tensor {
    return activation.logsigmoid(this);
  }
}
