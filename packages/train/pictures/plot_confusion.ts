import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { mixed, readableOn } from "../drawing/colors.ts";
import { Picture } from "../drawing/picture.ts";
import type { PictureShape } from "../drawing/shapes.ts";
import { textWidth } from "../drawing/stroke_font.ts";
import type { Confusion } from "../metrics/scores.ts";
import { label, TEXT, TITLE } from "../plot/frame.ts";

/** Options of {@linkcode plotConfusion}. */
export interface PlotConfusionOptions {
  /** Names of the classes; their numbers by default. */
  readonly classes?: readonly string[];
  /** Title; "Confusion matrix" by default. */
  readonly title?: string;
}
const PLOT_CONFUSION_OPTIONS: OptionKeys<PlotConfusionOptions> = { classes: true, title: true };

/** Colors of no sample and of all samples of a class. */
const NONE = "#f4f7fb", ALL = "#08447e";

/**
 * Draws a confusion matrix as `evaluate` gives it: truth downwards, prediction to the right, each row in shares of its class.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { plotConfusion } from "@troodon/train";
 *
 * assertStringIncludes(plotConfusion([[9, 1], [2, 8]], { classes: ["cat", "dog"] }).toString(), ">cat</text>");
 * ```
 */
export function plotConfusion(confusion: Confusion, options?: PlotConfusionOptions): Picture {
  const { classes = confusion?.map((_, i) => String(i)), title = "Confusion matrix" } = readOptions(
    "plotConfusion()",
    options,
    PLOT_CONFUSION_OPTIONS,
  );
  checkCall("plotConfusion", arguments, "a.");
  const count = confusion.length;
  if (classes.length !== count) {
    throw new RangeError(
      `Cannot draw a confusion matrix as there must be a name for each class: current counts are ${classes.length} and ${count}`,
    );
  }
  const cell = Math.round(Math.min(56, Math.max(20, 440 / Math.max(count, 1))));
  const longest = Math.max(0, ...classes.map((name) => textWidth(name, TEXT))), upwards = longest > cell - 6;
  const left = 46 + longest, top = title ? 44 : 16, side = cell * count;
  const below = upwards ? longest + 14 : 22;
  const cells = confusion.flatMap((row, y) => {
    const all = row.reduce((sum, n) => sum + n, 0) || 1;
    return row.flatMap((n, x): PictureShape[] => {
      const color = mixed(NONE, ALL, Math.sqrt(n / all)), corner = { x: left + x * cell, y: top + y * cell };
      const size = Math.min(TEXT, 0.95 * (cell - 4) * TEXT / Math.max(1, textWidth(String(n), TEXT)));
      const number: PictureShape = {
        ...{ kind: "text", text: String(n), size, anchor: "middle", color: readableOn(color) },
        at: [corner.x + cell / 2, corner.y + cell / 2 + 0.36 * size],
      };
      return [
        { kind: "box", ...corner, width: cell - 1, height: cell - 1, color },
        ...(n > 0 && size >= 7 ? [number] : []),
      ];
    });
  });
  const names = classes.flatMap((name, i): PictureShape[] => {
    const middle = (i + 0.5) * cell, column = left + middle;
    return [
      label(name, [left - 8, top + middle + 4], "end"),
      upwards
        ? { ...label(name, [column + 4, top + side + 8], "end"), upwards }
        : label(name, [column, top + side + 17], "middle"),
    ];
  });
  const width = left + side + 20, height = top + side + below + 28;
  return new Picture(Math.max(width, 60 + textWidth(title, TITLE)), height, [
    label(title, [left + side / 2, 26], "middle", TITLE),
    ...cells,
    ...names,
    label("prediction", [left + side / 2, height - 10], "middle"),
    { ...label("truth", [18, top + side / 2], "middle"), upwards: true },
  ]);
}
