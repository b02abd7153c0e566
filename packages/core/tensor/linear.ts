/** Products of matrices as methods. */
import { cross } from "../ops/linear/cross.ts";
import * as linalg from "../linalg/mod.ts";
import type { CholeskyOptions, RankOptions, SlogdetResult } from "../linalg/mod.ts";
import * as affine from "../ops/linear/linear.ts";
import type { AddmmOptions } from "../ops/linear/addmm.ts";
import * as sums from "../ops/linear/addmm.ts";
import * as distances from "../ops/linear/distance.ts";
import * as products from "../ops/linear/matmul.ts";
import * as renormed from "../ops/reduction/renorm.ts";
import * as contractions from "../ops/linear/tensordot.ts";
import * as traces from "../ops/reduction/trace.ts";
import type { Tensor } from "../tensor.ts";
import { IndexingTensor } from "./indexing.ts";

/** A tensor with products of matrices; see {@linkcode Tensor}. */
export abstract class LinearTensor extends IndexingTensor {
  /** See {@linkcode matmul}. */
  matmul(this: Tensor, other: Tensor): Tensor {
    return products.matmul(this, other);
  }

  /** See {@linkcode mm}. */
  mm(this: Tensor, other: Tensor): Tensor {
    return products.mm(this, other);
  }

  /** See {@linkcode bmm}. */
  bmm(this: Tensor, other: Tensor): Tensor {
    return products.bmm(this, other);
  }

  /** See {@linkcode mv}. */
  mv(this: Tensor, vector: Tensor): Tensor {
    return products.mv(this, vector);
  }

  /** See {@linkcode dot}. */
  dot(this: Tensor, other: Tensor): Tensor {
    return products.dot(this, other);
  }

  /** See {@linkcode outer}. */
  outer(this: Tensor, other: Tensor): Tensor {
    return products.outer(this, other);
  }

  /** See {@linkcode addmm}. */
  addmm(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addmm(this, a, b, options);
  }

  /** See {@linkcode addmm_}. */
  addmm_(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addmm_(this, a, b, options);
  }

  /** See {@linkcode baddbmm}. */
  baddbmm(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.baddbmm(this, a, b, options);
  }

  /** See {@linkcode baddbmm_}. */
  baddbmm_(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.baddbmm_(this, a, b, options);
  }

  /** See {@linkcode addbmm}. */
  addbmm(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addbmm(this, a, b, options);
  }

  /** See {@linkcode addbmm_}. */
  addbmm_(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addbmm_(this, a, b, options);
  }

  /** See {@linkcode addmv}. */
  addmv(this: Tensor, a: Tensor, v: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addmv(this, a, v, options);
  }

  /** See {@linkcode addmv_}. */
  addmv_(this: Tensor, a: Tensor, v: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addmv_(this, a, v, options);
  }

  /** See {@linkcode addr}. */
  addr(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addr(this, a, b, options);
  }

  /** See {@linkcode addr_}. */
  addr_(this: Tensor, a: Tensor, b: Tensor, options: AddmmOptions = {}): Tensor {
    return sums.addr_(this, a, b, options);
  }

  /** See {@linkcode inner}. */
  inner(this: Tensor, other: Tensor): Tensor {
    return contractions.inner(this, other);
  }

  /** See {@linkcode dist}. */
  dist(this: Tensor, other: Tensor, p = 2): Tensor {
    return distances.dist(this, other, p);
  }

  /** See {@linkcode renorm}. */
  renorm(this: Tensor, p: number, dim: number, maxNorm: number): Tensor {
    return renormed.renorm(this, p, dim, maxNorm);
  }

  /** See {@linkcode renorm_}. */
  renorm_(this: Tensor, p: number, dim: number, maxNorm: number): Tensor {
    return renormed.renorm_(this, p, dim, maxNorm);
  }

  /** See {@linkcode choleskySolve}. */
  choleskySolve(this: Tensor, factor: Tensor, options: CholeskyOptions = {}): Tensor {
    return linalg.choleskySolve(this, factor, options);
  }

  /** See {@linkcode choleskyInverse}. */
  choleskyInverse(this: Tensor, options: CholeskyOptions = {}): Tensor {
    return linalg.choleskyInverse(this, options);
  }

  /** See {@linkcode trace}. */
  trace(this: Tensor): Tensor {
    return traces.trace(this);
  }

  /** See {@linkcode cross}. */
  cross(this: Tensor, other: Tensor, dim?: number): Tensor {
    return cross(this, other, dim);
  }

  /** See {@linkcode kron}. */
  kron(this: Tensor, other: Tensor): Tensor {
    return linalg.kron(this, other);
  }

  /** See {@linkcode matrixPower}. */
  matrixPower(this: Tensor, n: number): Tensor {
    return linalg.matrixPower(this, n);
  }

  /** See {@linkcode matrixExp}. */
  matrixExp(this: Tensor): Tensor {
    return linalg.matrixExp(this);
  }

  /** See {@linkcode inv}. */
  inverse(this: Tensor): Tensor {
    return linalg.inv(this);
  }

  /** See {@linkcode pinv}. */
  pinverse(this: Tensor, options: RankOptions = {}): Tensor {
    return linalg.pinv(this, options);
  }

  /** See {@linkcode det}. */
  det(this: Tensor): Tensor {
    return linalg.det(this);
  }

  /** See {@linkcode slogdet}. */
  slogdet(this: Tensor): SlogdetResult {
    return linalg.slogdet(this);
  }

  /** See {@linkcode logdet}. */
  logdet(this: Tensor): Tensor {
    return linalg.logdet(this);
  }

  /** See {@linkcode cholesky}. */
  cholesky(this: Tensor, options: CholeskyOptions = {}): Tensor {
    return linalg.cholesky(this, options);
  }

  /** See {@linkcode linear}. */
  linear(this: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
    return affine.linear(this, weight, bias);
  }
}
