/** The elementwise operations as methods. */
import * as activation from "../ops/activation.ts";
import * as binary from "../ops/binary.ts";
import * as cast from "../ops/cast.ts";
import * as comparison from "../ops/comparison.ts";
import * as fill from "../ops/fill.ts";
import * as select from "../ops/select.ts";
import * as unary from "../ops/unary.ts";
import type { DType } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { ReadableTensor } from "./readback.ts";

/** A tensor with elementwise operations; see {@linkcode Tensor}. */
export abstract class ElementwiseTensor extends ReadableTensor {
  /** See {@linkcode clone}. */
  clone(this: Tensor): Tensor {
    return cast.clone(this);
  }

  /** See {@linkcode contiguous}. */
  contiguous(this: Tensor): Tensor {
    return cast.contiguous(this);
  }

  /** See {@linkcode to}. */
  to(this: Tensor, dtype: DType): Tensor {
    return cast.to(this, dtype);
  }

  /** See {@linkcode copy_}. */
  copy_(this: Tensor, source: Tensor): Tensor {
    return cast.copy_(this, source);
  }

  /** Converted to float32; see {@linkcode to}. */
  float(this: Tensor): Tensor {
    return cast.to(this, "float32");
  }

  /** Converted to float64; see {@linkcode to}. */
  double(this: Tensor): Tensor {
    return cast.to(this, "float64");
  }

  /** Converted to int32; see {@linkcode to}. */
  int(this: Tensor): Tensor {
    return cast.to(this, "int32");
  }

  /** Converted to bool; see {@linkcode to}. */
  bool(this: Tensor): Tensor {
    return cast.to(this, "bool");
  }

  /** See {@linkcode fill_}. */
  fill_(this: Tensor, value: number): Tensor {
    return fill.fill_(this, value);
  }

  /** See {@linkcode zero_}. */
  zero_(this: Tensor): Tensor {
    return fill.zero_(this);
  }

  /** See {@linkcode uniform_}. */
  uniform_(this: Tensor, low?: number, high?: number): Tensor {
    return fill.uniform_(this, low, high);
  }

  /** See {@linkcode normal_}. */
  normal_(this: Tensor, mean?: number, std?: number): Tensor {
    return fill.normal_(this, mean, std);
  }

  /** A tensor of one number on this tensor's device, and of its dtype unless given. */
  newFull(this: Tensor, shape: Shape, value: number, dtype: DType = this.dtype): Tensor {
    return this.applyFresh(fill.FULL, { shape, dtype, scalars: [value] });
  }

  /** Zeros on this tensor's device, and of its dtype unless given. */
  newZeros(this: Tensor, shape: Shape, dtype?: DType): Tensor {
    return this.newFull(shape, 0, dtype);
  }

  /** Ones on this tensor's device, and of its dtype unless given. */
  newOnes(this: Tensor, shape: Shape, dtype?: DType): Tensor {
    return this.newFull(shape, 1, dtype);
  }

  /** 0, 1, ... n - 1 on this tensor's device, int32 unless given. */
  newArange(this: Tensor, n: number, dtype: DType = "int32"): Tensor {
    return this.applyFresh(fill.ARANGE, { shape: [n], dtype, scalars: [0, 1] });
  }

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

  /** See {@linkcode add}. */
  add(this: Tensor, other: Tensor | number): Tensor {
    return binary.add(this, other);
  }

  /** See {@linkcode sub}. */
  sub(this: Tensor, other: Tensor | number): Tensor {
    return binary.sub(this, other);
  }

  /** See {@linkcode mul}. */
  mul(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul(this, other);
  }

  /** See {@linkcode div}. */
  div(this: Tensor, other: Tensor | number): Tensor {
    return binary.div(this, other);
  }

  /** See {@linkcode maximum}. */
  maximum(this: Tensor, other: Tensor | number): Tensor {
    return binary.maximum(this, other);
  }

  /** See {@linkcode minimum}. */
  minimum(this: Tensor, other: Tensor | number): Tensor {
    return binary.minimum(this, other);
  }

  /** See {@linkcode pow}. */
  pow(this: Tensor, other: Tensor | number): Tensor {
    return binary.pow(this, other);
  }

  /** See {@linkcode atan2}. */
  atan2(this: Tensor, other: Tensor | number): Tensor {
    return binary.atan2(this, other);
  }

  /** See {@linkcode fmod}. */
  fmod(this: Tensor, other: Tensor | number): Tensor {
    return binary.fmod(this, other);
  }

  /** See {@linkcode remainder}. */
  remainder(this: Tensor, other: Tensor | number): Tensor {
    return binary.remainder(this, other);
  }

  /** See {@linkcode floorDivide}. */
  floorDivide(this: Tensor, other: Tensor | number): Tensor {
    return binary.floorDivide(this, other);
  }

  /** See {@linkcode hypot}. */
  hypot(this: Tensor, other: Tensor | number): Tensor {
    return binary.hypot(this, other);
  }

  /** See {@linkcode logaddexp}. */
  logaddexp(this: Tensor, other: Tensor | number): Tensor {
    return binary.logaddexp(this, other);
  }

