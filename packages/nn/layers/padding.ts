/** Margins around images. */
import type { PadOptions, Tensor } from "@troodon/core";
import { checkSurplus, showNumber, showTuple } from "@troodon/core/kernel";
import { checkNumbers, checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";
import { marginsOf, sizesOf } from "./sizes.ts";

/** Two margins, before and after, or one number for both. */
export type LinePadding = number | readonly [number, number];

/** Four margins, left, right, top and bottom, or one number for all. */
export type PlanePadding = number | readonly [number, number, number, number];

/** Six margins, left, right, top, bottom, front and back, or one number for all. */
export type VolumePadding = number | readonly [number, number, number, number, number, number];

/** The base of all margins: those before and after the last axis come first. */
export abstract class PaddingModule extends Module {
  /** Margins, as {@linkcode pad} has them. */
  readonly padding: readonly number[];
  /** The options of the op. */
  protected readonly options: PadOptions;

  /** One number is meant for both sides of so many axes. */
  constructor(padding: number | readonly number[], axes: number, options: PadOptions) {
    checkSizes(new.target.name, { padding });
    super();
    this.padding = typeof padding === "number" ? marginsOf(sizesOf(padding, axes)) : padding;
    this.options = options;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, ...] or [c, ...]
   */
  override forward(x: Tensor): Tensor {
    return x.pad(this.padding, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { mode, value = 0 } = this.options, margins = showTuple(this.padding);
    return mode === undefined ? `padding=${margins}, value=${showNumber(value)}` : margins;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { padding, options: { value } } = this;
    return value === undefined ? [padding] : [padding, value];
  }
}

/** Margins of one number. Input [n, c, l] (or without n). */
export class ConstantPad1d extends PaddingModule {
  /** Takes the margins and the number. */
  constructor(padding: LinePadding, value: number) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { value });
    super(padding, 1, { value });
  }
}

/** Margins of one number. Input [n, c, h, w] (or without n). */
export class ConstantPad2d extends PaddingModule {
  /** Takes the margins and the number. */
  constructor(padding: PlanePadding, value: number) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { value });
    super(padding, 2, { value });
  }
}

/** Margins of one number. Input [n, c, d, h, w] (or without n). */
export class ConstantPad3d extends PaddingModule {
  /** Takes the margins and the number. */
  constructor(padding: VolumePadding, value: number) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { value });
    super(padding, 3, { value });
  }
}

/** Margins of zeros. Input [n, c, l] (or without n). */
export class ZeroPad1d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: LinePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 1, { mode: "constant" });
  }
}

/** Margins of zeros. Input [n, c, h, w] (or without n). */
export class ZeroPad2d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: PlanePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 2, { mode: "constant" });
  }
}

/** Margins of zeros. Input [n, c, d, h, w] (or without n). */
export class ZeroPad3d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: VolumePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 3, { mode: "constant" });
  }
}

/** Margins that mirror the inside, without its edge. Input [n, c, l] (or without n). */
export class ReflectionPad1d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: LinePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 1, { mode: "reflect" });
  }
}

/** Margins that mirror the inside, without its edge. Input [n, c, h, w] (or without n). */
export class ReflectionPad2d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: PlanePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 2, { mode: "reflect" });
  }
}

/** Margins that mirror the inside, without its edge. Input [n, c, d, h, w] (or without n). */
export class ReflectionPad3d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: VolumePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 3, { mode: "reflect" });
  }
}

/** Margins that repeat the edge. Input [n, c, l] (or without n). */
export class ReplicationPad1d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: LinePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 1, { mode: "replicate" });
  }
}

/** Margins that repeat the edge. Input [n, c, h, w] (or without n). */
export class ReplicationPad2d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: PlanePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 2, { mode: "replicate" });
  }
}

/** Margins that repeat the edge. Input [n, c, d, h, w] (or without n). */
export class ReplicationPad3d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: VolumePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 3, { mode: "replicate" });
  }
}

/** Margins that go on at the other end. Input [n, c, l] (or without n). */
export class CircularPad1d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: LinePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 1, { mode: "circular" });
  }
}

/** Margins that go on at the other end. Input [n, c, h, w] (or without n). */
export class CircularPad2d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: PlanePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 2, { mode: "circular" });
  }
}

/** Margins that go on at the other end. Input [n, c, d, h, w] (or without n). */
export class CircularPad3d extends PaddingModule {
  /** Takes the margins. */
  constructor(padding: VolumePadding) {
    checkSurplus(new.target.name, arguments, 1);
    super(padding, 3, { mode: "circular" });
  }
}
