/** Which ops have no samples yet. */
import * as core from "@troodon/core";
import type { OpCase } from "./case.ts";

// Exports of core that are no ops: devices, scopes, random numbers.
const NOT_OPS: ReadonlySet<string> = new Set(
  [
    "broadcastShapes currentScope defaultDevice defaultGenerator isFloating live manualSeed promote scoped setDefaultDevice",
    "seedEverything tidy tidySync toAsync withDevice",
  ].join(" ").split(" "),
);

// Methods that are no ops under a name of their own: handles, history, conversions that are `to()` and `zeros()`.
const NOT_OP_METHODS: ReadonlySet<string> = new Set(
  [
    "constructor bfloat16 byte cpu emptyOn half toAsync type typeAs make packedCopy newEmpty apply applyAll applyFresh applyInto adopt alias backward buffer data dataAsync",
    "dataSync numpy detach dim T dispose gradFn isContiguous storageOffset isDisposed isLeaf isRecorded item itemAsync moveTo ndim numel registerHook",
    "registerPostAccumulateGradHook retainsGrad requiresGrad requiresGrad_ retainGrad setData size storage toString tolist version",
    "requiresGrad requiresGrad_ retainGrad setData size storage toString tolist version node outputNumber",
    "detach_ end grad retire snapshot takeOver viewed toJSON",
  ].join(" ").split(" "),
);

/** Names of functions that core exports, and of methods of its tensors, that `cases` leave out. */
export function uncovered(cases: readonly OpCase[]): string[] {
  const covered = new Set(cases.flatMap(({ name, inPlace }) => inPlace ? [name, `${name}_`] : [name]));
  const exported = Object.entries(core)
    .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name) && !NOT_OPS.has(name))
    .map(([name]) => name);
  const methods: string[] = [];
  for (let p: object = core.Tensor.prototype; p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    methods.push(...Object.getOwnPropertyNames(p).filter((name) => !NOT_OP_METHODS.has(name)));
  }
  return [...new Set([...exported, ...methods])].filter((name) => !covered.has(name)).sort();
}

/** Names that `cases` use, and that neither core nor its tensors have. */
export function unknown(cases: readonly OpCase[]): string[] {
  const has = (name: string) => name in core || name in core.Tensor.prototype;
  const names = cases.flatMap(({ name, inPlace }) => inPlace ? [name, `${name}_`] : [name]);
  return [...new Set(names)].filter((name) => !has(name)).sort();
}
