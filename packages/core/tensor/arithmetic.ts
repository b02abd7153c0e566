/** Operations of two operands, as methods. */
import * as binary from "../ops/pointwise/binary.ts";
import * as comparison from "../ops/pointwise/comparison.ts";
import * as clamping from "../ops/pointwise/clamp.ts";
import * as select from "../ops/indexing/select.ts";
import type { Tensor } from "../tensor.ts";
import { CopyingTensor } from "./copying.ts";

/** A tensor with arithmetic, comparisons and choices; see {@linkcode Tensor}. */
export abstract class ArithmeticTensor extends CopyingTensor {
  /** See {@linkcode add}. */
  add(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.add(this, other, options);
  }

  /** See {@linkcode sub}. */
  sub(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.sub(this, other, options);
  }

  /** See {@linkcode mul}. */
  mul(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul(this, other);
  }

  /** See {@linkcode div}. */
  div(this: Tensor, other: Tensor | number, options?: binary.DivOptions): Tensor {
    return binary.div(this, other, options);
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

  /** See {@linkcode add_}. */
  add_(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.add_(this, other, options);
  }

  /** See {@linkcode sub_}. */
  sub_(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.sub_(this, other, options);
  }

  /** See {@linkcode mul_}. */
  mul_(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul_(this, other);
  }

  /** See {@linkcode div_}. */
  div_(this: Tensor, other: Tensor | number, options?: binary.DivOptions): Tensor {
    return binary.div_(this, other, options);
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

  /** See {@linkcode clamp}. */
  clamp(this: Tensor, options: clamping.ClampOptions): Tensor {
    return clamping.clamp(this, options);
  }

  /** See {@linkcode clamp_}. */
  clamp_(this: Tensor, options: clamping.ClampOptions): Tensor {
    return clamping.clamp_(this, options);
  }

  /** See {@linkcode lerp}. */
  lerp(this: Tensor, end: Tensor, weight: Tensor | number): Tensor {
    return select.lerp(this, end, weight);
  }

  /** See {@linkcode lerp_}. */
  lerp_(this: Tensor, end: Tensor, weight: Tensor | number): Tensor {
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
}
