/** Completes the trace of a recorded call. */
import type { Tensor } from "@troodon/core";
import { isRecord, isTensor, showShape, type Storage, type TensorBase } from "@troodon/core/kernel";
import type { CallArguments } from "./call_arguments.ts";
import { CHANGED, isAsWas, ownForward } from "./module_fields.ts";
import type { Recording } from "./recording.ts";
import { placeOf } from "./site.ts";
import {
  keyOf,
  outsideOf,
  type ResultTree,
  type Trace,
  type TraceEvent,
  type TraceLeaf,
  type TraceModule,
} from "./trace.ts";

/**
 * Completes the trace of a call that returned `result`, after its temporary tensors were freed.
 *
 * @throws {TypeError} If a tensor outlives the call but a run could not recreate it.
 */
export function finishTrace(
  recording: Recording,
  { tensors, numbers }: CallArguments,
  result: unknown,
): Trace {
  refuseMoves(recording);
  const keys = recording.storages.map(keyOf);
  const argumentSlots = recording.storages.map((storage, i) =>
    keys.indexOf(keys[i]!) === i && storage.lease === null ? recording.memory.slotOf(storage) ?? null : null
  );
  const leaves = [...recording.leaves.keys()].filter((leaf) => !isMadeWithin(leaf, recording));
  for (const { grad } of leaves) {
    if (grad !== null) refuseHistory("a gradient that it leaves", grad, recording);
  }
  const tree = resultTree(result, recording, tensors, leaves);
  refuseSurvivors(recording, tree, leaves);
  const traced = leaves.map((leaf) => traceLeaf(leaf, recording, tensors));
  const given = new Set<object>(keys);
  for (const { entry } of traced) if (entry !== null) given.add(entry.storage);
  return {
    slots: recording.memory.slots,
    steps: recording.steps,
    events: recording.events.map((event) => resolved(event, recording, tensors, traced)),
    randoms: recording.randoms,
    argumentSlots,
    leaves: traced,
    modules: [...recording.modules.values()].map((module) => unchanged(module, recording)),
    // References are counted at the end, as the call may have made leaves on these storages.
    fixed: [...recording.memory.outer].flatMap(([storage, leafState]) =>
      given.has(storage) || recording.grads.has(storage) || storage.references === 0
        ? []
        : [[storage, storage.handleChanges, leafStateOf(storage, leafState, recording)] as const]
    ),
    modes: [...recording.modules.keys()].flatMap((module) => {
      const before = recording.modes.get(module), moded = module as { training: boolean };
      return before === undefined || before === moded.training ? [] : [[moded, moded.training] as const];
    }),
    disposed: tensors.flatMap(({ isDisposed }, i) => isDisposed ? [i] : []),
    result: tree,
    numbers,
    argumentKeys: keys.map((key) => new WeakRef(key)),
    argumentOffsets: tensors.map(({ offset }) => offset),
  };
}

/** State of the leaves of a storage that replays expect: the one before the call, plus leaves that the call created. */
function leafStateOf(storage: Storage, before: number, { toggled }: Recording): number {
  let state = before;
  for (const { leaf, on, token } of toggled) if (on === storage && leaf.isDisposed) state ^= token;
  return state;
}

/** Returns true if the call created the leaf, such as an input whose gradient it takes. */
function isMadeWithin(leaf: TensorBase, recording: Recording): boolean {
  if (leaf.isDisposed) return true;
  const slot = recording.memory.slotOf(leaf.storage);
  return slot !== undefined && recording.memory.slots[slot]!.own;
}

function traceLeaf(leaf: TensorBase, recording: Recording, tensors: readonly Tensor[]): TraceLeaf {
  const { entry, depends } = recording.leaves.get(leaf)!;
  return {
    leaf: outsideOf(leaf, tensors),
    hadGrad: depends ? entry !== null : null,
    entry,
    hooks: leaf.node?.hookCount ?? 0,
  };
}

/** Result of a call, with each tensor described by its origin. */
function resultTree(
  result: unknown,
  recording: Recording,
  tensors: readonly Tensor[],
  leaves: readonly TensorBase[],
): ResultTree {
  if (isTensor(result)) {
    const index = tensors.indexOf(result);
    if (index >= 0) return { kind: "argument", index };
    const leaf = leaves.find(({ grad }) => grad === result);
    if (leaf !== undefined) return { kind: "grad", leaf: outsideOf(leaf, tensors) };
    const view = recording.memory.view(result, false);
    if (recording.memory.slots[view.slot]!.own) refuseHistory("a tensor that it returns", result, recording);
    return { kind: "tensor", view, object: new WeakRef(result) };
  }
  const part = (item: unknown): ResultTree => resultTree(item, recording, tensors, leaves);
  if (Array.isArray(result)) return { kind: "list", items: result.map(part) };
  if (!isRecord(result)) return { kind: "constant", value: result };
  const items = Object.entries(result).map(([key, item]) => [key, part(item)] as const);
  return { kind: "record", prototype: Object.getPrototypeOf(result), items };
}

