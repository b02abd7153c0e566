/** Panels of gradients of several filters, for gradients of weights. */
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { packer } from "../gemm/panels.ts";
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call } from "../threads/task.ts";
import type { Geometry } from "./geometry.ts";
import { Staging } from "./staging.ts";
import { emitUnpanel, PANEL_FILTERS, TAP_BYTES } from "./weigh.ts";
import { singleTap, type WeighedPlanes, Weigher, windowTaps } from "./weigher.ts";
import { emitPackGradients, emitWideUnpanel, VECTOR_FILTERS } from "./wide_weigh.ts";
import { WideWeigher } from "./wide_weigher.ts";

const TYPE = NUMBER_TYPES.float32;

/** The bits of 1. */
const ONE = 0x3f800000;

/** A panel of the gradients of some filters, and the sums made with it. */
export interface GradientPanel {
  /** The most filters of a panel. */
  readonly filters: number;
  /** Bytes of the sums of all taps and of the bias. */
  readonly sumsBytes: number;
  /** Adds calls that pack the gradients of some filters at `from` and add a sample to their sums. */
  readonly weigh: (
    calls: Call<Argument>[],
    filters: number,
    from: Address,
    planes: Omit<WeighedPlanes, "vectors">,
  ) => void;
  /** Adds calls that write the sums of some filters and taps, beginning with tap `tap`, to `to`. */
  readonly unpanel: (
    calls: Call<Argument>[],
    sums: Address,
    tap: number,
    to: Address,
    filters: number,
    taps: number,
  ) => void;
}

/** Returns the panel for some filters of a convolution, with the gradient of the bias if asked for. */
export type PanelsOf = (
  planner: Planner,
  shapes: Geometry,
  bias: boolean,
) => (filters: number) => GradientPanel;

/** Panels for vectors of 16 bytes. */
export const narrowPanels: PanelsOf = (planner, shapes, bias) => {
  const offsets = new Staging(planner, shapes).taps(), steps = offsets.length;
  const pixels = shapes.outHeight * shapes.outWidth, pack = packer(planner, TYPE);
  const weigher = new Weigher(planner, windowTaps(shapes.window, offsets));
  // The gradient of the bias equals that of a tap on an image of ones.
  const biasWeigher = bias ? new Weigher(planner, singleTap(steps)) : null;
  const one = planner.constants([ONE, ONE, ONE, ONE]);
  const { unpanel } = planner.instance("conv/unpanel", emitUnpanel);
  const panel: GradientPanel = {
    filters: PANEL_FILTERS,
    sumsBytes: TAP_BYTES * (steps + 1),
    weigh(calls, filters, from, planes) {
      const vectors = Math.ceil(filters / TYPE.lanes);
      calls.push(call(pack, planes.panel, vectors, from, 4 * pixels, 4, filters, pixels));
      weigher.run(calls, { ...planes, vectors });
      biasWeigher?.run(calls, { ...planes, vectors, image: one, pixelBytes: 0, rowBytes: 0 });
    },
    unpanel(calls, sums, tap, to, filters, taps) {
      calls.push(call(unpanel!, sums.plus(TAP_BYTES * tap), to, 4 * taps, filters, taps));
    },
  };
  return () => panel;
};

/** Panels for vectors of any width. */
export const widePanels: PanelsOf = (planner, shapes, bias) => {
  const offsets = new Staging(planner, shapes).taps(), steps = offsets.length;
  const pixels = shapes.outHeight * shapes.outWidth, most = shapes.filters > VECTOR_FILTERS ? 2 : 1;
  const { pack } = planner.instance("conv/packGradients", emitPackGradients, { wide: true });
  const { unpanel } = planner.instance("conv/wideUnpanel", emitWideUnpanel);
  const made: GradientPanel[] = [];
  const panelOf = (vectors: 1 | 2): GradientPanel => {
    const weigher = new WideWeigher(planner, shapes.window, offsets, vectors, bias), { tapBytes } = weigher;
    return {
      filters: VECTOR_FILTERS * most,
      sumsBytes: 4 * VECTOR_FILTERS * most * (steps + 1),
      weigh(calls, filters, from, planes) {
        calls.push(call(pack!, planes.panel, from, 4 * pixels, filters, pixels, vectors));
        weigher.run(calls, planes);
      },
      unpanel(calls, sums, tap, to, filters, taps) {
        calls.push(call(unpanel!, sums.plus(tapBytes * tap), tapBytes, to, 4 * taps, filters, taps));
      },
    };
  };
  return (filters) => {
    const vectors = filters > VECTOR_FILTERS ? 2 : 1;
    return made[vectors] ??= panelOf(vectors);
  };
};
