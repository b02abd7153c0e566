/** Places of tensors side by side in one buffer. */
import { bytesOf, type DType } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";

/** Bytes that the place of a tensor begins at a multiple of: as much as the widest load of any backend takes. */
const ALIGNMENT = 64;

/** The places of several tensors of one dtype in a buffer that holds them all, with gaps that belong to nobody. */
export class FlatLayout {
  /** The type of the elements. */
  readonly dtype: DType;
  /** The shapes of the tensors. */
  readonly shapes: readonly Shape[];
  /** The first element of each of them, and after these the end of the last place. */
  readonly starts: readonly number[];

  /** Places for tensors of `shapes`, in that order. */
  constructor(dtype: DType, shapes: readonly Shape[]) {
    this.dtype = dtype;
    this.shapes = shapes;
    // With a gap before the first, and one after the last, so that kernels see all of them alike.
    const step = ALIGNMENT / bytesOf(dtype), starts = [step];
    for (const shape of shapes) starts.push(starts.at(-1)! + Math.ceil(sizeOf(shape) / step) * step);
    this.starts = starts;
  }

  /** Elements of a buffer that holds all of them, gaps included. */
  get size(): number {
    return this.starts.at(-1)! + ALIGNMENT / bytesOf(this.dtype);
  }

  /** Positions of the elements of a buffer that belong to nobody. */
  gaps(): number[] {
    const gaps: number[] = [];
    let at = 0;
    const skipTo = (end: number): void => {
      for (; at < end; at++) gaps.push(at);
    };
    this.shapes.forEach((shape, i) => {
      skipTo(this.starts[i]!);
      at += sizeOf(shape);
    });
    skipTo(this.size);
    return gaps;
  }

  /** First byte of tensor `index`. */
  startOf(index: number): number {
    return this.starts[index]! * bytesOf(this.dtype);
  }

  /** Bytes of tensor `index`. */
  bytesOf(index: number): number {
    return sizeOf(this.shapes[index]!) * bytesOf(this.dtype);
  }
}
