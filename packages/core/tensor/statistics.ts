/** Order statistics, histograms, covariances and differences, as methods. */
import * as covariance from "../ops/reduction/covariance.ts";
import * as differences from "../ops/reduction/differences.ts";
import * as extreme from "../ops/reduction/extreme.ts";
import type { ValuesAndIndices } from "../ops/reduction/extreme.ts";
import * as histograms from "../ops/reduction/histogram.ts";
import * as medians from "../ops/reduction/median.ts";
import * as modes from "../ops/reduction/mode.ts";
import * as numbers from "../ops/reduction/nan_reduce.ts";
import * as quantiles from "../ops/reduction/quantile.ts";
import type { SumOptions } from "../ops/reduction/reduce.ts";
import type { Dims, ReduceOptions } from "../ops/reduction/reduction.ts";
import * as scan from "../ops/reduction/scan.ts";
import type { Tensor } from "../tensor.ts";
import { ReductionTensor } from "./reduction.ts";

/** A tensor with order statistics, histograms, covariances and differences; see {@linkcode Tensor}. */
export abstract class StatisticsTensor extends ReductionTensor {
  /** See {@linkcode median}. */
  median(this: Tensor): Tensor;
  /** See {@linkcode median}. */
  median(this: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
  median(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor | ValuesAndIndices {
    return dim === undefined ? medians.median(this) : medians.median(this, dim, options);
  }

  /** See {@linkcode nanmedian}. */
  nanmedian(this: Tensor): Tensor;
  /** See {@linkcode nanmedian}. */
  nanmedian(this: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
  nanmedian(this: Tensor, dim?: number, options: ReduceOptions = {}): Tensor | ValuesAndIndices {
    return dim === undefined ? medians.nanmedian(this) : medians.nanmedian(this, dim, options);
  }

  /** See {@linkcode kthvalue}. */
  kthvalue(this: Tensor, k: number, dim = -1, options: ReduceOptions = {}): ValuesAndIndices {
    return medians.kthvalue(this, k, dim, options);
  }

  /** See {@linkcode mode}. */
  mode(this: Tensor, dim = -1, options: ReduceOptions = {}): ValuesAndIndices {
    return modes.mode(this, dim, options);
  }

  /** See {@linkcode quantile}. */
  quantile(this: Tensor, q: Tensor | number, dim?: number, options: quantiles.QuantileOptions = {}): Tensor {
    return quantiles.quantile(this, q, dim, options);
  }

  /** See {@linkcode nanquantile}. */
  nanquantile(
    this: Tensor,
    q: Tensor | number,
    dim?: number,
    options: quantiles.QuantileOptions = {},
  ): Tensor {
    return quantiles.nanquantile(this, q, dim, options);
  }

  /** See {@linkcode nansum}. */
  nansum(this: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
    return numbers.nansum(this, dim, options);
  }

  /** See {@linkcode nanmean}. */
  nanmean(this: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
    return numbers.nanmean(this, dim, options);
  }

  /** See {@linkcode aminmax}. */
  aminmax(this: Tensor, dim?: number, options: ReduceOptions = {}): extreme.AminmaxResult {
    return extreme.aminmax(this, dim, options);
  }

  /** See {@linkcode histc}. */
  histc(this: Tensor, options: histograms.HistcOptions = {}): Tensor {
    return histograms.histc(this, options);
  }

  /** See {@linkcode histogram}. */
  histogram(
    this: Tensor,
    bins: number | Tensor,
    options: histograms.HistogramOptions = {},
  ): histograms.HistogramResult {
    return histograms.histogram(this, bins, options);
  }

  /** See {@linkcode diff}. */
  diff(this: Tensor, n = 1, dim = -1, options: differences.DiffOptions = {}): Tensor {
    return differences.diff(this, n, dim, options);
  }

  /** See {@linkcode cov}. */
  cov(this: Tensor, options: covariance.CovOptions = {}): Tensor {
    return covariance.cov(this, options);
  }

  /** See {@linkcode corrcoef}. */
  corrcoef(this: Tensor): Tensor {
    return covariance.corrcoef(this);
  }

  /** See {@linkcode cumsum_}. */
  cumsum_(this: Tensor, dim: number): Tensor {
    return scan.cumsum_(this, dim);
  }

  /** See {@linkcode cumprod_}. */
  cumprod_(this: Tensor, dim: number): Tensor {
    return scan.cumprod_(this, dim);
  }
}
