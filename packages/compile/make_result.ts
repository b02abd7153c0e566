/** Creates the results of runs. */
import { currentScope, type Device, Tensor } from "@troodon/core";
import type { Storage } from "@troodon/core/kernel";
import { outside, type ResultTree } from "./trace.ts";

/** Argument of a run, and the start of its views. */
export interface ArgumentPlace {
  /** The argument. */
  readonly tensor: Tensor;
  /** Offset added to views of the argument. */
  readonly start: number;
}

/** Data of a run that its result is made from. */
export interface ResultSurroundings {
  /** The device. */
  readonly device: Device;
  /** The tensors among the arguments. */
  readonly tensors: readonly Tensor[];
  /** Collects the tensors that are valid until the next run. */
  readonly outputs: Tensor[];
  /** Returns the storage of a slot. */
  storageOf(slot: number): Storage;
  /** Returns the owner of a slot's memory: the program, an argument, or another tensor from outside. */
  ownerOf(slot: number): "program" | "outside" | ArgumentPlace;
}

/** Creates the result of a run from its tree. */
export function resultOf(tree: ResultTree, run: ResultSurroundings): unknown {
  switch (tree.kind) {
    case "constant":
      return tree.value;
    case "argument":
      return run.tensors[tree.index];
    case "grad":
      return outside(tree.leaf, run.tensors).grad;
    case "tensor":
      return tensorOf(tree, run);
    case "list":
      return tree.items.map((item) => resultOf(item, run));
    case "record": {
      const record = Object.fromEntries(tree.items.map(([key, item]) => [key, resultOf(item, run)]));
      return tree.prototype === Object.prototype ? record : Object.setPrototypeOf(record, tree.prototype);
    }
  }
}

function tensorOf({ view }: ResultTree & { readonly kind: "tensor" }, run: ResultSurroundings): Tensor {
  const owner = run.ownerOf(view.slot), { device } = run;
  if (typeof owner === "object") {
    const { tensor: { storage, version }, start } = owner, { shape, strides, offset, dtype } = view;
    return new Tensor(
      device,
      storage.retain(),
      { shape, strides, offset: offset + start },
      dtype,
      version,
      currentScope(),
    );
  }
  const storage = run.storageOf(view.slot).retain();
  if (owner === "outside") return new Tensor(device, storage, view, view.dtype, null, currentScope());
  const output = new Tensor(device, storage, view, view.dtype, null, null);
  run.outputs.push(output);
  return output;
}