/** Throws if a tensor has an unused history, as replays record no graph. */
function refuseHistory(what: string, result: Tensor, recording: Recording): void {
  const { node } = result;
  if (node === null || node.isReleased) return;
  throw recording.refuse(
    `${what}, of shape ${showShape(result.shape)} and from ${node.name}, has a history that is not ` +
      "used up: call backward() in it, return y.detach(), or call it within noGrad()",
  ).error;
}

/** Throws if tensors created by the call outlive it without being returned or stored as gradients. */
function refuseSurvivors(recording: Recording, tree: ResultTree, leaves: readonly TensorBase[]): void {
  const known = new Set<number | undefined>();
  visitViews(tree, (slot) => known.add(slot));
  for (const { grad } of leaves) {
    if (grad !== null && !grad.isDisposed) known.add(recording.memory.slotOf(grad.storage));
  }
  // Gradients of leaves created by the call are unreachable after it.
  for (const event of recording.events) if (event.kind === "grad") known.add(event.view?.slot);
  recording.memory.slots.forEach(({ own, storage }, slot) => {
    if (!own || storage.references === 0 || known.has(slot)) return;
    if (recording.memory.isOfSection(storage)) {
      recording.early = true;
      return;
    }
    const maker = recording.steps.find((step) =>
      step.kind === "write" ? step.slot === slot : step.outputs.some((view) => view.slot === slot)
    );
    throw recording.refuse(
      `a tensor of ${storage.bytes} bytes that it makes${
        maker ? placeOf(maker.site) : ""
      } stays alive after it: return it, ` +
        "or create it before and change it in place",
    ).error;
  });
}

/** Calls `f` with the slot of each tensor in a result. */
export function visitViews(tree: ResultTree, f: (slot: number) => void): void {
  if (tree.kind === "tensor") f(tree.view.slot);
  else if (tree.kind === "list") tree.items.forEach((item) => visitViews(item, f));
  else if (tree.kind === "record") tree.items.forEach(([, item]) => visitViews(item, f));
}

/** Event with tensors replaced by references that hold in any call; a placeholder for events on leaves created by the call. */
function resolved(
  event: TraceEvent,
  recording: Recording,
  tensors: readonly Tensor[],
  leaves: readonly TraceLeaf[],
): TraceEvent {
  if (event.kind === "grad" || event.kind === "toggle") {
    // Launches refer to sections by the index of the event.
    return typeof event.leaf !== "number" && isMadeWithin(event.leaf, recording)
      ? { kind: "nothing", at: event.at }
      : event;
  }
  if (event.kind !== "changed") return event;
  const index = tensors.findIndex(({ version }) => version === event.version);
  if (index >= 0) return { ...event, version: index };
  const leaf = leaves.find(({ entry }) => entry?.version === event.version);
  return leaf === undefined ? event : { ...event, version: leaf.leaf, ofGrad: true };
}

/** Copy of a module's record with the fields that the call did not change, and the mode that it had before the call. */
function unchanged({ module, fields, forward }: TraceModule, { modes }: Recording): TraceModule {
  const now = module as Record<string, unknown>, current = ownForward(module);
  return {
    module,
    fields: fields.flatMap(([key, value]) => {
      if (key === "training") return [[key, modes.get(module) ?? value] as const];
      return isAsWas(value, now[key]) ? [[key, value] as const] : [];
    }),
    forward: forward === null || forward === current ? current : CHANGED,
  };
}

/** Throws if a tensor from outside still holds memory that it took over from the call or an argument. */
function refuseMoves(recording: Recording): void {
  for (const { tensor, to, site } of recording.moves) {
    if (tensor.isDisposed || tensor.storage !== to) continue;
    throw recording.refuse(
      `a tensor from outside gets other memory in each call${placeOf(site)}: ` +
        "change its values in place, as by copy_()",
    ).error;
  }
}

/**
 * Removes histories that `backward()` has used up from the tensors that a recorded call returns, as runs return none:
 * otherwise they would keep the memory of a graph alive.
 */
export function dropUsedHistories(result: unknown, recording: Recording): void {
  if (isTensor(result)) {
    if (!result.isDisposed && result.node?.isReleased && recording.memory.isOwn(result.storage)) {
      result.node = null;
    }
  } else if (Array.isArray(result)) { for (const item of result) dropUsedHistories(item, recording); }
  else if (isRecord(result)) { for (const item of Object.values(result)) dropUsedHistories(item, recording); }
}
