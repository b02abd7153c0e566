/** The tensor: a table of contents of what can be done with one, a line a method. */
import { isOptionsOrDType, shapeThen, type Sizes, type SizesThen } from "./call_forms.ts";
import type { DimOr } from "./dim_then.ts";
import type { Device } from "./device.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { currentFlow } from "./flow.ts";
import { contiguousLayout, type Layout } from "./layout.ts";
import { bytesOn } from "./limits.ts";
import * as linalg from "./linalg/mod.ts";
import type { CholeskyOptions, RankOptions, SlogdetResult } from "./linalg/mod.ts";
import type { KernelOp } from "./op.ts";
import * as cast from "./ops/base/cast.ts";
import * as fill from "./ops/base/fill.ts";
import * as uniform from "./ops/base/uniform.ts";
import * as newTensor from "./ops/base/new_tensor.ts";
import type { NewTensorOptions } from "./ops/base/new_tensor.ts";
import * as moves from "./ops/base/to.ts";
import type { ToOptions, ToTarget } from "./ops/base/to.ts";
import * as atIndex from "./ops/indexing/at.ts";
import * as gather from "./ops/indexing/gather.ts";
import type { Index } from "./ops/indexing/index.ts";
import * as indexAlong from "./ops/indexing/index_along.ts";
import type { IndexAddOptions, IndexReduction } from "./ops/indexing/index_along.ts";
import * as indexPut from "./ops/indexing/index_put.ts";
import type { IndexPutOptions } from "./ops/indexing/index_put.ts";
import * as maskedScatter from "./ops/indexing/masked_scatter.ts";
import * as nonzeroStatic from "./ops/indexing/nonzero_static.ts";
import type { NonzeroStaticOptions } from "./ops/indexing/nonzero_static.ts";
import * as oneHot from "./ops/indexing/one_hot.ts";
import * as repeatInterleave from "./ops/indexing/repeat_interleave.ts";
import type { RepeatInterleaveOptions } from "./ops/indexing/repeat_interleave.ts";
import * as scatter from "./ops/indexing/scatter.ts";
import type { ScatterOptions } from "./ops/indexing/scatter.ts";
import * as scatterReduce from "./ops/indexing/scatter_reduce.ts";
import type { ScatterReduceOptions, ScatterReduction } from "./ops/indexing/scatter_reduce.ts";
import * as search from "./ops/indexing/search.ts";
import type { NonzeroOptions } from "./ops/indexing/search.ts";
import * as select from "./ops/indexing/select.ts";
import * as setAt from "./ops/indexing/set.ts";
import * as take from "./ops/indexing/take.ts";
import * as addmm from "./ops/linear/addmm.ts";
import type { AddmmOptions } from "./ops/linear/addmm.ts";
import { cross } from "./ops/linear/cross.ts";
import * as distance from "./ops/linear/distance.ts";
import type { NormalizeOptions } from "./ops/linear/distance.ts";
import * as linear from "./ops/linear/linear.ts";
import * as matmul from "./ops/linear/matmul.ts";
import * as tensordot from "./ops/linear/tensordot.ts";
import * as layerNorm from "./ops/normalization/layer_norm.ts";
import type { NormOptions } from "./ops/normalization/layer_norm.ts";
import * as softmax from "./ops/normalization/softmax.ts";
import * as activation from "./ops/pointwise/activation.ts";
import * as binary from "./ops/pointwise/binary.ts";
import * as bits from "./ops/pointwise/bits.ts";
import * as clamp from "./ops/pointwise/clamp.ts";
import * as closeness from "./ops/pointwise/closeness.ts";
import type { ClosenessOptions } from "./ops/pointwise/closeness.ts";
import * as comparison from "./ops/pointwise/comparison.ts";
import * as gelu from "./ops/pointwise/gelu.ts";
import * as maskedFill from "./ops/pointwise/masked_fill.ts";
import * as scaling from "./ops/pointwise/scaling.ts";
import * as sign from "./ops/pointwise/sign.ts";
import * as special from "./ops/pointwise/special.ts";
import * as unary from "./ops/pointwise/unary.ts";
import * as unaryInPlace from "./ops/pointwise/unary_in_place.ts";
import * as drawsInPlace from "./ops/random/draws_in_place.ts";
import * as dropout from "./ops/random/dropout.ts";
import type { DropoutOptions } from "./ops/random/dropout.ts";
import * as gamma from "./ops/random/gamma.ts";
import * as multinomial from "./ops/random/multinomial.ts";
import type { MultinomialOptions } from "./ops/random/multinomial.ts";
import * as bincount from "./ops/reduction/bincount.ts";
import type { BincountOptions } from "./ops/reduction/bincount.ts";
import * as covariance from "./ops/reduction/covariance.ts";
import * as cummax from "./ops/reduction/cummax.ts";
import * as differences from "./ops/reduction/differences.ts";
import * as extreme from "./ops/reduction/extreme.ts";
import type { ValuesAndIndices } from "./ops/reduction/extreme.ts";
import * as histogram from "./ops/reduction/histogram.ts";
import * as median from "./ops/reduction/median.ts";
import * as modes from "./ops/reduction/mode.ts";
import * as nanReduce from "./ops/reduction/nan_reduce.ts";
import * as quantile from "./ops/reduction/quantile.ts";
import * as reduce from "./ops/reduction/reduce.ts";
import type { MeanOptions, SumOptions } from "./ops/reduction/reduce.ts";
import type { Dims, ReduceOptions } from "./ops/reduction/reduction.ts";
import * as renorm from "./ops/reduction/renorm.ts";
import * as scan from "./ops/reduction/scan.ts";
import * as sort from "./ops/reduction/sort.ts";
import type { SortOptions, TopkOptions } from "./ops/reduction/sort.ts";
import * as statistics from "./ops/reduction/statistics.ts";
import type { SpreadOptions } from "./ops/reduction/statistics.ts";
import * as trace from "./ops/reduction/trace.ts";
import * as unique from "./ops/reduction/unique.ts";
import type {
  UniqueConsecutiveOptions,
  UniqueOptions,
  UniqueResult,
  UniqueTold,
} from "./ops/reduction/unique.ts";
import * as asStrided from "./ops/shape/as_strided.ts";
import * as diagonals from "./ops/shape/diagonal.ts";
import type { DiagEmbedOptions, FillDiagonalOptions } from "./ops/shape/diagonal.ts";
import * as expand from "./ops/shape/expand.ts";
import * as flip from "./ops/shape/flip.ts";
import * as pad from "./ops/shape/pad.ts";
import type { PadOptions } from "./ops/shape/pad.ts";
import * as permute from "./ops/shape/permute.ts";
import * as pixelShuffle from "./ops/shape/pixel_shuffle.ts";
import * as reshape from "./ops/shape/reshape.ts";
import * as slice from "./ops/shape/slice.ts";
import * as split from "./ops/shape/split.ts";
import type { Sections } from "./ops/shape/split.ts";
import * as triangle from "./ops/shape/triangle.ts";
import * as unfold from "./ops/shape/unfold.ts";
import type { WindowOptions } from "./ops/shape/unfold.ts";
import * as viewScatter from "./ops/shape/view_scatter.ts";
import type { DiagonalScatterOptions, SliceScatterOptions } from "./ops/shape/view_scatter.ts";
import * as avgPool from "./ops/window/avg_pool.ts";
import type { AvgPool1dOptions, AvgPool2dOptions } from "./ops/window/avg_pool.ts";
import * as conv2d from "./ops/window/conv2d.ts";
import type { Conv1dOptions, Conv2dOptions } from "./ops/window/conv2d.ts";
import * as maxPool from "./ops/window/max_pool.ts";
import type { MaxPool1dOptions, MaxPool2dOptions } from "./ops/window/max_pool.ts";
import type { Pair } from "./ops/window/window.ts";
import type { Owner } from "./owner.ts";
import { checkShape, type Shape } from "./shape.ts";
import { Storage, type Version } from "./storage.ts";
import { OperandTensor } from "./tensor/apply.ts";
import type { TensorBase } from "./tensor/base.ts";
import { launchNew } from "./tensor/launch.ts";
import { type NestedArray, ReadableTensor } from "./tensor/readback.ts";
import { checkCall } from "./tensor/check_call.ts";
import { checkTensors } from "./tensor/check_tensors.ts";
import { refuseSurplus } from "./tensor/refuse_surplus.ts";

/** Methods that take sizes or indices as separate arguments. */
const TAKE_ANY_NUMBER = [
  "newZeros",
  "newOnes",
  "reshape",
  "view",
  "permute",
  "expand",
  "broadcastTo",
  "repeat",
  "tile",
  "flip",
  "sumToSize",
  "at",
];

/**
 * An n-dimensional array of one dtype on a device. Operations are methods
 * (`x.add(y)`) and functions (`add(x, y)`); those whose name ends in `_` change
 * the tensor itself. Made by {@linkcode tensor}, {@linkcode zeros},
 * {@linkcode randn} and their like.
 *
 * @example Arithmetic
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(x.mul(x).add(1).tolist(), [[2, 5], [10, 17]]);
 * assertEquals(x.shape, [2, 2]);
 * ```
 */
export class Tensor extends ReadableTensor {
  static {
    // super() goes to where fields are. What lies between has methods alone, through which V8 would walk
    // for each tensor that is made.
    Object.setPrototypeOf(this, OperandTensor);
    refuseSurplus(this, TAKE_ANY_NUMBER);
  }

  /** A new tensor with undefined contents. */
  static empty(device: Device, shape: readonly number[], dtype: DType): Tensor {
    const storage = new Storage(device, bytesOn(device, shape, dtype));
    return new Tensor(device, storage, contiguousLayout(shape), dtype);
  }

  /** The result of an op that has no tensor inputs. */
  static fresh<P>(device: Device, op: KernelOp<P>, params: P): Tensor {
    const [spec] = op.infer([], params);
    const output = Tensor.empty(device, spec!.shape, spec!.dtype);
    launchNew(device, op.kernel([], [spec!], params), [], [output]);
    currentFlow().listener?.heard({ op: op as KernelOp, params, inputs: [], outputs: [output] });
    return output;
  }

  /** A tensor with undefined contents on any device: what a move is made of. */
  emptyOn(device: Device, shape: readonly number[], dtype: DType): Tensor {
    return Tensor.empty(device, shape, dtype);
  }

  /** A plain tensor. */
  protected override make(
    storage: Storage,
    layout: Layout,
    dtype: DType,
    version?: Version | null,
    scope?: Owner | null,
  ): Tensor {
    return new Tensor(this.device, storage, layout, dtype, version, scope);
  }

  // ---------------- copies, conversions, new tensors

  /** A contiguous copy with memory of its own; the gradient passes through. */
  clone(this: Tensor): Tensor {
    return cast.clone(this);
  }

  /**
   * This tensor itself if its elements follow one another in row-major order, else a copy of which they do.
   */
  contiguous(this: Tensor): Tensor {
    return cast.contiguous(this);
  }

  /**
   * This tensor on another device, in another dtype, or both: this tensor itself where it is there already,
   * unless `copy` is given.
   */
  to(this: Tensor, target: ToTarget, options?: DType | ToOptions): Tensor {
    return moves.to(this, target, options);
  }

  /**
   * {@linkcode to} for tensors on devices that cannot be read synchronously, as GPUs in browsers: it waits
   * for the device without blocking.
   */
  toAsync(this: Tensor, target: ToTarget, options?: DType | ToOptions): Promise<Tensor> {
    return moves.toAsync(this, target, options);
  }

