/** What convolutions by products with strips have in common: weights in order, blocks of rows, and who does what. */
import type { Geometry } from "../conv/geometry.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import type { Address, Argument } from "../plan/address.ts";
import type { PlanView } from "../plan/plan.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call, type Piece, pieces, type Task } from "../threads/task.ts";
import { filler } from "../zero.ts";
import { emitArrange, emitGather, emitOnes } from "./arrange.ts";
import type { Blas, Operand } from "./blas.ts";
import { Strips } from "./strips.ts";

/** Bytes of strips that stay in the second-level cache. */
const BLOCK_BYTES = 512 * 1024;
const { lanes: LANES } = NUMBER_TYPES.float32;
/** Up to here libraries have kernels that do without packing; but fewer pixels than this are not worth a call. */
const UNPACKED = 1e6, FEW_PIXELS = 64;
/** With fewer columns than this, a product is soon made, and what is added to should stay in the first-level cache. */
const FEW_COLUMNS = 32, NEAR = 4608;
/** Multiplications and additions in a nanosecond on one thread. */
const SPEED = 40;

/** Some rows of the result. */
export interface Block {
  readonly strips: Strips;
  /** The first of its pixels. */
  readonly first: number;
  /** Its pixels, as many at once as are best. */
  readonly chunks: readonly Piece[];
}

/** What one task does. */
export interface Share {
  readonly samples: Piece;
  readonly blocks: readonly Block[];
  /** Room for the strips of any of the blocks, with one row more. */
  readonly matrix: Address;
}

/** A convolution as products. */
export class StripProducts {
  readonly planner: Planner;
  readonly blas: Blas;
  readonly shapes: Geometry;
  /** Pixels of a result. */
  readonly pixels: number;
  /** Columns of the weights of a row of the window: one for the bias, then the rows of the strips. */
  readonly columns: number;
  readonly #blocks: readonly Block[];

  /** The convolution of the given extents. */
  constructor(planner: Planner, blas: Blas, shapes: Geometry) {
    const { channels, filters, samples, outHeight, outWidth, window: { size: [, kw], stride: [sh] } } =
      shapes;
    this.planner = planner;
    this.blas = blas;
    this.shapes = shapes;
    this.pixels = outHeight * outWidth;
    this.columns = 1 + channels * kw;
    const most = Math.max(1, Math.floor(BLOCK_BYTES / (4 * this.columns * outWidth * sh)));
    const enough = samples > 1 ? 1 : Math.min(outHeight, planner.parts(this.nanoseconds));
    const count = Math.max(1, (this.columns < FEW_COLUMNS ? NEAR : UNPACKED / this.columns) / filters);
    this.#blocks = pieces(outHeight, Math.max(enough, Math.ceil(outHeight / most))).map((rows) => {
      const strips = new Strips(planner, shapes, rows), { pixels } = strips;
      return {
        strips,
        first: rows.start * outWidth,
        chunks: pieces(pixels, count < FEW_PIXELS ? 1 : Math.ceil(pixels / count), LANES),
      };
    });
  }

  /** What it takes on one thread. */
  get nanoseconds(): number {
    const { samples, groups, filters, window: { size: [kh] } } = this.shapes;
    return samples * groups * filters * kh * this.columns * this.pixels / SPEED;
  }

  /** Tasks of about the same size: of some samples each, or of the only sample's blocks, if they may be `apart`. */
  shares(apart: boolean): Share[] {
    const { samples } = this.shapes, blocks = this.#blocks, parts = this.planner.parts(this.nanoseconds);
    const floats = this.columns * Math.max(0, ...blocks.map(({ strips }) => strips.length)) + LANES;
    const matrix = (): Address => this.planner.scratch(4 * floats);
    if (samples > 1 || !apart) {
      return pieces(samples, parts).map((samples) => ({ samples, blocks, matrix: matrix() }));
    }
    return blocks.map((block) => ({
      samples: { start: 0, size: samples },
      blocks: [block],
      matrix: matrix(),
    }));
  }

  /** Does the tasks. */
  run(tasks: readonly Task<Argument>[]): void {
    this.planner.run(tasks, this.nanoseconds);
  }

  /** Puts matrices of weights in order, one for each group and row of the window; a first column for the bias. Their address. */
  weights(weight: PlanView, bias?: PlanView): Address {
    const { groups, filters, channels, window: { size: [kh, kw] } } = this.shapes, { columns } = this;
    const floats = filters * columns, to = this.planner.scratch(4 * groups * kh * floats);
    const { arrange } = this.planner.instance("blas/arrange", emitArrange);
    const { gather } = this.planner.instance("blas/gather", emitGather), calls: Call<Argument>[] = [];
    for (let group = 0; group < groups; group++) {
      const first = to.plus(4 * group * kh * floats), filter = group * filters;
      const from = weight.address.plus(4 * filter * channels * kh * kw);
      calls.push(call(arrange!, from, first, filters, channels, kh, kw));
      if (!bias) continue;
      const values = bias.address.plus(4 * filter);
      calls.push(call(gather!, values, 4, 4, first, 4 * columns, 4, filters, 1, 1));
    }
    this.planner.run([calls], 0);
    return to;
  }

  /** One of these matrices, without its first `skipped` columns. */
  weightsOf(weights: Address, group: number, ky: number, skipped: 0 | 1): Omit<Operand, "transposed"> {
    const { filters, window: { size: [kh] } } = this.shapes, { columns } = this;
    return {
      pointer: weights.plus(4 * ((group * kh + ky) * filters * columns + skipped)),
      stride: columns,
    };
  }

  /** Address of the images of a sample and group in x [n, c, h, w]. */
  images(x: PlanView, sample: number, group: number): Address {
    const { groups, channels, height, width } = this.shapes;
    return x.address.plus(4 * (sample * groups + group) * channels * height * width);
  }

  /** Address of a block of the same in y [n, o, h', w']. */
  outputs(y: PlanView, sample: number, group: number, { first }: Block): Address {
    const { groups, filters } = this.shapes;
    return y.address.plus(4 * ((sample * groups + group) * filters * this.pixels + first));
  }

  /** The calls that prepare a matrix for strips: a row of ones, if it is wanted, and zeros for the padding. */
  prepare(matrix: Address, { length, rows, padded }: Strips, ones: boolean): Call<Argument>[] {
    const calls: Call<Argument>[] = [];
    if (ones) calls.push(call(this.planner.instance("blas/ones", emitOnes).ones!, matrix, length));
    if (padded) calls.push(call(filler(this.planner), matrix.plus(4 * length), 4 * length * rows));
    return calls;
  }
}
