/** Other shapes of the same elements. */
import { channelShuffle, type Shape, type Tensor } from "@troodon/core";
import { checkSurplus, showTuple } from "@troodon/core/kernel";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";

/** One axis as several: undoes {@linkcode Flatten}. */
export class Unflatten extends Module {
  /** The axis that is taken apart. */
  readonly dim: number;
  /** What it becomes; one extent may be -1. */
  readonly unflattenedSize: Shape;

  /** Takes the axis and its new extents. */
  constructor(dim: number, unflattenedSize: Shape) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { dim });
    super();
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape that has the axis.
   */
  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${showTuple(this.unflattenedSize)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.dim, this.unflattenedSize];
  }
}

/** Channels of all groups in turn (Zhang et al. 2017, arXiv:1707.01083). */
export class ChannelShuffle extends Module {
  /** Number of groups. */
  readonly groups: number;

  /** Takes the number of groups, a divisor of that of channels. */
  constructor(groups: number) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { groups });
    super();
    this.groups = groups;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, ...]
   */
  override forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.groups];
  }
}