  /** Moved to the device named "cpu"; see {@linkcode to}. */
  cpu(this: Tensor): Tensor {
    return moves.to(this, "cpu");
  }

  /**
   * Overwrites this tensor with `source`, which is repeated to the shape of this tensor, converted to its
   * dtype and moved to its device; returns this tensor.
   */
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
    return moves.to(this, { dtype });
  }

  /** Converted to the dtype of another tensor, on the device of this one; see {@linkcode to}. */
  typeAs(this: Tensor, other: Tensor): Tensor {
    checkTensors("typeAs", [other]);
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

  /** Overwrites every element of this tensor with `value`; returns this tensor. */
  fill_(this: Tensor, value: number | Tensor): Tensor {
    return fill.fill_(this, value);
  }

  /** Overwrites every element of this tensor with 0; returns this tensor. */
  zero_(this: Tensor): Tensor {
    return fill.zero_(this);
  }

  /**
   * Overwrites this tensor with uniform draws from [low, high) of the device's generator; returns this
   * tensor.
   */
  uniform_(this: Tensor, low?: number, high?: number): Tensor {
    return uniform.uniform_(this, low, high);
  }

  /** Overwrites this tensor with normal draws of the device's generator; returns this tensor. */
  normal_(this: Tensor, mean?: number, std?: number): Tensor {
    return uniform.normal_(this, mean, std);
  }

  /** Overwrites this tensor with draws of 1 with probability `p`, and 0 otherwise; returns this tensor. */
  bernoulli_(this: Tensor, p?: number | Tensor): Tensor {
    return drawsInPlace.bernoulli_(this, p);
  }

  /**
   * Overwrites this tensor with draws of the exponential distribution of rate `lambda`; returns this tensor.
   */
  exponential_(this: Tensor, lambda?: number): Tensor {
    return drawsInPlace.exponential_(this, lambda);
  }

  /**
   * Overwrites this tensor with how many trials it takes to succeed, each with probability `p`; returns this
   * tensor.
   */
  geometric_(this: Tensor, p: number): Tensor {
    return drawsInPlace.geometric_(this, p);
  }

  /** Overwrites this tensor with draws of the Cauchy distribution around `median`; returns this tensor. */
  cauchy_(this: Tensor, median?: number, sigma?: number): Tensor {
    return drawsInPlace.cauchy_(this, median, sigma);
  }

  /**
   * Overwrites this tensor with e to the power of normal draws with `mean` and deviation `std`; returns this
   * tensor.
   */
  logNormal_(this: Tensor, mean?: number, std?: number): Tensor {
    return drawsInPlace.logNormal_(this, mean, std);
  }

  /** A tensor of one number on this tensor's device, and of its dtype unless given. */
  newFull(this: Tensor, shape: Shape, value: number, options?: DType | NewTensorOptions): Tensor {
    return newTensor.newFilled("newFull", this, shape, value, options);
  }

  /**
   * A tensor from nested arrays, a typed array or a number, on the device and of the dtype of this tensor
   * unless others are given; of a tensor, a copy without its history.
   */
  newTensor(
    this: Tensor,
    data: NestedArray<number | boolean | bigint> | TypedArray | BigInt64Array | TensorBase,
    options?: NewTensorOptions,
  ): Tensor {
    return newTensor.newTensor(this, data, options);
  }

  /** Zeros on this tensor's device, and of its dtype unless given. */
  newZeros(this: Tensor, shape: Shape, options?: DType | NewTensorOptions): Tensor;
  /** Zeros on this tensor's device, of a shape given size by size, and of its dtype unless options follow. */
  newZeros(this: Tensor, ...sizes: SizesThen<DType | NewTensorOptions>): Tensor;
  newZeros(this: Tensor, ...given: readonly unknown[]): Tensor {
    const [shape, options] = shapeThen<DType | NewTensorOptions>("newZeros", given, isOptionsOrDType);
    return newTensor.newFilled("newZeros", this, shape, 0, options);
  }

  /** Ones on this tensor's device, and of its dtype unless given. */
  newOnes(this: Tensor, shape: Shape, options?: DType | NewTensorOptions): Tensor;
  /** Ones on this tensor's device, of a shape given size by size, and of its dtype unless options follow. */
  newOnes(this: Tensor, ...sizes: SizesThen<DType | NewTensorOptions>): Tensor;
  newOnes(this: Tensor, ...given: readonly unknown[]): Tensor {
    const [shape, options] = shapeThen<DType | NewTensorOptions>("newOnes", given, isOptionsOrDType);
    return newTensor.newFilled("newOnes", this, shape, 1, options);
  }

  /** 0, 1, ... n - 1 on this tensor's device, int32 unless given. */
  newArange(this: Tensor, n: number, dtype?: DType): Tensor {
    checkCall("newArange", arguments, "d.");
    checkShape("newArange", [n]);
    return this.applyFresh(fill.ARANGE, { shape: [n], dtype: dtype ?? "int32", scalars: [0, 1] });
  }

  // ---------------- operations of two operands

  /** `x + alpha * y`. */
  add(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.add(this, other, options);
  }

  /** `x - alpha * y`. */
  sub(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.sub(this, other, options);
  }

  /** `x * y`. */
  mul(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul(this, other);
  }

  /** `x / y`; without a rounding mode, integers become float32. */
  div(this: Tensor, other: Tensor | number, options?: binary.DivOptions): Tensor {
    return binary.div(this, other, options);
  }

  /** The larger of two; NaN if either is NaN; on a tie each has half of the slope. */
  maximum(this: Tensor, other: Tensor | number): Tensor {
    return binary.maximum(this, other);
  }

  /** The smaller of two; NaN if either is NaN; on a tie each has half of the slope. */
  minimum(this: Tensor, other: Tensor | number): Tensor {
    return binary.minimum(this, other);
  }

  /**
   * This tensor to the power of `y`; integers to a negative power are an error where that is a number, else
   * 0, but of 1 and -1.
   */
  pow(this: Tensor, other: Tensor | number): Tensor {
    return binary.pow(this, other);
  }

  /** Angle of the point (y: this tensor, x: `y`) in radians, from -pi to pi. */
  atan2(this: Tensor, other: Tensor | number): Tensor {
    return binary.atan2(this, other);
  }

  /** Remainder with the sign of this tensor. */
  fmod(this: Tensor, other: Tensor | number): Tensor {
    return binary.fmod(this, other);
  }

  /** Remainder with the sign of `y`, as Python's `%`. */
  remainder(this: Tensor, other: Tensor | number): Tensor {
    return binary.remainder(this, other);
  }

  /** `floor(x / y)`. */
  floorDivide(this: Tensor, other: Tensor | number): Tensor {
    return binary.floorDivide(this, other);
  }

  /** `sqrt(x * x + y * y)` without overflow. */
  hypot(this: Tensor, other: Tensor | number): Tensor {
    return binary.hypot(this, other);
  }

  /** `log(exp(x) + exp(y))` without overflow. */
  logaddexp(this: Tensor, other: Tensor | number): Tensor {
    return binary.logaddexp(this, other);
  }

  /** {@linkcode add} in the place of this tensor. */
  add_(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.add_(this, other, options);
  }

  /** {@linkcode sub} in the place of this tensor. */
  sub_(this: Tensor, other: Tensor | number, options?: binary.AddOptions): Tensor {
    return binary.sub_(this, other, options);
  }

  /** {@linkcode mul} in the place of this tensor. */
  mul_(this: Tensor, other: Tensor | number): Tensor {
    return binary.mul_(this, other);
  }

  /** {@linkcode div} in the place of this tensor. */
  div_(this: Tensor, other: Tensor | number, options?: binary.DivOptions): Tensor {
    return binary.div_(this, other, options);
  }

  /** {@linkcode pow} in the place of this tensor. */
  pow_(this: Tensor, other: Tensor | number): Tensor {
    return binary.pow_(this, other);
  }

  /** {@linkcode remainder} in the place of this tensor. */
  remainder_(this: Tensor, other: Tensor | number): Tensor {
    return binary.remainder_(this, other);
  }

  /** {@linkcode fmod} in the place of this tensor. */
  fmod_(this: Tensor, other: Tensor | number): Tensor {
    return binary.fmod_(this, other);
  }

  /** {@linkcode floorDivide} in the place of this tensor. */
  floorDivide_(this: Tensor, other: Tensor | number): Tensor {
    return binary.floorDivide_(this, other);
  }

  /** `x == y`, as bool. */
  eq(this: Tensor, other: Tensor | number): Tensor {
    return comparison.eq(this, other);
  }

  /** `x != y`, as bool. */
  ne(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ne(this, other);
  }

  /** `x < y`, as bool. */
  lt(this: Tensor, other: Tensor | number): Tensor {
    return comparison.lt(this, other);
  }

  /** `x <= y`, as bool. */
  le(this: Tensor, other: Tensor | number): Tensor {
    return comparison.le(this, other);
  }

  /** `x > y`, as bool. */
  gt(this: Tensor, other: Tensor | number): Tensor {
    return comparison.gt(this, other);
  }

  /** `x >= y`, as bool. */
  ge(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ge(this, other);
  }

  /** Both are not 0, as bool. */
  logicalAnd(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalAnd(this, other);
  }

  /** Either is not 0, as bool. */
  logicalOr(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalOr(this, other);
  }

  /** One but not the other is not 0, as bool. */
  logicalXor(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalXor(this, other);
  }

  /** Whether an element is 0, as bool. */
  logicalNot(this: Tensor): Tensor {
    return comparison.logicalNot(this);
  }

  /** Whether an element is NaN, as bool. */
  isnan(this: Tensor): Tensor {
    return comparison.isnan(this);
  }

  /** Whether an element is infinite, as bool. */
  isinf(this: Tensor): Tensor {
    return comparison.isinf(this);
  }

  /** Whether an element is neither infinite nor NaN, as bool. */
  isfinite(this: Tensor): Tensor {
    return comparison.isfinite(this);
  }

  /** This tensor where `condition` holds, `other` elsewhere. */
  where(this: Tensor, condition: Tensor, other: Tensor | number): Tensor {
    return select.where(condition, this, other);
  }

  /**
   * This tensor held between `min` and `max`, either of which may be left out, and each a number or a tensor;
   * NaN stays NaN. The slope is 1 on the bounds and 0 beyond them; where `min` is above `max`, the result is
   * `max`.
   */
  clamp(this: Tensor, options: clamp.ClampOptions): Tensor {
    return clamp.clamp(this, options);
  }

  /** {@linkcode clamp} in the place of this tensor. */
  clamp_(this: Tensor, options: clamp.ClampOptions): Tensor {
    return clamp.clamp_(this, options);
  }

  /** `x + weight * (end - x)`. */
  lerp(this: Tensor, end: Tensor, weight: Tensor | number): Tensor {
    return select.lerp(this, end, weight);
  }

  /** {@linkcode lerp} in the place of this tensor. */
  lerp_(this: Tensor, end: Tensor, weight: Tensor | number): Tensor {
    return select.lerp_(this, end, weight);
  }

  /** `x + value * a * b`. */
  addcmul(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcmul(this, a, b, options);
  }

  /** `x + value * a / b`. */
  addcdiv(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcdiv(this, a, b, options);
  }

  /** {@linkcode addcmul} in the place of this tensor. */
  addcmul_(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcmul_(this, a, b, options);
  }

  /** {@linkcode addcdiv} in the place of this tensor. */
  addcdiv_(this: Tensor, a: Tensor, b: Tensor, options?: select.AddcOptions): Tensor {
    return select.addcdiv_(this, a, b, options);
  }

  /** This tensor with numbers in place of NaN and the infinities. */
  nanToNum(this: Tensor, options?: select.NanToNumOptions): Tensor {
    return select.nanToNum(this, options);
  }

  // ---------------- functions of one operand

  /** e to the power of each element: `exp(x)`. */
  exp(this: Tensor): Tensor {
    return unary.exp(this);
  }

  /** 2 to the power of each element. */
  exp2(this: Tensor): Tensor {
    return unary.exp2(this);
  }

  /** `exp(x) - 1`, exact near 0. */
  expm1(this: Tensor): Tensor {
    return unary.expm1(this);
  }

  /** Natural logarithm; NaN below 0, -Infinity at 0. */
  log(this: Tensor): Tensor {
    return unary.log(this);
  }

  /** Logarithm to base 2. */
  log2(this: Tensor): Tensor {
    return unary.log2(this);
  }

  /** Logarithm to base 10. */
  log10(this: Tensor): Tensor {
    return unary.log10(this);
  }

  /** `log(1 + x)`, exact near 0. */
  log1p(this: Tensor): Tensor {
    return unary.log1p(this);
  }

  /** Square root; NaN below 0. */
  sqrt(this: Tensor): Tensor {
    return unary.sqrt(this);
  }

  /** `1 / sqrt(x)`. */
  rsqrt(this: Tensor): Tensor {
    return unary.rsqrt(this);
  }

  /** `1 / x`. */
  reciprocal(this: Tensor): Tensor {
    return unary.reciprocal(this);
  }

  /** Sine of radians. */
  sin(this: Tensor): Tensor {
    return unary.sin(this);
  }

  /** Cosine of radians. */
  cos(this: Tensor): Tensor {
    return unary.cos(this);
  }

  /** Tangent of radians. */
  tan(this: Tensor): Tensor {
    return unary.tan(this);
  }

  /** Inverse sine, in radians; NaN outside [-1, 1]. */
  asin(this: Tensor): Tensor {
    return unary.asin(this);
  }

  /** Inverse cosine, in radians; NaN outside [-1, 1]. */
  acos(this: Tensor): Tensor {
    return unary.acos(this);
  }

  /** Inverse tangent, in radians. */
  atan(this: Tensor): Tensor {
    return unary.atan(this);
  }

  /** Hyperbolic sine. */
  sinh(this: Tensor): Tensor {
    return unary.sinh(this);
  }

  /** Hyperbolic cosine. */
  cosh(this: Tensor): Tensor {
    return unary.cosh(this);
  }

  /** Hyperbolic tangent. */
  tanh(this: Tensor): Tensor {
    return unary.tanh(this);
  }

  /** Inverse hyperbolic sine. */
  asinh(this: Tensor): Tensor {
    return unary.asinh(this);
  }

  /** Inverse hyperbolic cosine; NaN below 1. */
  acosh(this: Tensor): Tensor {
    return unary.acosh(this);
  }

  /** Inverse hyperbolic tangent; NaN outside [-1, 1]. */
  atanh(this: Tensor): Tensor {
    return unary.atanh(this);
  }

  /** `1 / (1 + exp(-x))`. */
  sigmoid(this: Tensor): Tensor {
    return unary.sigmoid(this);
  }

  /** Error function. */
  erf(this: Tensor): Tensor {
    return unary.erf(this);
  }

  /** `1 - erf(x)`, exact where that is small. */
  erfc(this: Tensor): Tensor {
    return unary.erfc(this);
  }

  /** `-x`. */
  neg(this: Tensor): Tensor {
    return unary.neg(this);
  }

  /** Absolute value; its slope at 0 is 0. */
  abs(this: Tensor): Tensor {
    return unary.abs(this);
  }

  /** -1, 0 or 1; 0 for NaN. */
  sign(this: Tensor): Tensor {
    return unary.sign(this);
  }

  /** Largest integer not above x. */
  floor(this: Tensor): Tensor {
    return unary.floor(this);
  }

  /** Smallest integer not below x. */
  ceil(this: Tensor): Tensor {
    return unary.ceil(this);
  }

  /** Nearest integer, halves to the even one. */
  round(this: Tensor): Tensor {
    return unary.round(this);
  }

  /** Integer part, toward 0. */
  trunc(this: Tensor): Tensor {
    return unary.trunc(this);
  }

  /** `x * x`. */
  square(this: Tensor): Tensor {
    return unary.square(this);
  }

  /** {@linkcode exp} in the place of this tensor. */
  exp_(this: Tensor): Tensor {
    return unary.exp_(this);
  }

  /** {@linkcode sqrt} in the place of this tensor. */
  sqrt_(this: Tensor): Tensor {
    return unary.sqrt_(this);
  }

  /** {@linkcode reciprocal} in the place of this tensor. */
  reciprocal_(this: Tensor): Tensor {
    return unary.reciprocal_(this);
  }

  /** {@linkcode tanh} in the place of this tensor. */
  tanh_(this: Tensor): Tensor {
    return unary.tanh_(this);
  }

  /** {@linkcode sigmoid} in the place of this tensor. */
  sigmoid_(this: Tensor): Tensor {
    return unary.sigmoid_(this);
  }

  /** {@linkcode neg} in the place of this tensor. */
  neg_(this: Tensor): Tensor {
    return unary.neg_(this);
  }

  /** {@linkcode abs} in the place of this tensor. */
  abs_(this: Tensor): Tensor {
    return unary.abs_(this);
  }

  /** {@linkcode floor} in the place of this tensor. */
  floor_(this: Tensor): Tensor {
    return unary.floor_(this);
  }

  /** {@linkcode ceil} in the place of this tensor. */
  ceil_(this: Tensor): Tensor {
    return unary.ceil_(this);
  }

  /** {@linkcode round} in the place of this tensor. */
  round_(this: Tensor): Tensor {
    return unary.round_(this);
  }

  /** {@linkcode square} in the place of this tensor. */
  square_(this: Tensor): Tensor {
    return unary.square_(this);
  }

  /** {@linkcode log} in the place of this tensor. */
  log_(this: Tensor): Tensor {
    return unary.log_(this);
  }

  /** {@linkcode sin} in the place of this tensor. */
  sin_(this: Tensor): Tensor {
    return unary.sin_(this);
  }

  /** {@linkcode cos} in the place of this tensor. */
  cos_(this: Tensor): Tensor {
    return unary.cos_(this);
  }

  /** {@linkcode rsqrt} in the place of this tensor. */
  rsqrt_(this: Tensor): Tensor {
    return unary.rsqrt_(this);
  }

  /** {@linkcode trunc} in the place of this tensor. */
  trunc_(this: Tensor): Tensor {
    return unary.trunc_(this);
  }

  /** {@linkcode sign} in the place of this tensor. */
  sign_(this: Tensor): Tensor {
    return unary.sign_(this);
  }

  /** {@linkcode erf} in the place of this tensor. */
  erf_(this: Tensor): Tensor {
    return unary.erf_(this);
  }

  /** `max(x, 0)`, with slope 0 at 0. */
  relu(this: Tensor): Tensor {
    return activation.relu(this);
  }

  /** {@linkcode relu} in the place of this tensor. */
  relu_(this: Tensor): Tensor {
    return activation.relu_(this);
  }

  /** `x * Phi(x)`, Phi the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
  gelu(this: Tensor, options?: gelu.GeluOptions): Tensor {
    return gelu.gelu(this, options);
  }

  /** `x * sigmoid(x)` (Elfwing et al. 2017, arXiv:1702.03118). */
  silu(this: Tensor): Tensor {
    return activation.silu(this);
  }

  /** `log(1 + exp(beta * x)) / beta`. */
  softplus(this: Tensor, options?: activation.SoftplusOptions): Tensor {
    return activation.softplus(this, options);
  }

  /** `x if x > 0 else negativeSlope * x`. */
  leakyRelu(this: Tensor, options?: activation.LeakyReluOptions): Tensor {
    return activation.leakyRelu(this, options);
  }

  /** `log(sigmoid(x))`, finite for every finite x. */
  logsigmoid(this: Tensor): Tensor {
    return activation.logsigmoid(this);
  }

  // ---------------- functions in place, and bits

  /** {@linkcode exp2} in the place of this tensor. */
  exp2_(this: Tensor): Tensor {
    return unaryInPlace.exp2_(this);
  }

  /** {@linkcode expm1} in the place of this tensor. */
  expm1_(this: Tensor): Tensor {
    return unaryInPlace.expm1_(this);
  }

  /** {@linkcode log2} in the place of this tensor. */
  log2_(this: Tensor): Tensor {
    return unaryInPlace.log2_(this);
  }

  /** {@linkcode log10} in the place of this tensor. */
  log10_(this: Tensor): Tensor {
    return unaryInPlace.log10_(this);
  }

  /** {@linkcode log1p} in the place of this tensor. */
  log1p_(this: Tensor): Tensor {
    return unaryInPlace.log1p_(this);
  }

  /** {@linkcode tan} in the place of this tensor. */
  tan_(this: Tensor): Tensor {
    return unaryInPlace.tan_(this);
  }

  /** {@linkcode asin} in the place of this tensor. */
  asin_(this: Tensor): Tensor {
    return unaryInPlace.asin_(this);
  }

  /** {@linkcode acos} in the place of this tensor. */
  acos_(this: Tensor): Tensor {
    return unaryInPlace.acos_(this);
  }

  /** {@linkcode atan} in the place of this tensor. */
  atan_(this: Tensor): Tensor {
    return unaryInPlace.atan_(this);
  }

  /** {@linkcode sinh} in the place of this tensor. */
  sinh_(this: Tensor): Tensor {
    return unaryInPlace.sinh_(this);
  }

  /** {@linkcode cosh} in the place of this tensor. */
  cosh_(this: Tensor): Tensor {
    return unaryInPlace.cosh_(this);
  }

  /** {@linkcode asinh} in the place of this tensor. */
  asinh_(this: Tensor): Tensor {
    return unaryInPlace.asinh_(this);
  }

  /** {@linkcode acosh} in the place of this tensor. */
  acosh_(this: Tensor): Tensor {
    return unaryInPlace.acosh_(this);
  }

  /** {@linkcode atanh} in the place of this tensor. */
  atanh_(this: Tensor): Tensor {
    return unaryInPlace.atanh_(this);
  }

  /** {@linkcode erfc} in the place of this tensor. */
  erfc_(this: Tensor): Tensor {
    return unaryInPlace.erfc_(this);
  }

  /** {@linkcode atan2} in the place of this tensor. */
  atan2_(this: Tensor, other: Tensor | number): Tensor {
    return unaryInPlace.atan2_(this, other);
  }

  /** {@linkcode hypot} in the place of this tensor. */
  hypot_(this: Tensor, other: Tensor | number): Tensor {
    return unaryInPlace.hypot_(this, other);
  }

  /** Bits of both; bool and integers. */
  bitwiseAnd(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseAnd(this, other);
  }

  /** {@linkcode bitwiseAnd} in the place of this tensor. */
  bitwiseAnd_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseAnd_(this, other);
  }

  /** Bits of either; bool and integers. */
  bitwiseOr(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseOr(this, other);
  }

  /** {@linkcode bitwiseOr} in the place of this tensor. */
  bitwiseOr_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseOr_(this, other);
  }

  /** Bits of one but not of the other; bool and integers. */
  bitwiseXor(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseXor(this, other);
  }

  /** {@linkcode bitwiseXor} in the place of this tensor. */
  bitwiseXor_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseXor_(this, other);
  }

  /** This tensor shifted left by `y` bits; 0 where `y` is negative or as large as the dtype is wide. */
  bitwiseLeftShift(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseLeftShift(this, other);
  }

  /** {@linkcode bitwiseLeftShift} in the place of this tensor. */
  bitwiseLeftShift_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseLeftShift_(this, other);
  }

  /**
   * This tensor shifted right by `y` bits, keeping its sign; only the sign is left where `y` is negative or
   * as large as the dtype is wide.
   */
  bitwiseRightShift(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseRightShift(this, other);
  }

  /** {@linkcode bitwiseRightShift} in the place of this tensor. */
  bitwiseRightShift_(this: Tensor, other: Tensor | number): Tensor {
    return bits.bitwiseRightShift_(this, other);
  }

  /** Greatest common divisor of integers, not negative; `gcd(0, y)` is `|y|`. */
  gcd(this: Tensor, other: Tensor | number): Tensor {
    return bits.gcd(this, other);
  }

  /** {@linkcode gcd} in the place of this tensor. */
  gcd_(this: Tensor, other: Tensor | number): Tensor {
    return bits.gcd_(this, other);
  }

  /** Least common multiple of integers, not negative. */
  lcm(this: Tensor, other: Tensor | number): Tensor {
    return bits.lcm(this, other);
  }

  /** {@linkcode lcm} in the place of this tensor. */
  lcm_(this: Tensor, other: Tensor | number): Tensor {
    return bits.lcm_(this, other);
  }

  /** All bits turned over; of bool, the other truth value. */
  bitwiseNot(this: Tensor): Tensor {
    return bits.bitwiseNot(this);
  }

  /** {@linkcode bitwiseNot} in the place of this tensor. */
  bitwiseNot_(this: Tensor): Tensor {
    return bits.bitwiseNot_(this);
  }

  /** {@linkcode eq} in the place of this tensor, as 0 and 1 of its dtype. */
  eq_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.eq_(this, other);
  }

  /** {@linkcode ne} in the place of this tensor, as 0 and 1 of its dtype. */
  ne_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ne_(this, other);
  }

  /** {@linkcode lt} in the place of this tensor, as 0 and 1 of its dtype. */
  lt_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.lt_(this, other);
  }

  /** {@linkcode le} in the place of this tensor, as 0 and 1 of its dtype. */
  le_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.le_(this, other);
  }

  /** {@linkcode gt} in the place of this tensor, as 0 and 1 of its dtype. */
  gt_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.gt_(this, other);
  }

  /** {@linkcode ge} in the place of this tensor, as 0 and 1 of its dtype. */
  ge_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.ge_(this, other);
  }

  /** {@linkcode logicalAnd} in the place of this tensor, as 0 and 1 of its dtype. */
  logicalAnd_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalAnd_(this, other);
  }

  /** {@linkcode logicalOr} in the place of this tensor, as 0 and 1 of its dtype. */
  logicalOr_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalOr_(this, other);
  }

  /** {@linkcode logicalXor} in the place of this tensor, as 0 and 1 of its dtype. */
  logicalXor_(this: Tensor, other: Tensor | number): Tensor {
    return comparison.logicalXor_(this, other);
  }

  /** {@linkcode logicalNot} in the place of this tensor, as 0 and 1 of its dtype. */
  logicalNot_(this: Tensor): Tensor {
    return comparison.logicalNot_(this);
  }

  // ---------------- special functions, signs and scaling

  /** Logarithm of the absolute value of the gamma function. */
  lgamma(this: Tensor): Tensor {
    return gamma.lgamma(this);
  }

  /** {@linkcode lgamma} in the place of this tensor. */
  lgamma_(this: Tensor): Tensor {
    return gamma.lgamma_(this);
  }

  /** Derivative of {@linkcode lgamma}; NaN at the negative integers. */
  digamma(this: Tensor): Tensor {
    return gamma.digamma(this);
  }

  /** {@linkcode digamma} in the place of this tensor. */
  digamma_(this: Tensor): Tensor {
    return gamma.digamma_(this);
  }

  /** The `n`-th derivative of {@linkcode digamma}; `polygamma(1, x)` is the trigamma function. */
  polygamma(this: Tensor, n: number): Tensor {
    return gamma.polygamma(n, this);
  }

  /** {@linkcode polygamma} in the place of this tensor. */
  polygamma_(this: Tensor, n: number): Tensor {
    return gamma.polygamma_(this, n);
  }

  /**
   * Logarithm of the multivariate gamma function of dimension `p`: defined where this tensor is above `(p -
   * 1) / 2`.
   */
  mvlgamma(this: Tensor, p: number): Tensor {
    return gamma.mvlgamma(this, p);
  }

  /** {@linkcode mvlgamma} in the place of this tensor. */
  mvlgamma_(this: Tensor, p: number): Tensor {
    return gamma.mvlgamma_(this, p);
  }

  /** Inverse of the error function; infinite at -1 and 1, NaN beyond. */
  erfinv(this: Tensor): Tensor {
    return special.erfinv(this);
  }

  /** {@linkcode erfinv} in the place of this tensor. */
  erfinv_(this: Tensor): Tensor {
    return special.erfinv_(this);
  }

  /** `sin(pi x) / (pi x)`, 1 at 0. */
  sinc(this: Tensor): Tensor {
    return special.sinc(this);
  }

  /** {@linkcode sinc} in the place of this tensor. */
  sinc_(this: Tensor): Tensor {
    return special.sinc_(this);
  }

  /** Modified Bessel function of the first kind of order 0. */
  i0(this: Tensor): Tensor {
    return special.i0(this);
  }

  /** {@linkcode i0} in the place of this tensor. */
  i0_(this: Tensor): Tensor {
    return special.i0_(this);
  }

  /** `log(x / (1 - x))`, the inverse of `sigmoid`. */
  logit(this: Tensor, options?: special.LogitOptions): Tensor {
    return special.logit(this, options);
  }

  /** {@linkcode logit} in the place of this tensor. */
  logit_(this: Tensor, options?: special.LogitOptions): Tensor {
    return special.logit_(this, options);
  }

  /** `x log(y)`: 0 where this tensor is 0, NaN where `y` is. */
  xlogy(this: Tensor, other: Tensor | number): Tensor {
    return special.xlogy(this, other);
  }

  /** {@linkcode xlogy} in the place of this tensor. */
  xlogy_(this: Tensor, other: Tensor | number): Tensor {
    return special.xlogy_(this, other);
  }

  /** Whether an element is below 0 or -0, as bool; false for NaN. */
  signbit(this: Tensor): Tensor {
    return sign.signbit(this);
  }

  /** `+x`: the elements as they are; numbers only. */
  positive(this: Tensor): Tensor {
    return sign.positive(this);
  }

  /** Whether an element is Infinity, as bool. */
  isposinf(this: Tensor): Tensor {
    return sign.isposinf(this);
  }

  /** Whether an element is -Infinity, as bool. */
  isneginf(this: Tensor): Tensor {
    return sign.isneginf(this);
  }

  /** Whether an element is real, as bool: all are, as there are no complex numbers. */
  isreal(this: Tensor): Tensor {
    return sign.isreal(this);
  }

  /** -1, 0 or 1; NaN stays NaN: as `sign`, as there are no complex numbers. */
  sgn(this: Tensor): Tensor {
    return sign.sgn(this);
  }

  /** {@linkcode sgn} in the place of this tensor. */
  sgn_(this: Tensor): Tensor {
    return sign.sgn_(this);
  }

  /** The part of an element behind the point, with its sign. */
  frac(this: Tensor): Tensor {
    return sign.frac(this);
  }

  /** {@linkcode frac} in the place of this tensor. */
  frac_(this: Tensor): Tensor {
    return sign.frac_(this);
  }

  /** Radians of degrees. */
  deg2rad(this: Tensor): Tensor {
    return sign.deg2rad(this);
  }

  /** {@linkcode deg2rad} in the place of this tensor. */
  deg2rad_(this: Tensor): Tensor {
    return sign.deg2rad_(this);
  }

  /** Degrees of radians. */
  rad2deg(this: Tensor): Tensor {
    return sign.rad2deg(this);
  }

  /** {@linkcode rad2deg} in the place of this tensor. */
  rad2deg_(this: Tensor): Tensor {
    return sign.rad2deg_(this);
  }

  /** This tensor with the sign of `y`, which -0 has too. */
  copysign(this: Tensor, other: Tensor | number): Tensor {
    return sign.copysign(this, other);
  }

  /** {@linkcode copysign} in the place of this tensor. */
  copysign_(this: Tensor, other: Tensor | number): Tensor {
    return sign.copysign_(this, other);
  }

  /**
   * The larger of two, the number where one is NaN; the slope is that of what is taken, this tensor on a tie.
   */
  fmax(this: Tensor, other: Tensor | number): Tensor {
    return sign.fmax(this, other);
  }

  /**
   * The smaller of two, the number where one is NaN; the slope is that of what is taken, this tensor on a
   * tie.
   */
  fmin(this: Tensor, other: Tensor | number): Tensor {
    return sign.fmin(this, other);
  }

  /** 0 below 0, 1 above, and at 0 the element of `values`. */
  heaviside(this: Tensor, values: Tensor): Tensor {
    return sign.heaviside(this, values);
  }

  /** {@linkcode heaviside} in the place of this tensor. */
  heaviside_(this: Tensor, values: Tensor): Tensor {
    return sign.heaviside_(this, values);
  }

  /** This tensor times 2 to the `n`; integers become float32. */
  ldexp(this: Tensor, other: Tensor | number): Tensor {
    return scaling.ldexp(this, other);
  }

  /** {@linkcode ldexp} in the place of this tensor. */
  ldexp_(this: Tensor, other: Tensor | number): Tensor {
    return scaling.ldexp_(this, other);
  }

  /** `log2(2 ** x + 2 ** y)` without overflow. */
  logaddexp2(this: Tensor, other: Tensor | number): Tensor {
    return scaling.logaddexp2(this, other);
  }

  /**
   * This tensor to the power of `y`, calculated in float64, or in float32 on a device that has no float64.
   */
  floatPower(this: Tensor, other: Tensor | number): Tensor {
    return scaling.floatPower(this, other);
  }

  /** {@linkcode floatPower} in the place of this tensor, rounded to its dtype, which must be floating. */
  floatPower_(this: Tensor, other: Tensor | number): Tensor {
    return scaling.floatPower_(this, other);
  }

  /** The next number of the dtype after this tensor on the way to `y`; `y` where both are equal. */
  nextafter(this: Tensor, other: Tensor): Tensor {
    return scaling.nextafter(this, other);
  }

  /** {@linkcode nextafter} in the place of this tensor. */
  nextafter_(this: Tensor, other: Tensor): Tensor {
    return scaling.nextafter_(this, other);
  }

  /** Mantissa and exponent of floating numbers. */
  frexp(this: Tensor): scaling.FrexpResult {
    return scaling.frexp(this);
  }

  /** {@linkcode nanToNum} in the place of this tensor. */
  nanToNum_(this: Tensor, options?: select.NanToNumOptions): Tensor {
    return select.nanToNum_(this, options);
  }

  // ---------------- reductions, running results and order

  /** The sum over the axes `dim`, over all if none are given. bool and integers give int64. */
  sum(this: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
    return reduce.sum(this, dim, options);
  }

  /** The mean over the axes `dim`, over all if none are given. */
  mean(this: Tensor, dim?: DimOr<Dims, MeanOptions>, options?: boolean | MeanOptions): Tensor {
    return reduce.mean(this, dim, options);
  }

  /** The product over the axes `dim`, over all if none are given. bool and integers give int64. */
  prod(this: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
    return reduce.prod(this, dim, options);
  }

  /**
   * The largest element over the axes `dim`, over all if none are given; NaN wins; the slope is shared evenly
   * over ties.
   */
  amax(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return reduce.amax(this, dim, options);
  }

  /**
   * The smallest element over the axes `dim`, over all if none are given; NaN wins; the slope is shared
   * evenly over ties.
   */
  amin(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return reduce.amin(this, dim, options);
  }

  /** Whether no element over the axes `dim` (over all if none are given) is 0, as bool. */
  all(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return reduce.all(this, dim, options);
  }

  /** Whether any element over the axes `dim` (over all if none are given) is not 0, as bool. */
  any(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return reduce.any(this, dim, options);
  }

  /** How many elements over the axes `dim` (over all if none are given) are not 0, as int64. */
  countNonzero(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return reduce.countNonzero(this, dim, options);
  }

  /** Whether `|x - y| <= atol + rtol * |y|`, element by element, as bool. */
  isclose(this: Tensor, y: Tensor, options?: ClosenessOptions): Tensor {
    return closeness.isclose(this, y, options);
  }

  /** Whether {@linkcode isclose} holds of all elements. */
  allclose(this: Tensor, y: Tensor, options?: ClosenessOptions): boolean {
    return closeness.allclose(this, y, options);
  }

  /** Whether this tensor and `y` have one shape and equal elements. */
  equal(this: Tensor, y: Tensor): boolean {
    return closeness.equal(this, y);
  }

  /**
   * Positions (int64) of the largest elements along `dim`, or in this tensor as one row if none is given; the
   * first of equals, the first NaN.
   */
  argmax(this: Tensor, dim?: DimOr<number, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return extreme.argmax(this, dim, options);
  }

  /**
   * Positions (int64) of the smallest elements along `dim`, or in this tensor as one row if none is given;
   * the first of equals, the first NaN.
   */
  argmin(this: Tensor, dim?: DimOr<number, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return extreme.argmin(this, dim, options);
  }

  /** The largest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
  max(this: Tensor): Tensor;
  /** The largest elements along `dim` and the first positions of them, to which alone the gradient goes. */
  max(this: Tensor, dim: DimOr<number, ReduceOptions>, options?: boolean | ReduceOptions): ValuesAndIndices;
  /** The larger of two, element by element, as {@linkcode maximum}. */
  max(this: Tensor, other: Tensor): Tensor;
  max(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions> | Tensor,
    options?: boolean | ReduceOptions,
  ): Tensor | ValuesAndIndices {
    return extreme.max(this, dim as DimOr<number, ReduceOptions>, options);
  }

  /** The smallest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
  min(this: Tensor): Tensor;
  /** The smallest elements along `dim` and the first positions of them, to which alone the gradient goes. */
  min(this: Tensor, dim: DimOr<number, ReduceOptions>, options?: boolean | ReduceOptions): ValuesAndIndices;
  /** The smaller of two, element by element, as {@linkcode minimum}. */
  min(this: Tensor, other: Tensor): Tensor;
  min(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions> | Tensor,
    options?: boolean | ReduceOptions,
  ): Tensor | ValuesAndIndices {
    return extreme.min(this, dim as DimOr<number, ReduceOptions>, options);
  }

  /** The variance over the axes `dim`, over all if none are given; the method is `x.var()`. */
  var(
    this: Tensor,
    dim?: DimOr<Dims, SpreadOptions> | boolean,
    options?: boolean | SpreadOptions,
    keepdim?: boolean,
  ): Tensor {
    return statistics.variance(this, dim, options, keepdim);
  }

  /** The standard deviation over the axes `dim`, over all if none are given. */
  std(
    this: Tensor,
    dim?: DimOr<Dims, SpreadOptions> | boolean,
    options?: boolean | SpreadOptions,
    keepdim?: boolean,
  ): Tensor {
    return statistics.std(this, dim, options, keepdim);
  }

  /** The p-norm over the axes `dim`, over all if none are given: `sum(|x| ** p) ** (1 / p)`. */
  norm(
    this: Tensor,
    p?: number | statistics.NamedNormOptions,
    dim?: DimOr<Dims, statistics.VectorNormOptions>,
    options?: boolean | statistics.VectorNormOptions,
  ): Tensor {
    return statistics.norm(this, p, dim, options);
  }

  /** `log(sum(exp(x)))` over the axes `dim`, over all if none are given, without overflow. */
  logsumexp(this: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
    return statistics.logsumexp(this, dim, options);
  }

  /** {@linkcode variance} and {@linkcode mean} over the same axes. */
  varMean(
    this: Tensor,
    dim?: DimOr<Dims, SpreadOptions> | boolean,
    options?: boolean | SpreadOptions,
    keepdim?: boolean,
  ): [variance: Tensor, mean: Tensor] {
    return statistics.varMean(this, dim, options, keepdim);
  }

  /** Running sums along `dim`; bool and integers give int64. */
  cumsum(this: Tensor, dim: DimOr<number>): Tensor {
    return scan.cumsum(this, dim);
  }

  /** Running products along `dim`; bool and integers give int64. */
  cumprod(this: Tensor, dim: DimOr<number>): Tensor {
    return scan.cumprod(this, dim);
  }

  /**
   * The largest elements so far along `dim`, and their positions (int64): of equals the last, to which the
   * gradient goes.
   */
  cummax(this: Tensor, dim: DimOr<number>): ValuesAndIndices {
    return cummax.cummax(this, dim);
  }

  /**
   * The smallest elements so far along `dim`, and their positions (int64): of equals the last, to which the
   * gradient goes.
   */
  cummin(this: Tensor, dim: DimOr<number>): ValuesAndIndices {
    return cummax.cummin(this, dim);
  }

  /** Logarithms of running sums of `exp(x)` along `dim`, without overflow. */
  logcumsumexp(this: Tensor, dim: DimOr<number>): Tensor {
    return scan.logcumsumexp(this, dim);
  }

  /** This tensor sorted along `dim`, and where the elements were (int64). */
  sort(this: Tensor, dim?: DimOr<number, SortOptions>, options?: boolean | SortOptions): ValuesAndIndices {
    return sort.sort(this, dim, options);
  }

  /** This tensor sorted along its first axis. */
  msort(this: Tensor): Tensor {
    return sort.msort(this);
  }

  /** The int64 indices that sort this tensor along `dim`. */
  argsort(this: Tensor, dim?: DimOr<number, SortOptions>, options?: boolean | SortOptions): Tensor {
    return sort.argsort(this, dim, options);
  }

  /** The `k` largest elements along `dim` in order, and where they were (int64). */
  topk(
    this: Tensor,
    k: number,
    dim?: DimOr<number, TopkOptions>,
    options?: boolean | TopkOptions,
    sorted?: boolean,
  ): ValuesAndIndices {
    return sort.topk(this, k, dim, options, sorted);
  }

  // ---------------- order statistics, histograms, covariances

  /** The middle element of all, the lower of two; NaN if any is, or if there is none. */
  median(this: Tensor): Tensor;
  /** The middle elements along `dim`, the lower of two, and where they are; NaN where there is one. */
  median(
    this: Tensor,
    dim: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): ValuesAndIndices;
  median(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): Tensor | ValuesAndIndices {
    return median.median(this, dim as DimOr<number, ReduceOptions>, options);
  }

  /** The middle element of all that are not NaN, the lower of two; NaN if there is none. */
  nanmedian(this: Tensor): Tensor;
  /** The middle elements along `dim` of those that are not NaN, the lower of two, and where they are. */
  nanmedian(
    this: Tensor,
    dim: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): ValuesAndIndices;
  nanmedian(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): Tensor | ValuesAndIndices {
    return median.nanmedian(this, dim as DimOr<number, ReduceOptions>, options);
  }

  /** The `k`-th smallest elements along `dim`, counted from 1, and where they are; NaN counts as largest. */
  kthvalue(
    this: Tensor,
    k: number,
    dim?: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): ValuesAndIndices {
    return median.kthvalue(this, k, dim, options);
  }

  /** The most frequent elements along `dim`, the smallest of several, and where they occur last. */
  mode(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): ValuesAndIndices {
    return modes.mode(this, dim, options);
  }

  /**
   * The numbers below which a share `q` of the elements along `dim` lies, of all if none is given; NaN where
   * any is.
   */
  quantile(
    this: Tensor,
    q: Tensor | number,
    dim?: DimOr<number, quantile.QuantileOptions>,
    options?: boolean | quantile.QuantileOptions,
  ): Tensor {
    return quantile.quantile(this, q, dim, options);
  }

  /**
   * Quantiles of the elements that are not NaN, otherwise as {@linkcode quantile}; NaN where a row has none.
   */
  nanquantile(
    this: Tensor,
    q: Tensor | number,
    dim?: DimOr<number, quantile.QuantileOptions>,
    options?: boolean | quantile.QuantileOptions,
  ): Tensor {
    return quantile.nanquantile(this, q, dim, options);
  }

  /** The sum over the axes `dim`, over all if none are given, of the elements that are not NaN. */
  nansum(this: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
    return nanReduce.nansum(this, dim, options);
  }

  /**
   * The mean over the axes `dim`, over all if none are given, of the elements that are not NaN; NaN where
   * there is none.
   */
  nanmean(this: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
    return nanReduce.nanmean(this, dim, options);
  }

  /**
   * The smallest and the largest elements along `dim`, of all if none is given; the slope is shared evenly
   * over ties.
   */
  aminmax(
    this: Tensor,
    dim?: DimOr<number, ReduceOptions>,
    options?: boolean | ReduceOptions,
  ): extreme.AminmaxResult {
    return extreme.aminmax(this, dim, options);
  }

  /**
   * How many elements lie in each of `bins` ranges of equal width, in the dtype of this tensor; what lies
   * outside does not count.
   */
  histc(this: Tensor, options?: histogram.HistcOptions): Tensor {
    return histogram.histc(this, options);
  }

  /**
   * How many elements lie in each of several ranges, and the edges of these; what lies outside does not
   * count.
   */
  histogram(
    this: Tensor,
    bins: number | Tensor,
    options?: histogram.HistogramOptions,
  ): histogram.HistogramResult {
    return histogram.histogram(this, bins, options);
  }

  /** Differences of neighbors along `dim`, `n` times over; of bool, whether neighbors differ. */
  diff(this: Tensor, n?: number, dim?: number, options?: differences.DiffOptions): Tensor {
    return differences.diff(this, n, dim, options);
  }

  /**
   * The matrix of covariances of variables, the rows of this tensor, whose columns are observations; of one
   * variable, a vector, its variance.
   */
  cov(this: Tensor, options?: covariance.CovOptions): Tensor {
    return covariance.cov(this, options);
  }

  /**
   * The matrix of Pearson's correlations of variables, the rows of this tensor, whose columns are
   * observations.
   */
  corrcoef(this: Tensor): Tensor {
    return covariance.corrcoef(this);
  }

  /** {@linkcode cumsum} in the place of this tensor. */
  cumsum_(this: Tensor, dim: DimOr<number>): Tensor {
    return scan.cumsum_(this, dim);
  }

  /** {@linkcode cumprod} in the place of this tensor. */
  cumprod_(this: Tensor, dim: DimOr<number>): Tensor {
    return scan.cumprod_(this, dim);
  }

  // ---------------- other looks at elements, parts and joins

  /** This tensor under another shape of as many elements, in row-major order: `x.reshape(2, -1)`, or a list. */
  reshape(this: Tensor, ...sizes: Sizes): Tensor {
    return reshape.reshape(this, ...sizes);
  }

  /** {@linkcode reshape} that never copies: a RangeError where the strides of this tensor allow no view. */
  view(this: Tensor, ...sizes: Sizes): Tensor {
    return reshape.view(this, ...sizes);
  }

  /**
   * A view of the memory that this tensor lies in: element `[i, j]` is at place `offset + i * strides[0] + j
   * * strides[1]`, counted in elements.
   */
  asStrided(this: Tensor, shape: Shape, strides: readonly number[], offset?: number): Tensor {
    return asStrided.asStrided(this, shape, strides, offset);
  }

  /** A copy of this tensor with `source` in place of what {@linkcode asStrided} would show. */
  asStridedScatter(
    this: Tensor,
    source: Tensor,
    shape: Shape,
    strides: readonly number[],
    offset?: number,
  ): Tensor {
    return asStrided.asStridedScatter(this, source, shape, strides, offset);
  }

  /** Axes `startDim` to `endDim`, both included, joined to one; a scalar becomes [1]. */
  flatten(this: Tensor, startDim?: number, endDim?: number): Tensor {
    return reshape.flatten(this, startDim, endDim);
  }

  /** Axis `dim` split into axes of the extents `sizes`, one of which may be -1. */
  unflatten(this: Tensor, dim: number, sizes: Shape): Tensor {
    return reshape.unflatten(this, dim, sizes);
  }

  /**
   * This tensor without its axes of extent 1, or without those of them that `dim` names; other axes stay.
   */
  squeeze(this: Tensor, dim?: DimOr<number | readonly number[]>): Tensor {
    return reshape.squeeze(this, dim);
  }

  /** This tensor with a new axis of extent 1 at `dim`. */
  unsqueeze(this: Tensor, dim: DimOr<number>): Tensor {
    return reshape.unsqueeze(this, dim);
  }

  /** This tensor with its axes in the order `dims`, which names each once: `x.permute(1, 0)`, or a list. */
  permute(this: Tensor, ...dims: Sizes): Tensor {
    return permute.permute(this, ...dims);
  }

  /** This tensor with axes `dim0` and `dim1` exchanged. */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return permute.transpose(this, dim0, dim1);
  }

  /** The transpose of a matrix; a vector or scalar is left as it is. */
  t(this: Tensor): Tensor {
    return permute.t(this);
  }

  /** This tensor with the axes `source` at the places `destination`, the others in their order. */
  movedim(this: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
    return permute.movedim(this, source, destination);
  }

  /**
   * A view of this tensor repeated over a shape, without a copy: axes of extent 1 are repeated, new ones
   * added in front. `x.expand(3, -1)`, or a list.
   */
  expand(this: Tensor, ...sizes: Sizes): Tensor {
    return expand.expand(this, ...sizes);
  }

  /** {@linkcode expand} to the shape of `other`. */
  expandAs(this: Tensor, other: Tensor): Tensor {
    return expand.expandAs(this, other);
  }

  /** {@linkcode expand}, as NumPy calls it. */
  broadcastTo(this: Tensor, ...sizes: Sizes): Tensor {
    return expand.broadcastTo(this, ...sizes);
  }

  /**
   * A copy of this tensor laid so many times along each axis, `x.repeat(2, 1)` or a list; more repeats than
   * axes add axes in front.
   */
  repeat(this: Tensor, ...repeats: Sizes): Tensor {
    return expand.repeat(this, ...repeats);
  }

  /** {@linkcode repeat} that may name the last axes alone. */
  tile(this: Tensor, ...repeats: Sizes): Tensor {
    return expand.tile(this, ...repeats);
  }

  /** The part of this tensor at position `index` of axis `dim`, without that axis. */
  select(this: Tensor, dim: number, index: number): Tensor {
    return slice.select(this, dim, index);
  }

  /** `length` positions of axis `dim` from `start` on, which counts from the end if negative. */
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return slice.narrow(this, dim, start, length);
  }

  /**
   * Positions `start` to `end` (not included) of axis `dim`, in steps of `step`, as Python's
   * `x[start:end:step]`.
   */
  slice(this: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor {
    return slice.slice(this, dim, start, end, step);
  }

  /**
   * This tensor in pieces of `size` positions of axis `dim`, the last one smaller if need be; or of the
   * extents in a list.
   */
  split(this: Tensor, size: number | readonly number[], dim?: DimOr<number>): Tensor[] {
    return slice.split(this, size, dim);
  }

  /** The parts of this tensor at each position of axis `dim`, without that axis. */
  unbind(this: Tensor, dim?: DimOr<number>): Tensor[] {
    return slice.unbind(this, dim);
  }

  /** This tensor in at most `chunks` pieces along `dim`, all of one size but for the last. */
  chunk(this: Tensor, chunks: number, dim?: DimOr<number>): Tensor[] {
    return slice.chunk(this, chunks, dim);
  }

  /** A copy of this tensor, backwards along the axes `dims`: `x.flip(0, 1)`, or a list. */
  flip(this: Tensor, ...dims: Sizes): Tensor {
    return flip.flip(this, ...dims);
  }

  /**
   * This tensor moved by `shifts` along `dims`, where what leaves at one end enters at the other; flattened
   * meanwhile if none are given.
   */
  roll(this: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
    return flip.roll(this, shifts, dims);
  }

  /**
   * A view of this tensor through a window of `size` elements that moves along `dim` by `step`: the windows
   * at `dim`, their elements along a new last axis.
   */
  unfold(this: Tensor, dim: number, size: number, step: number, options?: WindowOptions): Tensor {
    return unfold.slidingWindow(this, dim, size, step, options);
  }

  /**
   * The adjoint of {@linkcode slidingWindow}: windows at `dim`, their elements along the last axis, added up
   * where they overlap on an axis of extent `length`.
   */
  fold(this: Tensor, dim: number, length: number, step: number, options?: WindowOptions): Tensor {
    return unfold.overlapAdd(this, dim, length, step, options);
  }

  /** This tensor with margins, or with its edges cut off where they are negative. */
  pad(this: Tensor, padding: readonly number[], options?: PadOptions): Tensor {
    return pad.pad(this, padding, options);
  }

  /** A view of the diagonal of the matrices in axes `dim0` and `dim1`, as the last axis. */
  diagonal(this: Tensor, offset?: number, dim0?: number, dim1?: number): Tensor {
    return diagonals.diagonal(this, offset, dim0, dim1);
  }

  /**
   * A copy of the diagonal of a matrix, or the matrix of zeros with the vector this tensor on its diagonal.
   */
  diag(this: Tensor, diagonal?: number): Tensor {
    return diagonals.diag(this, diagonal);
  }

  /** Matrices with zeros above a diagonal: 0 is the main one, those above it are positive. */
  tril(this: Tensor, diagonal?: number): Tensor {
    return triangle.tril(this, diagonal);
  }

  /** Matrices with zeros below a diagonal: 0 is the main one, those above it are positive. */
  triu(this: Tensor, diagonal?: number): Tensor {
    return triangle.triu(this, diagonal);
  }

  /** {@linkcode tril} in the place of this tensor. */
  tril_(this: Tensor, diagonal?: number): Tensor {
    return triangle.tril_(this, diagonal);
  }

  /** {@linkcode triu} in the place of this tensor. */
  triu_(this: Tensor, diagonal?: number): Tensor {
    return triangle.triu_(this, diagonal);
  }

  // ---------------- cut, turned and laid out otherwise

  /** A matrix with its two axes exchanged, see {@linkcode t}; a vector or a scalar as it is. */
  get T(): Tensor {
    return permute.t(this as unknown as Tensor);
  }

  /** Matrices transposed: a view with the last two axes exchanged, of which there must be two at least. */
  get mT(): Tensor {
    return permute.adjoint(this as unknown as Tensor);
  }

  /** Matrices transposed, as {@linkcode adjoint} gives them: numbers are real. */
  get mH(): Tensor {
    return permute.adjoint(this as unknown as Tensor);
  }

  /** All elements of this tensor in one axis: a view where its strides allow one. */
  ravel(this: Tensor): Tensor {
    return reshape.ravel(this);
  }

  /** {@linkcode view} with the shape of `other`. */
  viewAs(this: Tensor, other: Tensor): Tensor {
    return reshape.viewAs(this, other);
  }

  /** {@linkcode reshape} to the shape of `other`. */
  reshapeAs(this: Tensor, other: Tensor): Tensor {
    return reshape.reshapeAs(this, other);
  }

  /**
   * The elements of this tensor added up to a shape, which broadcasts to the shape of this tensor: what
   * undoes a broadcast, as gradients need it.
   */
  sumToSize(this: Tensor, ...sizes: Sizes): Tensor {
    return expand.sumToSize(this, ...sizes);
  }

  /** The positions 0, 1, ... each as often as `repeats` says. */
  repeatInterleave(
    this: Tensor,
    repeats_: Tensor | number | readonly number[],
    dim?: number,
    options?: RepeatInterleaveOptions,
  ): Tensor {
    return repeatInterleave.repeatInterleave(this, repeats_, dim, options);
  }

  /** {@linkcode movedim}, as NumPy calls it. */
  moveaxis(
    this: Tensor,
    source: number | readonly number[],
    destination: number | readonly number[],
  ): Tensor {
    return permute.moveaxis(this, source, destination);
  }

  /** {@linkcode transpose}, as NumPy calls it. */
  swapaxes(this: Tensor, axis0: number, axis1: number): Tensor {
    return permute.swapaxes(this, axis0, axis1);
  }

  /** {@linkcode transpose}: two axes exchanged. */
  swapdims(this: Tensor, dim0: number, dim1: number): Tensor {
    return permute.swapdims(this, dim0, dim1);
  }

  /** Matrices transposed: the last two axes of this tensor exchanged. */
  adjoint(this: Tensor): Tensor {
    return permute.adjoint(this);
  }

  /** A copy of this tensor, backwards along its second axis: left and right of a matrix exchanged. */
  fliplr(this: Tensor): Tensor {
    return flip.fliplr(this);
  }

  /** A copy of this tensor, backwards along its first axis: top and bottom of a matrix exchanged. */
  flipud(this: Tensor): Tensor {
    return flip.flipud(this);
  }

  /**
   * A copy of this tensor turned by 90 degrees `k` times in the plane of two axes, from the first toward the
   * second; by a negative `k` the other way round.
   */
  rot90(this: Tensor, k?: number, dims?: readonly number[]): Tensor {
    return flip.rot90(this, k, dims);
  }

  /**
   * This tensor in `sections` parts along `dim` whose extents differ by at most one, or cut before the
   * positions in a list: views.
   */
  tensorSplit(this: Tensor, sections: Sections, dim?: number): Tensor[] {
    return split.tensorSplit(this, sections, dim);
  }

  /**
   * This tensor cut along its second axis, a vector along its only one, as {@linkcode tensorSplit} does it:
   * into parts of one extent.
   */
  hsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.hsplit(this, sections);
  }

  /** This tensor cut along its first axis, as {@linkcode tensorSplit} does it: into parts of one extent. */
  vsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.vsplit(this, sections);
  }

  /** This tensor cut along its third axis, as {@linkcode tensorSplit} does it: into parts of one extent. */
  dsplit(this: Tensor, sections: Sections): Tensor[] {
    return split.dsplit(this, sections);
  }

  /** {@linkcode narrow} as a copy. */
  narrowCopy(this: Tensor, dim: number, start: number, length: number): Tensor {
    return slice.narrowCopy(this, dim, start, length);
  }

  /** This tensor with `source` in the place of the positions that {@linkcode slice} names. */
  sliceScatter(this: Tensor, source: Tensor, options?: SliceScatterOptions): Tensor {
    return viewScatter.sliceScatter(this, source, options);
  }

  /** This tensor with `source` in the place of position `index` of axis `dim`; see {@linkcode select}. */
  selectScatter(this: Tensor, source: Tensor, dim: number, index: number): Tensor {
    return viewScatter.selectScatter(this, source, dim, index);
  }

  /** This tensor with `source` in the place of a diagonal; see {@linkcode diagonal}. */
  diagonalScatter(this: Tensor, source: Tensor, options?: DiagonalScatterOptions): Tensor {
    return viewScatter.diagonalScatter(this, source, options);
  }

  /** The matrix of zeros with the elements of this tensor, in row-major order, on a diagonal. */
  diagflat(this: Tensor, offset?: number): Tensor {
    return diagonals.diagflat(this, offset);
  }

  /** Matrices of zeros with the last axis of this tensor on a diagonal: what undoes {@linkcode diagonal}. */
  diagEmbed(this: Tensor, options?: DiagEmbedOptions): Tensor {
    return diagonals.diagEmbed(this, options);
  }

  /** Overwrites the main diagonal of this tensor with `value`; returns this tensor. */
  fillDiagonal_(this: Tensor, value: number, options?: FillDiagonalOptions): Tensor {
    return diagonals.fillDiagonal_(this, value, options);
  }

  // ---------------- positions that tensors name

  /**
   * Elements of this tensor at the positions `index` along `dim`: `output[i][j] = x[i][index[i][j]]` for a
   * matrix and `dim` 1.
   */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return gather.gather(this, dim, index);
  }

  /**
   * {@linkcode gather} where the other axes of this tensor and `index` broadcast, and negative positions
   * count from the end; this tensor and `index` as one row each if no `dim` is given.
   */
  takeAlongDim(this: Tensor, index: Tensor, dim?: number): Tensor {
    return gather.takeAlongDim(this, index, dim);
  }

  /** The parts of this tensor at the positions `index` (integers, one axis) of axis `dim`. */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return gather.indexSelect(this, dim, index);
  }

  /**
   * This tensor with elements of `source` in their places: `output[i][index[i][j]] = source[i][j]` for a
   * matrix and `dim` 1; the last of equals stays.
   */
  scatter(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    options?: ScatterOptions,
  ): Tensor {
    return scatter.scatter(this, dim, index, source, options);
  }

  /** {@linkcode scatter} in the place of this tensor. */
  scatter_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    options?: ScatterOptions,
  ): Tensor {
    return scatter.scatter_(this, dim, index, source, options);
  }

  /**
   * This tensor with elements of `source` added: `output[i][index[i][j]] += source[i][j]` for a matrix and
   * `dim` 1.
   */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return scatter.scatterAdd(this, dim, index, source);
  }

  /** {@linkcode scatterAdd} in the place of this tensor. */
  scatterAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return scatter.scatterAdd_(this, dim, index, source);
  }

  /**
   * This tensor with elements of `source` combined with what is in their places, for a matrix and `dim` 1
   * with `x[i][index[i][j]]`.
   */
  scatterReduce(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    reduction: ScatterReduction,
    options?: ScatterReduceOptions,
  ): Tensor {
    return scatterReduce.scatterReduce(this, dim, index, source, reduction, options);
  }

  /** {@linkcode scatterReduce} in the place of this tensor. */
  scatterReduce_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor | number,
    reduction: ScatterReduction,
    options?: ScatterReduceOptions,
  ): Tensor {
    return scatterReduce.scatterReduce_(this, dim, index, source, reduction, options);
  }

  /**
   * This tensor with `alpha` times the parts of `source` along `dim` added to its parts at the positions
   * `index` (integers, one axis).
   */
  indexAdd(this: Tensor, dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor {
    return indexAlong.indexAdd(this, dim, index, source, options);
  }

  /** {@linkcode indexAdd} in the place of this tensor. */
  indexAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor {
    return indexAlong.indexAdd_(this, dim, index, source, options);
  }

  /**
   * This tensor with the parts of `source` along `dim` in the place of its parts at the positions `index`
   * (integers, one axis).
   */
  indexCopy(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return indexAlong.indexCopy(this, dim, index, source);
  }

  /** {@linkcode indexCopy} in the place of this tensor. */
  indexCopy_(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return indexAlong.indexCopy_(this, dim, index, source);
  }

  /**
   * This tensor with `value` at the positions `index` (integers, one axis; negative ones count from the end)
   * along `dim`.
   */
  indexFill(this: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
    return indexAlong.indexFill(this, dim, index, value);
  }

  /** {@linkcode indexFill} in the place of this tensor. */
  indexFill_(this: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
    return indexAlong.indexFill_(this, dim, index, value);
  }

  /**
   * This tensor with the parts of `source` along `dim` combined with its parts at the positions `index`
   * (integers, one axis).
   */
  indexReduce(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor,
    reduction: IndexReduction,
    options?: ScatterReduceOptions,
  ): Tensor {
    return indexAlong.indexReduce(this, dim, index, source, reduction, options);
  }

  /** {@linkcode indexReduce} in the place of this tensor. */
  indexReduce_(
    this: Tensor,
    dim: number,
    index: Tensor,
    source: Tensor,
    reduction: IndexReduction,
    options?: ScatterReduceOptions,
  ): Tensor {
    return indexAlong.indexReduce_(this, dim, index, source, reduction, options);
  }

  /**
   * The elements of this tensor, as one row, at the positions `index` (integers of any shape, which is that
   * of the result; negative ones count from the end).
   */
  take(this: Tensor, index: Tensor): Tensor {
    return take.take(this, index);
  }

  /**
   * This tensor with the elements of `source` at the positions `index` of its elements, which are counted in
   * row-major order; negative ones count from the end.
   */
  put(this: Tensor, index: Tensor, source: Tensor, options?: IndexPutOptions): Tensor {
    return take.put(this, index, source, options);
  }

  /** {@linkcode put} in the place of this tensor. */
  put_(this: Tensor, index: Tensor, source: Tensor, options?: IndexPutOptions): Tensor {
    return take.put_(this, index, source, options);
  }

  // ---------------- picked and overwritten by indices

  /**
   * The part of this tensor that `indices` name, as Python's `x[...]`: a number takes one position and drops
   * the axis, a {@linkcode Slice} or a string `"start:end:step"` keeps it, `null` is a new axis, `"..."`
   * stands for all axes that are not named; these give views.
   */
  at(this: Tensor, ...indices: Index[]): Tensor {
    return atIndex.at(this, ...indices);
  }

  /**
   * Overwrites the part of this tensor that `indices` name, as {@linkcode at} takes them, with `value`:
   * `x[indices] = value`.
   */
  set(this: Tensor, indices: Index | readonly Index[], value: Tensor | number | boolean): Tensor {
    return setAt.set(this, indices, value);
  }

  /** This tensor with `values` where `indices` are: `x[indices] = values`, as a new tensor. */
  indexPut(
    this: Tensor,
    indices: readonly (Tensor | null)[],
    values: Tensor | number,
    options?: IndexPutOptions,
  ): Tensor {
    return indexPut.indexPut(this, indices, values, options);
  }

  /** {@linkcode indexPut} in the place of this tensor. */
  indexPut_(
    this: Tensor,
    indices: readonly (Tensor | null)[],
    values: Tensor | number,
    options?: IndexPutOptions,
  ): Tensor {
    return indexPut.indexPut_(this, indices, values, options);
  }

  /** This tensor with `value` wherever `mask`, which broadcasts, is true. */
  maskedFill(this: Tensor, mask: Tensor, value: Tensor | number): Tensor {
    return maskedFill.maskedFill(this, mask, value);
  }

  /** {@linkcode maskedFill} in the place of this tensor. */
  maskedFill_(this: Tensor, mask: Tensor, value: Tensor | number): Tensor {
    return maskedFill.maskedFill_(this, mask, value);
  }

  /** The elements of this tensor where `mask` is true, in a row; shapes broadcast. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    return search.maskedSelect(this, mask);
  }

  /** This tensor with the elements of `source` one after the other where `mask` is true. */
  maskedScatter(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    return maskedScatter.maskedScatter(this, mask, source);
  }

  /** {@linkcode maskedScatter} in the place of this tensor, to which the mask broadcasts. */
  maskedScatter_(this: Tensor, mask: Tensor, source: Tensor): Tensor {
    return maskedScatter.maskedScatter_(this, mask, source);
  }

  /** Positions of the elements that are not 0, one a row: integers [count, axes]. */
  nonzero(this: Tensor, options?: NonzeroOptions & { readonly asTuple?: false }): Tensor;
  /** The positions of the elements that are not 0, by one tensor for each axis. */
  nonzero(this: Tensor, options: NonzeroOptions & { readonly asTuple: true }): Tensor[];
  nonzero(this: Tensor, options?: NonzeroOptions): Tensor | Tensor[] {
    return search.nonzero(this, options);
  }

  /**
   * The first `size` positions of elements that are not 0, one a row, as {@linkcode nonzero} gives them:
   * integers [size, axes].
   */
  nonzeroStatic(this: Tensor, size: number, options?: NonzeroStaticOptions): Tensor {
    return nonzeroStatic.nonzeroStatic(this, size, options);
  }

  /** {@linkcode nonzero}, as NumPy calls it. */
  argwhere(this: Tensor): Tensor {
    return search.argwhere(this);
  }

  /**
   * The different elements of this tensor in ascending order; or the different parts along the axis that the
   * options name.
   */
  unique(this: Tensor, options: UniqueOptions & UniqueTold): UniqueResult;
  /** The different elements in ascending order, without anything told of where they were. */
  unique(this: Tensor, options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
  unique(this: Tensor, options?: UniqueOptions): Tensor | UniqueResult {
    return unique.unique(this, options);
  }

  /**
   * The elements of this tensor, or the parts along the axis that the options name, without those that equal
   * the one before.
   */
  uniqueConsecutive(this: Tensor, options: UniqueConsecutiveOptions & UniqueTold): UniqueResult;
  /** The elements, or parts along an axis, without those that equal the one before. */
  uniqueConsecutive(
    this: Tensor,
    options?: UniqueConsecutiveOptions & { returnInverse?: false; returnCounts?: false },
  ): Tensor;
  uniqueConsecutive(this: Tensor, options?: UniqueConsecutiveOptions): Tensor | UniqueResult {
    return unique.uniqueConsecutive(this, options);
  }

  /**
   * The different elements of this tensor in ascending order, where they are and how many; or the different
   * parts along `dim`, by their first different element.
   */
  uniqueAll(this: Tensor, dim?: number): UniqueResult {
    return unique.uniqueAll(this, dim);
  }

  /**
   * How often each whole number from 0 on occurs in the vector this tensor: integers, or of the dtype of the
   * weights, where weights that are integers count as float64 (float32 on a device without it).
   */
  bincount(this: Tensor, options?: BincountOptions): Tensor {
    return bincount.bincount(this, options);
  }

  /**
   * Rows of 0 with a 1 at the place that each whole number of this tensor names: integers [..., numClasses].
   */
  oneHot(this: Tensor, numClasses?: number): Tensor {
    return oneHot.oneHot(this, numClasses);
  }

  // ---------------- products of matrices

  /** The product of matrices, vectors or batches of matrices, as PyTorch has it. */
  matmul(this: Tensor, other: Tensor): Tensor {
    return matmul.matmul(this, other);
  }

  /** The product of two matrices: `[m, k]` by `[k, n]`. */
  mm(this: Tensor, other: Tensor): Tensor {
    return matmul.mm(this, other);
  }

  /** The products of matrices one by one: `[b, m, k]` by `[b, k, n]`. */
  bmm(this: Tensor, other: Tensor): Tensor {
    return matmul.bmm(this, other);
  }

  /** The product of a matrix `[m, k]` and a vector `[k]`: `[m]`. */
  mv(this: Tensor, vector: Tensor): Tensor {
    return matmul.mv(this, vector);
  }

  /** The sum of the products of two vectors of one length, a scalar. */
  dot(this: Tensor, other: Tensor): Tensor {
    return matmul.dot(this, other);
  }

  /** All products of an element of `[m]` and one of `[n]`: `[m, n]`. */
  outer(this: Tensor, other: Tensor): Tensor {
    return matmul.outer(this, other);
  }

  /**
   * `beta * x + alpha * (a @ b)` in one kernel: `[m, k]` by `[k, n]`, and this tensor broadcast to `[m, n]`.
   */
  addmm(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addmm(this, a, b, options);
  }

  /** {@linkcode addmm} in the place of this tensor. */
  addmm_(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addmm_(this, a, b, options);
  }

  /**
   * `beta * x + alpha * (a @ b)` for batches of matrices, in one kernel: `[n, m, k]` by `[n, k, p]`, and this
   * tensor broadcast to `[n, m, p]`.
   */
  baddbmm(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.baddbmm(this, a, b, options);
  }

  /** {@linkcode baddbmm} in the place of this tensor. */
  baddbmm_(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.baddbmm_(this, a, b, options);
  }

  /**
   * `beta * x + alpha * sum_i (a_i @ b_i)` in one kernel: `[n, m, k]` by `[n, k, p]`, and this tensor
   * broadcast to `[m, p]`.
   */
  addbmm(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addbmm(this, a, b, options);
  }

  /** {@linkcode addbmm} in the place of this tensor. */
  addbmm_(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addbmm_(this, a, b, options);
  }

  /** `beta * x + alpha * (a @ v)` in one kernel: `[m, k]` by `[k]`, and this tensor broadcast to `[m]`. */
  addmv(this: Tensor, a: Tensor, v: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addmv(this, a, v, options);
  }

  /** {@linkcode addmv} in the place of this tensor. */
  addmv_(this: Tensor, a: Tensor, v: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addmv_(this, a, v, options);
  }

  /**
   * `beta * x + alpha * outer(a, b)` in one kernel: `[m]` by `[n]`, and this tensor broadcast to `[m, n]`.
   */
  addr(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addr(this, a, b, options);
  }

  /** {@linkcode addr} in the place of this tensor. */
  addr_(this: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
    return addmm.addr_(this, a, b, options);
  }

  /**
   * The sums of products along the last axis of both, for all pairs of vectors: `[..., k]` by `[***, k]`
   * gives `[..., ***]`; a scalar multiplies.
   */
  inner(this: Tensor, other: Tensor): Tensor {
    return tensordot.inner(this, other);
  }

  /** The `p`-norm of `a - b` over all elements, a scalar; shapes broadcast. */
  dist(this: Tensor, other: Tensor, p?: number): Tensor {
    return distance.dist(this, other, p);
  }

  /**
   * This tensor with the slices along axis `dim` whose `p`-norm is larger than `maxNorm` shrunk to that norm.
   */
  renorm(this: Tensor, p: number, dim: number, maxNorm: number): Tensor {
    return renorm.renorm(this, p, dim, maxNorm);
  }

  /** {@linkcode renorm} in the place of this tensor. */
  renorm_(this: Tensor, p: number, dim: number, maxNorm: number): Tensor {
    return renorm.renorm_(this, p, dim, maxNorm);
  }

  /**
   * X of `A X = B` from the factor L of `A = L L'` that {@linkcode cholesky} gives: B [..., n, k], L [..., n,
   * n]; batches broadcast.
   */
  choleskySolve(this: Tensor, factor: Tensor, options?: CholeskyOptions): Tensor {
    return linalg.choleskySolve(this, factor, options);
  }

  /** The inverse of A from the factor L of `A = L L'` [..., n, n] that {@linkcode cholesky} gives. */
  choleskyInverse(this: Tensor, options?: CholeskyOptions): Tensor {
    return linalg.choleskyInverse(this, options);
  }

  /** The sum of the diagonal of a matrix, a scalar. */
  trace(this: Tensor): Tensor {
    return trace.trace(this);
  }

  /**
   * The vectors of three elements along `dim`, the last axis by default, that are perpendicular to those of
   * `a` and `b`; other axes broadcast: as `torch.linalg.cross`.
   */
  cross(this: Tensor, other: Tensor, dim?: number): Tensor {
    return cross(this, other, dim);
  }

  /** Each element of `a` times the whole of `b`: extents multiply, axis by axis from the last. */
  kron(this: Tensor, other: Tensor): Tensor {
    return linalg.kron(this, other);
  }

  /**
   * The `n`-th powers of matrices [..., m, m]: 0 gives the identity, negative ones those of the inverses.
   */
  matrixPower(this: Tensor, n: number): Tensor {
    return linalg.matrixPower(this, n);
  }

  /** The exponentials of matrices [..., n, n]: `1 + A + A^2 / 2 + A^3 / 6 + ...`. */
  matrixExp(this: Tensor): Tensor {
    return linalg.matrixExp(this);
  }

  /** The inverses of matrices [..., n, n] of float32 or float64. */
  inverse(this: Tensor): Tensor {
    return linalg.inv(this);
  }

  /** The pseudo-inverses [..., n, m] of matrices [..., m, n] (Moore and Penrose), by singular values. */
  pinverse(this: Tensor, options?: RankOptions): Tensor {
    return linalg.pinv(this, options);
  }

  /** The determinants of matrices [..., n, n], as [...]. */
  det(this: Tensor): Tensor {
    return linalg.det(this);
  }

  /** Signs and logarithms of the determinants of matrices [..., n, n], both [...]: they do not overflow. */
  slogdet(this: Tensor): SlogdetResult {
    return linalg.slogdet(this);
  }

  /** Logarithms of the determinants of matrices [..., n, n]: NaN where one is negative. */
  logdet(this: Tensor): Tensor {
    return linalg.logdet(this);
  }

  /**
   * Lower triangular L of `A = L L'` for symmetric positive definite matrices [..., n, n], of which the lower
   * triangle is read; the gradient is symmetric.
   */
  cholesky(this: Tensor, options?: CholeskyOptions): Tensor {
    return linalg.cholesky(this, options);
  }

  /** `x @ weight.T + bias`, in one kernel. */
  linear(this: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
    return linear.linear(this, weight, bias);
  }

  // ---------------- networks

  /** `exp(x) / sum exp(x)` along axis `dim`, without overflow. */
  softmax(this: Tensor, dim: DimOr<number>): Tensor {
    return softmax.softmax(this, dim);
  }

  /** `x - log(sum exp(x))` along axis `dim`, without overflow. */
  logSoftmax(this: Tensor, dim: DimOr<number>): Tensor {
    return softmax.logSoftmax(this, dim);
  }

  /** {@linkcode softmax} of `-x`. */
  softmin(this: Tensor, dim: DimOr<number>): Tensor {
    return softmax.softmin(this, dim);
  }

  /**
   * The cross-correlation of images with a filter for each output channel, as deep-learning libraries call
   * convolution.
   */
  conv2d(this: Tensor, weight: Tensor, bias?: Tensor | null, options?: Conv2dOptions): Tensor {
    return conv2d.conv2d(this, weight, bias, options);
  }

  /** {@linkcode conv2d} over one axis. */
  conv1d(this: Tensor, weight: Tensor, bias?: Tensor | null, options?: Conv1dOptions): Tensor {
    return conv2d.conv1d(this, weight, bias, options);
  }

  /**
   * The largest element of each window of each channel; NaN wins, and of equals the first takes the gradient.
   */
  maxPool2d(this: Tensor, kernelSize: Pair, options?: MaxPool2dOptions): Tensor {
    return maxPool.maxPool2d(this, kernelSize, options);
  }

  /** {@linkcode maxPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
  maxPool1d(this: Tensor, kernelSize: number, options?: MaxPool1dOptions): Tensor {
    return maxPool.maxPool1d(this, kernelSize, options);
  }

  /** The mean of each window of each channel. */
  avgPool2d(this: Tensor, kernelSize: Pair, options?: AvgPool2dOptions): Tensor {
    return avgPool.avgPool2d(this, kernelSize, options);
  }

  /** {@linkcode avgPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
  avgPool1d(this: Tensor, kernelSize: number, options?: AvgPool1dOptions): Tensor {
    return avgPool.avgPool1d(this, kernelSize, options);
  }

  /**
   * `(x - mean) / sqrt(variance + eps) * weight + bias`, mean and biased variance taken over the last axes
   * (Ba et al. 2016, arXiv:1607.06450).
   */
  layerNorm(
    this: Tensor,
    normalizedShape: Shape,
    weight?: Tensor | null,
    bias?: Tensor | null,
    options?: NormOptions,
  ): Tensor {
    return layerNorm.layerNorm(this, normalizedShape, weight, bias, options);
  }

  /** This tensor with its vectors along `dim` brought to length 1: `x / max(norm(x), eps)`. */
  normalize(this: Tensor, options?: NormalizeOptions): Tensor {
    return distance.normalize(this, options);
  }

  /**
   * This tensor with each element 0 with probability `p`, the others times `1 / (1 - p)` (Srivastava et al.
   * 2014); this tensor itself out of training.
   */
  dropout(this: Tensor, options?: DropoutOptions): Tensor {
    return dropout.dropout(this, options);
  }

  /** Positions drawn with probabilities in proportion to weights: `numSamples` of each row. */
  multinomial(this: Tensor, numSamples: number, options?: MultinomialOptions): Tensor {
    return multinomial.multinomial(this, numSamples, options);
  }

  /** `[..., c * r * r, h, w]` to `[..., c, h * r, w * r]` (Shi et al. 2016, arXiv:1609.05158). */
  pixelShuffle(this: Tensor, upscaleFactor: number): Tensor {
    return pixelShuffle.pixelShuffle(this, upscaleFactor);
  }

  /** `[..., c, h * r, w * r]` to `[..., c * r * r, h, w]`, undoing {@linkcode pixelShuffle}. */
  pixelUnshuffle(this: Tensor, downscaleFactor: number): Tensor {
    return pixelShuffle.pixelUnshuffle(this, downscaleFactor);
  }
}
