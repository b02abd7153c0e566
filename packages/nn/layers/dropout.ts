/** Leaving out. */
import {
  alphaDropout,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  type Tensor,
} from "@troodon/core";
import { checkSurplus, showNumber } from "@troodon/core/kernel";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";

/**
 * While training, sets each element to 0 with probability `p` and multiplies the
 * others by 1 / (1 - p); otherwise gives its input (Hinton et al. 2012, arXiv:1207.0580).
 */
export class Dropout extends Module {
  /** Probability of an element to be left out. */
  readonly p: number;

  /**
   * Half of the elements by default.
   *
   * @throws {RangeError} If `p` is outside [0, 1].
   */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { p });
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `Cannot make ${this.constructor.name} as p must be from 0 to 1: current p is ${p}`,
      );
    }
    this.p = p;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `p=${showNumber(this.p)}, inplace=False`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.p];
  }
}

/** {@linkcode Dropout} of whole channels of sequences (Tompson et al. 2014, arXiv:1411.4280). */
export class Dropout1d extends Dropout {
  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return dropout1d(x, { p: this.p, training: this.training });
  }
}

/** {@linkcode Dropout} of whole channels of images (Tompson et al. 2014, arXiv:1411.4280). */
export class Dropout2d extends Dropout {
  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return dropout2d(x, { p: this.p, training: this.training });
  }
}

/** {@linkcode Dropout} of whole channels of volumes (Tompson et al. 2014, arXiv:1411.4280). */
export class Dropout3d extends Dropout {
  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return dropout3d(x, { p: this.p, training: this.training });
  }
}

/** {@linkcode Dropout} that keeps mean 0 and variance 1 behind {@linkcode SELU} (Klambauer et al. 2017, arXiv:1706.02515). */
export class AlphaDropout extends Dropout {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return alphaDropout(x, { p: this.p, training: this.training });
  }
}

/** {@linkcode AlphaDropout} of whole channels: input [n, c, ...]. */
export class FeatureAlphaDropout extends Dropout {
  /**
   * Applies the layer.
   *
   * @param x [n, c, ...]
   */
  override forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, { p: this.p, training: this.training });
  }
}
