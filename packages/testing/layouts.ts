/** The same values in different memory layouts. */
import { type Device, type DType, fromTypedArray, isFloating, type Shape, Tensor } from "@troodon/core";
import { rowMajor } from "@troodon/core/kernel";

/**
 * "contiguous"; "strided": transposed, every other element of a larger storage,
 * partly backwards, behind an offset; "repeated": one axis has a stride of 0.
 */
export type LayoutKind = "contiguous" | "strided" | "repeated";

/** A tensor of `values` (row-major) in a layout. `number` varies what strided and repeated mean from operand to operand. */
export function laidOut(
  device: Device,
  dtype: DType,
  shape: Shape,
  values: Float64Array,
  layout: LayoutKind,
  number: number,
): Tensor {
  if (layout === "contiguous" || values.length === 0) return fromTypedArray(values, shape, { device, dtype });
  return layout === "strided"
    ? strided(device, dtype, shape, values, number)
    : repeated(device, dtype, shape, values, number);
}

/** What lies between the elements: whoever reads it shows. */
const poison = (dtype: DType): number => isFloating(dtype) ? NaN : dtype === "bool" ? 1 : 99;

function strided(device: Device, dtype: DType, shape: Shape, values: Float64Array, number: number): Tensor {
  const reversed = rowMajor([...shape].reverse()).reverse();
  const backwards = number % 2;
  const strides = reversed.map((s, i) => 2 * (i < backwards ? -s : s));
  const offset = 1 + strides.reduce((at, s, i) => s < 0 ? at - s * (shape[i]! - 1) : at, 0);
  const memory = new Float64Array(2 * values.length + 1).fill(poison(dtype));
  const position = shape.map(() => 0);
  for (const value of values) {
    memory[position.reduce((at, p, i) => at + p * strides[i]!, offset)] = value;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
  using base = fromTypedArray(memory, [memory.length], { device, dtype });
  return new Tensor(device, base.storage.retain(), { shape, strides, offset }, dtype);
}

/** The axis along which repeated values are equal, or -1. */
function repeatedAxis(shape: Shape, number: number): number {
  return number % 2 === 0 ? shape.findIndex((n) => n > 1) : shape.findLastIndex((n) => n > 1);
}

/** The values that the layout "repeated" can hold: those at position 0 of one axis, everywhere along it. */
export function repeatValues(shape: Shape, values: Float64Array, number: number): Float64Array {
  const axis = repeatedAxis(shape, number);
  if (axis < 0) return values;
  const stride = rowMajor(shape)[axis]!;
  return values.map((_, i) => values[i - stride * (Math.floor(i / stride) % shape[axis]!)]!);
}

function repeated(device: Device, dtype: DType, shape: Shape, values: Float64Array, number: number): Tensor {
  const axis = repeatedAxis(shape, number);
  if (axis < 0) return fromTypedArray(values, shape, { device, dtype });
  const stride = rowMajor(shape)[axis]!, small = shape.with(axis, 1);
  const kept = values.filter((_, i) => Math.floor(i / stride) % shape[axis]! === 0);
  using base = fromTypedArray(kept, small, { device, dtype });
  return new Tensor(device, base.storage.retain(), {
    shape,
    strides: rowMajor(small).with(axis, 0),
    offset: 0,
  }, dtype);
}
