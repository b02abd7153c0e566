/** Copies, conversions and new tensors, as methods. */
import type { Device } from "../device.ts";
import type { DType, TypedArray } from "../dtype.ts";
import { checkFits } from "../encode.ts";
import * as cast from "../ops/base/cast.ts";
import * as draws from "../ops/random/draws_in_place.ts";
import * as fill from "../ops/base/fill.ts";
import type { NewTensorOptions } from "../ops/base/new_tensor.ts";
import * as fresh from "../ops/base/new_tensor.ts";
import type { ToOptions, ToTarget } from "../ops/base/to.ts";
import * as move from "../ops/base/to.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBase } from "./base.ts";
import { type NestedArray, ReadableTensor } from "./readback.ts";

/** A tensor that can be copied, converted and overwritten; see {@linkcode Tensor}. */
export abstract class CopyingTensor extends ReadableTensor {
  /** See {@linkcode clone}. */
  clone(this: Tensor): Tensor {
    return cast.clone(this);
  }

  /** See {@linkcode contiguous}. */
  contiguous(this: Tensor): Tensor {
    return cast.contiguous(this);
  }

  /** See {@linkcode to}. */
  to(this: Tensor, target: ToTarget, options?: DType | ToOptions): Tensor {
    return move.to(this, target, options);
  }

  /** See {@linkcode toAsync}. */
  toAsync(this: Tensor, target: ToTarget, options?: DType | ToOptions): Promise<Tensor> {
    return move.toAsync(this, target, options);
  }

  /** Moved to the device named "cpu"; see {@linkcode to}. */
  cpu(this: Tensor): Tensor {
    return move.to(this, "cpu");
  }

  /** A tensor with undefined contents on any device: what a move is made of. */
  abstract emptyOn(device: Device, shape: Shape, dtype: DType): Tensor;

  /** See {@linkcode copy_}. */
  copy_(this: Tensor, source: Tensor | number): Tensor {
    return cast.copy_(this, source);
  }

  /** Converted to float32; see {@linkcode to}. */
  float(this: Tensor): Tensor {
    return cast.cast(this, "float32");
  }

  /** Converted to float64; see {@linkcode to}. */
  double(this: Tensor): Tensor {
    return cast.cast(this, "float64");
  }

  /** Converted to int32; see {@linkcode to}. */
  int(this: Tensor): Tensor {
    return cast.cast(this, "int32");
  }

  /** Converted to float16; see {@linkcode to}. */
  half(this: Tensor): Tensor {
    return cast.cast(this, "float16");
  }

  /** Converted to bfloat16; see {@linkcode to}. */
  bfloat16(this: Tensor): Tensor {
    return cast.cast(this, "bfloat16");
  }

  /** Converted to another dtype; see {@linkcode to}. */
  type(this: Tensor, dtype: DType): Tensor {
    return move.to(this, { dtype });
  }

  /** Converted to the dtype of another tensor, on the device of this one; see {@linkcode to}. */
  typeAs(this: Tensor, other: Tensor): Tensor {
    return cast.cast(this, other.dtype);
  }

  /** Converted to uint8; see {@linkcode to}. */
  byte(this: Tensor): Tensor {
    return cast.cast(this, "uint8");
  }

  /** Converted to int64; see {@linkcode to}. */
  long(this: Tensor): Tensor {
    return cast.cast(this, "int64");
  }

  /** Converted to bool; see {@linkcode to}. */
  bool(this: Tensor): Tensor {
    return cast.cast(this, "bool");
  }

  /** See {@linkcode fill_}. */
  fill_(this: Tensor, value: number | Tensor): Tensor {
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

  /** See {@linkcode bernoulli_}. */
  bernoulli_(this: Tensor, p?: number | Tensor): Tensor {
    return draws.bernoulli_(this, p);
  }

  /** See {@linkcode exponential_}. */
  exponential_(this: Tensor, lambda?: number): Tensor {
    return draws.exponential_(this, lambda);
  }

  /** See {@linkcode geometric_}. */
  geometric_(this: Tensor, p: number): Tensor {
    return draws.geometric_(this, p);
  }

  /** See {@linkcode cauchy_}. */
  cauchy_(this: Tensor, median?: number, sigma?: number): Tensor {
    return draws.cauchy_(this, median, sigma);
  }

  /** See {@linkcode logNormal_}. */
  logNormal_(this: Tensor, mean?: number, std?: number): Tensor {
    return draws.logNormal_(this, mean, std);
  }

  /** A tensor of one number on this tensor's device, and of its dtype unless given. */
  newFull(this: Tensor, shape: Shape, value: number, dtype: DType = this.dtype): Tensor {
    checkFits("apply newFull()", [value], dtype);
    return this.applyFresh(fill.FULL, { shape, dtype, scalars: [value] });
  }

  /** See {@linkcode newTensor}. */
  newTensor(
    this: Tensor,
    data: NestedArray<number | boolean | bigint> | TypedArray | BigInt64Array | TensorBase,
    options?: NewTensorOptions,
  ): Tensor {
    return fresh.newTensor(this, data, options);
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
}
