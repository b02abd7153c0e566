/** How tensors that share elements know of the changes that a tape recorded. */
import { type DType, isFloating } from "../dtype.ts";
import { currentFlow, type Frame } from "../flow.ts";
import type { Layout } from "../layout.ts";
import type { TensorSpec } from "../op.ts";
import { AS_STRIDED, looking } from "../ops/shape/as_strided.ts";
import { COPY_SLICES } from "../ops/shape/copy_slices.ts";
import { overlapsItself } from "../overlap.ts";
import { type Shape, showShape, sizeOf } from "../shape.ts";
import type { GradNode, Traced } from "../tape.ts";
import type { TensorBase } from "./base.ts";

/**
 * What a tensor is to others that share its elements: their base; a view of it; one of several views that one call gave;
 * or a view that was made while calls were not recorded.
 */
export type Standing = "base" | "view" | "part" | "unrecorded";

/** The role of a tensor in a view family. */
export interface Place {
  /** The tensors that share its elements. */
  readonly family: ViewFamily;
  /** Whether the tensor is the base, a view, one of several views of a call, or a view made without recording. */
  standing: Standing;
  /** Generation of the family at which the node of this tensor was made. */
  generation: number;
}

/** The role of a view in its family. */
export class ViewPlace implements Place {
  readonly family: ViewFamily;
  standing: Standing;
  generation: number;

  /** A place as of now, unless told otherwise. */
  constructor(family: ViewFamily, standing: Standing, generation: number = family.generation) {
    this.family = family;
    this.standing = standing;
    this.generation = generation;
  }
}

/**
 * A tensor and its views, and theirs: those that a recorded change in place of one of them concerns; and the place of the
 * tensor, their base. They share more than elements: what `detach()` gives is not of the family, and may begin another.
 *
 * The history is that of the base. A change of a view becomes one of the base (`COPY_SLICES`); a view whose generation
 * is older than that of the family is a view of what the base has become.
 */
export class ViewFamily implements Traced, Layout, Place {
  /** The extents of the base. */
  readonly shape: Shape;
  /** The strides of the base. */
  readonly strides: readonly number[];
  /** Offset of the first element of the base in its storage, in elements. */
  readonly offset: number;
  /** The type of all tensors of the family. */
  readonly dtype: DType;
  /** The role of the base in its own family. */
  readonly standing = "base";
  /** Which output of its node the base is. */
  outputNumber: number;
  /** The number of times that the base got another gradient node. */
  generation = 0;
  #node: GradNode | null;

  /** The family that `base` begins, whose node is `node`. */
  constructor(base: Layout & TensorSpec, node: GradNode | null, outputNumber: number) {
    this.shape = base.shape;
    this.strides = base.strides;
    this.offset = base.offset;
    this.dtype = base.dtype;
    this.#node = node;
    this.outputNumber = outputNumber;
  }

  /** The family itself: what a base has in its place. */
  get family(): ViewFamily {
    return this;
  }

  /** The gradient node of the base, as a tape has it; null where it has no history. */
  get node(): GradNode | null {
    return this.#node;
  }
  set node(node: GradNode | null) {
    this.#node = node;
    // A base that was detached leaves its views as they are.
    if (node !== null) this.generation++;
  }
}

/** Gives a view another node, as its base has one: it is a view of what the base has become. */
export function lookAgain(view: TensorBase, place: Place): void {
  const flow = currentFlow(), { family, standing } = place, { node } = family;
  if (standing === "unrecorded") {
    if (!flow.recording) return;
    throw new TypeError(
      `Cannot differentiate a view of shape ${
        showShape(view.shape)
      } as it was made while calls were not recorded, ` +
        "and what it shows was changed in place since by one that was: make the view again",
    );
  }
  place.generation = family.generation;
  if (node === null) view.node = null;
  else {node.tape.link(
      { op: AS_STRIDED, params: looking(family, view), inputs: [family], output: view },
      flow,
    );}
}

/**
 * Gives the results of an op with a gradient of its own their place, as nothing was recorded within: a view of an input
 * is a view, and a view of what nobody else has is a tensor by itself.
 */
export function placeResults(
  inputs: readonly TensorBase[],
  outputs: readonly TensorBase[],
  { recording }: Pick<Frame, "recording">,
): void {
  for (let i = 0; i < outputs.length; i++) {
    const y = outputs[i]!, { place } = y;
    if (place === null || place.standing === "base") continue;
    const { family } = place, source = inputs.find((x) => x.place?.family === family);
    if (source === undefined) y.place = null;
    else if (recording) {
      const { standing } = source.place!;
      y.place = new ViewPlace(family, standing !== "base" ? standing : outputs.length > 1 ? "part" : "view");
    }
  }
}

const CLONE = "write clone() before, or use the form without `_`",
  NO_GRAD = "write `using _ = noGrad();` before";

/** Why no tape can record a change in place of `x`; null if it can. */
function refusalOf({ place, node }: TensorBase): string | null {
  if (place?.standing === "part") {
    return `one of several views that one call gave (unbind, split, chunk): ${CLONE}`;
  }
  if (place?.standing === "unrecorded") {
    return `a view that was made while calls were not recorded (by noGrad, or in a custom function): ${CLONE}`;
  }
  if (node?.isLeaf) return `a leaf that requires a gradient: ${NO_GRAD}`;
  if (place === null || place.standing === "base") return null;
  if (place.family.node?.isLeaf) return `a view of a leaf that requires a gradient: ${NO_GRAD}`;
  return overlapsItself(place.family) ? `a view of one whose elements share places: ${CLONE}` : null;
}

/** Refuses a change in place that a tape is to record and cannot. */
export function checkRecordable(op: string, x: TensorBase): void {
  const refusal = refusalOf(x);
  if (refusal !== null) throw new TypeError(`Cannot apply ${op}() in place as the tensor is ${refusal}`);
}

/** After a tape recorded a change in place of `x`: that of a view becomes one of its base. */
export function recordInBase(x: TensorBase, flow: Frame): void {
  const { place, node, shape, dtype } = x;
  if (place === null || place.standing === "base" || node === null || !isFloating(dtype)) return;
  const { family } = place, none = { shape, dtype, node: null, outputNumber: 0 };
  // What is overwritten as a whole, or with constants, has no history.
  const whole = sizeOf(shape) === sizeOf(family.shape),
    constant = node.nextFunctions.every(([next]) => next === null);
  const inputs = [whole ? { ...none, shape: family.shape } : family, constant ? none : x];
  node.tape.link({ op: COPY_SLICES, params: looking(family, x), inputs, output: family }, flow);
}
