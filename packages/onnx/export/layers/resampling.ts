/** Resampling. */
import { type InterpolateOptions, Tensor } from "@troodon/core";
import { float, text } from "../graph/attributes.ts";
import { outputDims } from "../operators/translation.ts";
import { argumentsOf, type Layer, perAxis } from "./layer.ts";

/** The modes of the operator. */
const MODES: Readonly<Record<string, string>> = {
  nearest: "nearest",
  linear: "linear",
  bilinear: "linear",
  trilinear: "linear",
  bicubic: "cubic",
};

/** Options of a class that only resamples in one mode. */
type Fixed = Pick<InterpolateOptions, "mode" | "alignCorners">;

/** A module that resamples, with the options that its class has. */
export function resampling(fixed: Fixed = {}): Layer {
  return {
    fits: (module, inputs) => {
      const [options] = module.describe() as unknown as readonly [InterpolateOptions];
      const { mode = "nearest", recomputeScaleFactor = false, antialias = false } = { ...options, ...fixed };
      return inputs[0] instanceof Tensor && mode in MODES && !recomputeScaleFactor && !antialias;
    },
    translate: (context) => {
      const { graph, inputs, call } = context, axes = call.inputs[0]!.rank - 2;
      const [options] = argumentsOf<[InterpolateOptions]>(context);
      const { mode = "nearest", alignCorners = false, scaleFactor } = { ...options, ...fixed };
      const scales = scaleFactor === undefined
        ? null
        : graph.list([1, 1, ...perAxis(scaleFactor, axes)], "float32");
      const sizes = scales === null ? graph.shape(outputDims(context)) : null;
      return graph.node("Resize", [inputs[0]!, null, scales, sizes], {
        mode: text(MODES[mode]!),
        coordinate_transformation_mode: text(
          mode === "nearest" ? "asymmetric" : alignCorners ? "align_corners" : "half_pixel",
        ),
        nearest_mode: mode === "nearest" ? text("floor") : undefined,
        cubic_coeff_a: mode === "bicubic" ? float(-0.75) : undefined,
      });
    },
  };
}
