/** Other extents, and other arrangements, of the same images. */
import {
  fold,
  interpolate,
  type InterpolateOptions,
  type InterpolationMode,
  type Pair,
  pixelShuffle,
  pixelUnshuffle,
  type Tensor,
  unfold,
} from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showFloat, showSizes } from "@troodon/core/kernel";
import { checkNumbers, checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";

const INTERPOLATE_OPTIONS: OptionKeys<InterpolateOptions> = {
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
  antialias: true,
};

/** Resampling; see {@linkcode interpolate}. Input [n, c, ...], output the same with other extents. */
export class Upsample extends Module {
  /** The options of the op. */
  protected readonly options: InterpolateOptions;

  /** Takes `size` or `scaleFactor`; the nearest element by default. */
  constructor(options: InterpolateOptions) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, INTERPOLATE_OPTIONS);
    super();
    this.options = options;
  }

  /** How values between elements are found. */
  get mode(): InterpolationMode {
    return this.options.mode ?? "nearest";
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, l], [n, c, h, w] or [n, c, d, h, w], as the mode wants it.
   */
  override forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { size, scaleFactor } = this.options;
    if (size !== undefined) return `size=${showSizes(size)}, mode='${this.mode}'`;
    const factor = typeof scaleFactor === "number"
      ? showFloat(scaleFactor)
      : `(${scaleFactor?.map(showFloat).join(", ")})`;
    return `scale_factor=${factor}, mode='${this.mode}'`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

const UPSAMPLING_NEAREST2D_OPTIONS: OptionKeys<Pick<InterpolateOptions, "size" | "scaleFactor">> = {
  size: true,
  scaleFactor: true,
};

/** {@linkcode Upsample} of images, which takes the nearest element. */
export class UpsamplingNearest2d extends Upsample {
  /** Takes `size` or `scaleFactor`. */
  constructor(options: Pick<InterpolateOptions, "size" | "scaleFactor">) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, UPSAMPLING_NEAREST2D_OPTIONS);
    super({ ...options, mode: "nearest" });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { size, scaleFactor } = this.options;
    return [{ size, scaleFactor }];
  }
}

const UPSAMPLING_BILINEAR2D_OPTIONS: OptionKeys<Pick<InterpolateOptions, "size" | "scaleFactor">> = {
  size: true,
  scaleFactor: true,
};

/** {@linkcode Upsample} of images, bilinear with aligned corners. */
export class UpsamplingBilinear2d extends Upsample {
  /** Takes `size` or `scaleFactor`. */
  constructor(options: Pick<InterpolateOptions, "size" | "scaleFactor">) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, UPSAMPLING_BILINEAR2D_OPTIONS);
    super({ ...options, mode: "bilinear", alignCorners: true });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { size, scaleFactor } = this.options;
    return [{ size, scaleFactor }];
  }
}

/** Channels become pixels: [n, c r^2, h, w] to [n, c, h r, w r] (Shi et al. 2016, arXiv:1609.05158). */
export class PixelShuffle extends Module {
  /** r */
  readonly upscaleFactor: number;

  /** Takes the factor of height and width. */
  constructor(upscaleFactor: number) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { upscaleFactor });
    super();
    this.upscaleFactor = upscaleFactor;
  }

  /**
   * Applies the layer.
   *
   * @param x [..., c r^2, h, w]
   */
  override forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.upscaleFactor];
  }
}

/** Pixels become channels: [n, c, h r, w r] to [n, c r^2, h, w], which undoes {@linkcode PixelShuffle}. */
export class PixelUnshuffle extends Module {
  /** r */
  readonly downscaleFactor: number;

  /** Takes the divisor of height and width. */
  constructor(downscaleFactor: number) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { downscaleFactor });
    super();
    this.downscaleFactor = downscaleFactor;
  }

  /**
   * Applies the layer.
   *
   * @param x [..., c, h r, w r]
   */
  override forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.downscaleFactor];
  }
}

/** Options of {@linkcode Unfold} and {@linkcode Fold}. */
export interface PatchOptions {
  /** Distance between the taps of a patch; 1 by default. */
  readonly dilation?: Pair;
  /** Zeros around the image; 0 by default. */
  readonly padding?: Pair;
  /** Step from patch to patch; 1 by default. */
  readonly stride?: Pair;
}
const PATCH_OPTIONS: OptionKeys<PatchOptions> = { dilation: true, padding: true, stride: true };

const shownPatch = ({ dilation = 1, padding = 0, stride = 1 }: PatchOptions): string =>
  `dilation=${showSizes(dilation)}, padding=${showSizes(padding)}, stride=${showSizes(stride)}`;

/** Patches of images as columns: [n, c, h, w] to [n, c kh kw, patches]. */
export class Unfold extends Module {
  /** Height and width of a patch. */
  readonly kernelSize: Pair;
  /** The options of the op. */
  protected readonly options: PatchOptions;

  /** Patches that begin at each pixel by default. */
  constructor(kernelSize: Pair, options: PatchOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, PATCH_OPTIONS);
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `kernel_size=${showSizes(this.kernelSize)}, ${shownPatch(this.options)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.kernelSize, this.options];
  }
}

/** Columns as patches of images, added up where they overlap: [n, c kh kw, patches] to [n, c, ...outputSize]. */
export class Fold extends Module {
  /** Height and width of the images. */
  readonly outputSize: Pair;
  /** Height and width of a patch. */
  readonly kernelSize: Pair;
  /** The options of the op. */
  protected readonly options: PatchOptions;

  /** Patches that begin at each pixel by default. */
  constructor(outputSize: Pair, kernelSize: Pair, options: PatchOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkSizes(new.target.name, { outputSize, kernelSize });
    options = readOptions(new.target.name, options, PATCH_OPTIONS);
    super();
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c kh kw, patches]
   */
  override forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `output_size=${showSizes(this.outputSize)}, kernel_size=${showSizes(this.kernelSize)}, ` +
      shownPatch(this.options);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.outputSize, this.kernelSize, this.options];
  }
}
