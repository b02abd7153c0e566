/** Functions of one and two operands in the place of a tensor, and bits, as methods. */
import * as bits from "../ops/pointwise/bits.ts";
import * as comparison from "../ops/pointwise/comparison.ts";
import * as inPlace from "../ops/pointwise/unary_in_place.ts";
import type { Tensor } from "../tensor.ts";
import { ElementwiseTensor } from "./elementwise.ts";

/** A tensor with bits, and with more functions and comparisons in place; see {@linkcode Tensor}. */
export abstract class BitwiseTensor extends ElementwiseTensor {
  /** See {@linkcode exp2_}. */
  exp2_(this: Tensor): Tensor {
    return inPlace.exp2_(this);
  }

  /** See {@linkcode expm1_}. */
  expm1_(this: Tensor): Tensor {
    return inPlace.expm1_(this);
  }

  /** See {@linkcode log2_}. */
  log2_(this: Tensor): Tensor {
    return inPlace.log2_(this);
  }

  /** See {@linkcode log10_}. */
  log10_(this: Tensor): Tensor {
    return inPlace.log10_(this);
  }

  /** See {@linkcode log1p_}. */
  log1p_(this: Tensor): Tensor {
    return inPlace.log1p_(this);
  }

  /** See {@linkcode tan_}. */
  tan_(this: Tensor): Tensor {
    return inPlace.tan_(this);
  }

  /** See {@linkcode asin_}. */
  asin_(this: Tensor): Tensor {
    return inPlace.asin_(this);
  }

  /** See {@linkcode acos_}. */
  acos_(this: Tensor): Tensor {
    return inPlace.acos_(this);
  }

  /** See {@linkcode atan_}. */
  atan_(this: Tensor): Tensor {
    return inPlace.atan_(this);
  }

  /** See {@linkcode sinh_}. */
  sinh_(this: Tensor): Tensor {
    return inPlace.sinh_(this);
  }

  /** See {@linkcode cosh_}. */
  cosh_(this: Tensor): Tensor {
    return inPlace.cosh_(this);
  }

  /** See {@linkcode asinh_}. */
  asinh_(this: Tensor): Tensor {
    return inPlace.asinh_(this);
  }

  /** See {@linkcode acosh_}. */
  acosh_(this: Tensor): Tensor {
    return inPlace.acosh_(this);
  }

  /** See {@linkcode atanh_}. */
  atanh_(this: Tensor): Tensor {
    return inPlace.atanh_(this);
  }

  /** See {@linkcode erfc_}. */
  erfc_(this: Tensor): Tensor {
    return inPlace.erfc_(this);
  }

  /** See {@linkcode atan2_}. */
  atan2_(this: Tensor, other: Tensor | number): Tensor {
    return inPlace.atan2_(this, other);
  }

  /** See {@linkcode hypot_}. */
  hypot_(this: Tensor, other: Tensor | number): Tensor {
    return inPlace.hypot_(this, other);
  }

  /** See {@linkcode bitwiseAnd}. */
  bitwiseAnd(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseAnd(this, other);
  }

  /** See {@linkcode bitwiseAnd_}. */
  bitwiseAnd_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseAnd_(this, other);
  }

  /** See {@linkcode bitwiseOr}. */
  bitwiseOr(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseOr(this, other);
  }

  /** See {@linkcode bitwiseOr_}. */
  bitwiseOr_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseOr_(this, other);
  }

  /** See {@linkcode bitwiseXor}. */
  bitwiseXor(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseXor(this, other);
  }

  /** See {@linkcode bitwiseXor_}. */
  bitwiseXor_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseXor_(this, other);
  }

  /** See {@linkcode bitwiseLeftShift}. */
  bitwiseLeftShift(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseLeftShift(this, other);
  }

  /** See {@linkcode bitwiseLeftShift_}. */
  bitwiseLeftShift_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseLeftShift_(this, other);
  }

  /** See {@linkcode bitwiseRightShift}. */
  bitwiseRightShift(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseRightShift(this, other);
  }

  /** See {@linkcode bitwiseRightShift_}. */
  bitwiseRightShift_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseRightShift_(this, other);
  }

  /** See {@linkcode gcd}. */
  gcd(this: Tensor, other: Tensor | number): Tensor {
    return bits.gcd(this, other);
  }

  /** See {@linkcode gcd_}. */
  gcd_(this: Tensor, other: Tensor | number): Tensor {
    return bits.gcd_(this, other);
  }

  /** See {@linkcode lcm}. */
  lcm(this: Tensor, other: Tensor | number): Tensor {
    return bits.lcm(this, other);
  }

  /** See {@linkcode lcm_}. */
  lcm_(this: Tensor, other: Tensor | number): Tensor {
    return bits.lcm_(this, other);
  }

  /** See {@linkcode bitwiseNot}. */
  bitwiseNot(this: Tensor): Tensor {
    return bits.bitwiseNot(this);
  }

  /** See {@linkcode bitwiseNot_}. */
  bitwiseNot_(this: Tensor): Tensor {
    return bits.bitwiseNot_(this);
  }

  /** See {@linkcode eq_}. */
  eq_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.eq_(this, other);
  }

  /** See {@linkcode ne_}. */
  ne_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ne_(this, other);
  }

  /** See {@linkcode lt_}. */
  lt_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.lt_(this, other);
  }

  /** See {@linkcode le_}. */
  le_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.le_(this, other);
  }

  /** See {@linkcode gt_}. */
  gt_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.gt_(this, other);
  }

  /** See {@linkcode ge_}. */
  ge_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ge_(this, other);
  }

  /** See {@linkcode logicalAnd_}. */
  logicalAnd_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalAnd_(this, other);
  }

  /** See {@linkcode logicalOr_}. */
  logicalOr_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalOr_(this, other);
  }

  /** See {@linkcode logicalXor_}. */
  logicalXor_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalXor_(this, other);
  }

  /** See {@linkcode logicalNot_}. */
  logicalNot_(this: Tensor): Tensor {
    return comparison.logicalNot_(this);
  }
}
