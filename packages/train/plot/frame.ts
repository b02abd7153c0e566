/** The frame of a plot: axes, labels and the room around them. */
import type { PicturePoint, PictureShape, TextShape } from "../drawing/shapes.ts";
import { textWidth } from "../drawing/stroke_font.ts";
import type { Scale } from "./scale.ts";

/** Edges of the area that is drawn in. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Texts around a plot; "" for none. */
export interface FrameTexts {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

/** Sizes of text, and the colors of axes and of text. */
export const TEXT = 12, TITLE = 15, INK = "#333333", GRID = "#e8e8e8", AXIS = "#777777";

/** A text of a plot. */
export function label(
  text: string,
  at: PicturePoint,
  anchor: TextShape["anchor"],
  size: number = TEXT,
): TextShape {
  return { kind: "text", text, at, anchor, size, color: INK };
}

/** The area within a picture that texts and a legend leave. */
export function frameOf(
  width: number,
  height: number,
  { title, xLabel, yLabel, legend }: FrameTexts & { readonly legend: readonly string[] },
): Frame {
  // Fonts of browsers may be wider than ours.
  const beside = legend.length === 0
    ? 16
    : 52 + 1.2 * Math.max(...legend.map((name) => textWidth(name, TEXT)));
  return {
    left: yLabel ? 72 : 52,
    right: width - beside,
    top: title ? 38 : 16,
    bottom: height - (xLabel ? 48 : 28),
  };
}

/** Lines at the ticks of both axes, with their numbers. */
export function gridShapes(x: Scale, y: Scale, { left, right, top, bottom }: Frame): PictureShape[] {
  const line = (from: PicturePoint, to: PicturePoint): PictureShape => ({
    ...{ kind: "segments", segments: [[from, to]], color: GRID, width: 1 },
  });
  return [
    ...x.ticks.flatMap(([value, text]): PictureShape[] => {
      const place = x.place(value);
      return [line([place, top], [place, bottom]), label(text, [place, bottom + 17], "middle")];
    }),
    ...y.ticks.flatMap(([value, text]): PictureShape[] => {
      const place = y.place(value);
      return [line([left, place], [right, place]), label(text, [left - 8, place + 4], "end")];
    }),
  ];
}

/** The two axes. */
export function axisShape({ left, right, top, bottom }: Frame): PictureShape {
  const corner = [left, bottom] as const;
  return {
    kind: "segments",
    segments: [[[left, top], corner], [corner, [right, bottom]]],
    color: AXIS,
    width: 1,
  };
}

/** The title above, and the names of the axes. */
export function titleShapes(
  { left, right, top, bottom }: Frame,
  width: number,
  height: number,
  { title, xLabel, yLabel }: FrameTexts,
): PictureShape[] {
  const middle = (left + right) / 2;
  const beside: TextShape = { ...label(yLabel, [18, (top + bottom) / 2], "middle"), upwards: true };
  return [
    ...(title ? [label(title, [Math.min(middle, width / 2 + 20), 23], "middle", TITLE)] : []),
    ...(xLabel ? [label(xLabel, [middle, height - 11], "middle")] : []),
    ...(yLabel ? [beside] : []),
  ];
}
