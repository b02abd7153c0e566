/** Translations of calls to nodes. */
import type { Tensor } from "@troodon/core";
import type { Shape } from "@troodon/core/kernel";
import type { GraphBuilder, Name } from "../graph/builder.ts";
import type { Dim } from "../graph/dim.ts";
import type { JointCall, JointValue } from "../graph/join.ts";

/** A call to translate, and the graph to add its nodes to. */
export interface Context {
  /** The call to translate. */
  readonly call: JointCall;
  /** The names of its inputs. */
  readonly inputs: readonly Name[];
  /** The graph to add nodes to. */
  readonly graph: GraphBuilder;
  /** The name of another value: a constant, or one that the graph has already. */
  readonly nameOf: (value: JointValue) => Name;
  /** The extent of a value along an axis; null where it is no sum of products, nor that of a value that is there. */
  readonly extentOf: (value: JointValue, axis: number) => Dim | null;
  /** The name of a stored tensor: that of a parameter or buffer of the module, or `name` in the layer for another one. */
  readonly store: (tensor: Tensor, name: string) => Name;
  /** The call that a value came from; undefined for inputs and stored tensors. */
  readonly callOf: (value: JointValue) => JointCall | undefined;
}

/** Adds the nodes of a call; returns the names of its outputs, as many as are needed. */
export type Translation = (context: Context) => Name | readonly (Name | null)[];

/** The extent of a value along an axis. */
export function extentAlong({ call, extentOf }: Context, value: JointValue, axis: number): Dim {
  return extentOf(value, axis) ?? call.extent(value, axis);
}

/** The extents of the first output. */
export function outputDims(context: Context): Dim[] {
  const value = context.call.output;
  return value.first.spec.shape.map((_, axis) => extentAlong(context, value, axis));
}

/** The extents of the first output, null where no rule is known: for Reshape, which can do without one of them. */
export function openDims({ call, extentOf }: Context): (Dim | null)[] {
  const value = call.output;
  return value.first.spec.shape.map((_, axis) => extentOf(value, axis));
}

/** Returns true if two values have equal shapes in all runs. */
export function sameShapes(a: JointValue, b: JointValue): boolean {
  return a.shapes.every((shape, run) => equal(shape, b.shapes[run]!));
}

function equal(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** The extents of a shape that must be fixed. */
export function fixedShape(call: JointCall, value: JointValue): number[] {
  return value.first.spec.shape.map((_, axis) => value.fixedExtent(axis, call.place));
}
