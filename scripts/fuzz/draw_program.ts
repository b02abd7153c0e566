/** Draws whole programs. */
import type { Device, Tensor } from "@troodon/core";
import { ArgumentDrawer, type Drawn } from "./arguments.ts";
import { Draft } from "./draw.ts";
import { isFloat } from "./numbers.ts";
import { split } from "./names.ts";
import type { Argument, Program, Trace } from "./program.ts";
import { drawAssignment, drawIndexing } from "./draw_index.ts";
import { parseSignature } from "./signature.ts";
import { type Entry, entryOf } from "./table/signatures.ts";

/** Drawn program and its outcomes in Troodon. */
export interface DrawnProgram {
  readonly program: Program;
  readonly here: Trace;
}

/** Draws a program that calls the names returned by `next`. */
export function drawProgram(seed: number, device: Device, next: () => string): DrawnProgram {
  const draft = new Draft(seed, device);
  for (let calls = draft.between(2, 7); calls > 0; calls--) {
    const way = draft.generator.integer(14);
    if (way === 0 && draft.variables.length > 0) drawIndexing(draft);
    else if (way === 1 && draft.variables.length > 0) drawAssignment(draft);
    else drawCall(draft, next());
  }
  drawBackward(draft);
  return { program: draft.program, here: draft.trace() };
}

/** Adds a call of a function, and the tensors it takes. */
export function drawCall(draft: Draft, name: string): void {
  const entry = entryOf(name);
  if (entry === undefined) throw new TypeError(`Cannot draw ${name} as it is in no table`);
  if (name.startsWith("nn.")) return drawLayer(draft, name, entry);
  const drawer = new ArgumentDrawer(draft), alternatives = parseSignature(entry.signature);
  const drawn = drawer.draw(draft.choose(alternatives));
  if (draft.chance(0.012)) spoil(draft, drawn.args);
  // Calls without tensors have no `self` or other variable.
  const inPlace = name.endsWith("_");
  const plain = inPlace ? prepareSelf(draft, drawn, entry.copy || entry.loose) : undefined;
  draft.add({
    as: draft.name(),
    call: name,
    ...drawn,
    ...(plain === true ? { ng: true } : {}),
    ...(entry.loose ? { loose: true } : {}),
    ...(entry.only === undefined ? {} : { only: entry.only }),
  }, !entry.loose && !entry.plain && entry.only === undefined);
}

/** Prepares the tensor to write to: clones most leaves; returns true if the call needs `no_grad()`. */
function prepareSelf(draft: Draft, { args }: Drawn, copy: boolean): boolean {
  const [self] = args;
  const value = typeof self === "object" && self !== null && "v" in self ? draft.valueOf(self.v) : undefined;
  if (value === undefined) return false;
  const tensor = value as Tensor;
  // PyTorch leaves the result undefined if the written tensor is also another operand.
  const twice = args.slice(1).some((one) =>
    JSON.stringify(one) === JSON.stringify(self) ||
    typeof one === "object" && one !== null && "v" in one && draft.valueOf(one.v) === value
  );
  const clone = () => {
    const as = draft.name();
    draft.add({ as, call: "Tensor.clone", args: [self!] }, false);
    args[0] = { v: as };
  };
  // Most writes go to copies: writes to saved tensors are refused, for different operands in each library.
  if (copy || twice || draft.leaves.length > 0 && draft.chance(0.985)) clone();
  else if (tensor.requiresGrad && tensor.isLeaf && draft.chance(0.9)) {
    if (draft.chance(0.3)) return true;
    clone();
  }
  return false;
}

/** Replaces an argument with an invalid one. */
function spoil(draft: Draft, args: Argument[]): void {
  if (args.length === 0) return;
  const at = draft.between(0, args.length - 1), old = args[at];
  if (typeof old === "number") args[at] = old + draft.choose([-9, 9]);
  else if (typeof old === "object" && old !== null && "v" in old && draft.variables.length > 0) {
    args[at] = { v: draft.choose(draft.variables).name };
  }
}

const WEIGHTED =
  /^(Bilinear|Embedding|GRU|LSTM|Linear|Multihead|PReLU|RMSNorm|RNN|Transformer)|Conv|(Batch|Group|Instance|Layer)Norm/;

/** Arguments of modules that contain modules, by name; their inputs have shape [m, c, 4]. */
const CONTAINERS: Readonly<Record<string, (draft: Draft) => readonly Argument[]>> = {
  "nn.Sequential": (draft) => [
    { layer: "Linear", args: [4, 3] },
    { layer: draft.choose(["ReLU", "Tanh", "Sigmoid"]), args: [] },
    { layer: "Linear", args: [3, draft.between(1, 3)] },
  ],
  "nn.TransformerEncoder": (draft) => [coderLayer(draft, "TransformerEncoderLayer"), draft.between(1, 2)],
  "nn.TransformerDecoder": (draft) => [coderLayer(draft, "TransformerDecoderLayer"), 1],
};

const coderLayer = (draft: Draft, layer: string): Argument => ({
  layer,
  args: [4, 2],
  kw: { dim_feedforward: 3, dropout: 0, norm_first: draft.chance(0.5) },
});

function drawLayer(draft: Draft, name: string, entry: Entry): void {
  const alternative = draft.choose(entry.signature.split(" ; "));
  const [made = "", called = ""] = alternative.split("->");
  const drawer = new ArgumentDrawer(draft);
  const [, layer] = split(name), as = draft.name("m"), given = drawer.draw(parseSignature(made)[0]!);
  given.args.push(...CONTAINERS[name]?.(draft) ?? []);
  // Layers with weights use float32 unless a dtype is given.
  const typed = WEIGHTED.test(layer),
    told = typed && draft.dtype !== "float32" && !(name in CONTAINERS) && draft.chance(0.6);
  if (told) given.kw["dtype"] = { dtype: draft.dtype };
  if (told && given.here) Object.assign(given.here.options, { dtype: "dtype" });
  drawer.floating = typed && !told ? "float32" : draft.dtype;
  if (
    !draft.add({
      as,
      layer,
      ...given,
      ...(entry.eval || draft.chance(0.25) && !entry.loose ? { eval: true } : {}),
    })
  ) {
    return;
  }
  drawer.restart();
  const drawn = drawer.draw(parseSignature(called)[0]!);
  draft.add({
    as: draft.name(),
    call: "module",
    ...drawn,
    args: [{ v: as }, ...drawn.args],
    ...(entry.loose ? { loose: true } : {}),
  }, !entry.loose);
}

/** Returns true if a program calls a function that PyTorch cannot differentiate twice. */
const once = ({ program }: Draft): boolean =>
  program.some((s) => entryOf("call" in s ? s.call : "layer" in s ? `nn.${s.layer}` : "none")?.once === true);

/** Adds first- or second-order gradients of one of the last results. */
function drawBackward(draft: Draft): void {
  const fitting = draft.variables.filter(({ tensor }) =>
    tensor.requiresGrad && !tensor.isLeaf && isFloat(tensor.dtype) && tensor.numel() > 0
  );
  if (fitting.length === 0 || draft.chance(0.08)) return;
  for (let count = draft.chance(0.005) ? 2 : 1; count > 0; count--) {
    const { name } = fitting[Math.max(...[1, 2].map(() => draft.between(0, fitting.length - 1)))]!;
    const { leaves } = draft;
    if (draft.chance(0.8) || leaves.length === 0 || once(draft) && draft.chance(0.95)) draft.back(name);
    else draft.add({ grads: name, of: leaves.slice(-3) });
  }
}