  /** See {@linkcode bitwiseAnd}. */
  bitwiseAnd(this: Tensor, other: Tensor | number): Tensor {
    return binary.bitwiseAnd(this, other);
  }

  /** See {@linkcode bitwiseOr}. */
  bitwiseOr(this: Tensor, other: Tensor | number): Tensor {
    return binary.bitwiseOr(this, other);
  }

  /** See {@linkcode bitwiseXor}. */
  bitwiseXor(this: Tensor, other: Tensor | number): Tensor {
    return binary.bitwiseXor(this, other);
  }

  /** See {@linkcode add_}. */
  add_(this: Tensor, other: Tensor | number): Tensor {
    return binary.add_(this, other);
  }

  /** See {@linkcode sub_}. */
  sub_(this: Tensor, other: Tensor | number): Tensor {
    return binary.sub_(this, other);
  }

  /** See {@linkcode mul_}. */
  mul_(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul_(this, other);
  }

  /** See {@linkcode div_}. */
  div_(this: Tensor, other: Tensor | number): Tensor {
    return binary.div_(this, other);
  }

  /** See {@linkcode pow_}. */
  pow_(this: Tensor, other: Tensor | number): Tensor {
    return binary.pow_(this, other);
  }

  /** See {@linkcode remainder_}. */
  remainder_(this: Tensor, other: Tensor | number): Tensor {
    return binary.remainder_(this, other);
  }

  /** See {@linkcode fmod_}. */
  fmod_(this: Tensor, other: Tensor | number): Tensor {
    return binary.fmod_(this, other);
  }

  /** See {@linkcode floorDivide_}. */
  floorDivide_(this: Tensor, other: Tensor | number): Tensor {
    return binary.floorDivide_(this, other);
  }

  /** See {@linkcode eq}. */
  eq(this: Tensor, other: Tensor | number): Tensor {
    return comparison.eq(this, other);
  }

  /** See {@linkcode ne}. */
  ne(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ne(this, other);
  }

  /** See {@linkcode lt}. */
  lt(this: Tensor, other: Tensor | number): Tensor {
    return comparison.lt(this, other);
  }

  /** See {@linkcode le}. */
  le(this: Tensor, other: Tensor | number): Tensor {
    return comparison.le(this, other);
  }

  /** See {@linkcode gt}. */
  gt(this: Tensor, other: Tensor | number): Tensor {
    return comparison.gt(this, other);
  }

  /** See {@linkcode ge}. */
  ge(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ge(this, other);
  }

  /** See {@linkcode logicalAnd}. */
  logicalAnd(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalAnd(this, other);
  }

  /** See {@linkcode logicalOr}. */
  logicalOr(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalOr(this, other);
  }

  /** See {@linkcode logicalXor}. */
  logicalXor(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalXor(this, other);
  }

  /** See {@linkcode logicalNot}. */
  logicalNot(this: Tensor): Tensor {
    return comparison.logicalNot(this);
  }

  /** See {@linkcode isnan}. */
  isnan(this: Tensor): Tensor {
    return comparison.isnan(this);
  }

  /** See {@linkcode isinf}. */
  isinf(this: Tensor): Tensor {
    return comparison.isinf(this);
  }

  /** See {@linkcode isfinite}. */
  isfinite(this: Tensor): Tensor {
    return comparison.isfinite(this);
  }

  /** See {@linkcode where}: this where `condition` holds, else `other`. */
  where(this: Tensor, condition: Tensor, other: Tensor | number): Tensor {
    return select.where(condition, this, other);
  }

  /** See {@linkcode maskedFill}. */
  maskedFill(this: Tensor, mask: Tensor, value: number): Tensor {
    return select.maskedFill(this, mask, value);
  }

  /** See {@linkcode maskedFill_}. */
  maskedFill_(this: Tensor, mask: Tensor, value: number): Tensor {
    return select.maskedFill_(this, mask, value);
  }

  /** See {@linkcode clamp}. */
  clamp(this: Tensor, options: select.ClampOptions): Tensor {
    return select.clamp(this, options);
  }

  /** See {@linkcode clamp_}. */
  clamp_(this: Tensor, options: select.ClampOptions): Tensor {
    return select.clamp_(this, options);
  }

  /** See {@linkcode lerp}. */
  lerp(this: Tensor, end: Tensor, weight: Tensor | number): Tensor {
    return select.lerp(this, end, weight);
  }

  /** See {@linkcode lerp_}. */
  lerp_(this: Tensor, end: Tensor, weight: number): Tensor {
    return select.lerp_(this, end, weight);
  }

  /** See {@linkcode addcmul}. */
  addcmul(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcmul(this, a, b, options);
  }

  /** See {@linkcode addcdiv}. */
  addcdiv(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcdiv(this, a, b, options);
  }

  /** See {@linkcode addcmul_}. */
  addcmul_(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcmul_(this, a, b, options);
  }

  /** See {@linkcode addcdiv_}. */
  addcdiv_(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcdiv_(this, a, b, options);
  }

  /** See {@linkcode nanToNum}. */
  nanToNum(this: Tensor, options?: select.NanToNumOptions): Tensor {
    return select.nanToNum(this, options);
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
  gelu(this: Tensor, options?: activation.GeluOptions): Tensor {
    return activation.gelu(this, options);
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
