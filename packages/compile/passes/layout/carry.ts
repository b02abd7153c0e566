/** Translates views and coordinates between the positions of two kernels. */
import { type Expr, expr, isContiguous, rowMajor, type Shape } from "@troodon/core/kernel";
import type { ProgramView } from "@troodon/core/kernel";
import { alongAxis, type Correspondence, cutShape } from "./correspondence.ts";

/** Reader's view over its split axes. */
export function cutView(view: ProgramView, { cuts }: Correspondence): ProgramView {
  const shape: number[] = [], strides: number[] = [];
  cuts.forEach((extents, axis) => {
    let stride = view.strides[axis]!;
    const own: number[] = [];
    for (let i = extents.length - 1; i >= 0; i--) {
      own.unshift(stride);
      stride *= extents[i]!;
    }
    // A result has extent 1 along reduced axes.
    shape.push(...(view.shape[axis] === 1 ? extents.map(() => 1) : extents));
    strides.push(...own);
  });
  return { ...view, shape, strides };
}

/** Maker's view, indexed by the positions of the reader. */
export function towardsReader(view: ProgramView, correspondence: Correspondence): ProgramView {
  const { steps, start } = correspondence;
  return {
    ...view,
    shape: cutShape(correspondence),
    strides: steps.map((step) => step === null ? 0 : step.by * view.strides[step.axis]!),
    offset: view.offset + start.reduce((sum, position, axis) => sum + position * view.strides[axis]!, 0),
  };
}

/**
 * Reader's view, indexed by the positions of a maker of shape `made`; null if the strides of split axes cannot be
 * combined. Requires a one-to-one correspondence.
 */
export function towardsMaker(
  view: ProgramView,
  correspondence: Correspondence,
  made: Shape,
): ProgramView | null {
  const { strides: cut } = cutView(view, correspondence), strides: number[] = [];
  for (let axis = 0; axis < made.length; axis++) {
    const [first, ...others] = alongAxis(correspondence, axis);
    let next = first === undefined ? 0 : cut[first.cut]! * first.extent;
    for (const { cut: number, extent } of others) {
      if (cut[number] !== next) return null;
      next *= extent;
    }
    strides.push(first === undefined ? 0 : cut[first.cut]!);
  }
  return { ...view, shape: made, strides };
}

/** Expression of a maker's coordinate in the reader; null if there is no simple one. */
export function coordinateInReader(axis: number, correspondence: Correspondence): Expr | null {
  const along = alongAxis(correspondence, axis), start = correspondence.start[axis]!;
  if (along.length === 0) return expr.constant(start);
  return along.length === 1 && along[0]!.by === 1 && start === 0 ? expr.coordinate(along[0]!.cut) : null;
}

/** Coordinate of a split axis that covers a whole axis of the reader; null if the axis is split into several. */
export function coordinateAfterCut(axis: number, { cuts }: Correspondence): Expr | null {
  if (cuts[axis]!.length !== 1) return null;
  return expr.coordinate(cuts.slice(0, axis).reduce((sum, extents) => sum + extents.length, 0));
}

/** Expression of a reader's coordinate in the maker; null if there is no simple one. */
export function coordinateInMaker(axis: number, correspondence: Correspondence, made: Shape): Expr | null {
  const { cuts, steps } = correspondence;
  const cut = coordinateAfterCut(axis, correspondence);
  if (cut === null || cut.kind !== "coordinate") return null;
  if (cuts[axis]![0] === 1) return expr.constant(0);
  const step = steps[cut.axis]!;
  if (step === null || step.by !== 1 || made[step.axis] !== cuts[axis]![0]) return null;
  return expr.coordinate(step.axis);
}

/** Returns true if positions keep their row-major number, as random draws require. */
export function keepsOrder(correspondence: Correspondence, made: Shape): boolean {
  const own = rowMajor(cutShape(correspondence)), theirs = rowMajor(made);
  return correspondence.steps.every((step, axis) =>
    step === null ? cutShape(correspondence)[axis] === 1 : own[axis] === step.by * theirs[step.axis]!
  ) && isContiguous({ shape: made, strides: theirs });
}
