/**
 * Writes `packages/PYTORCH.md`: every name of PyTorch's main modules beside what it is here. The names are in
 * `tests/reference/torch_names.json`, which `scripts/torch_names.py` writes where PyTorch is installed.
 *
 *     deno run -A scripts/torch_names.ts [--check]
 *
 * `--check` writes nothing, and fails if the page is not what the code says.
 *
 * @module
 */
import { Device, ReferenceBackend } from "@troodon/core";
import * as troodon from "@troodon/troodon";

/** Names that are written otherwise here, by module; each must exist. */
const OTHERWISE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "torch.nn.functional": {
    max_pool2d_with_indices: "maxPool2dWithIndices",
    max_pool1d_with_indices: "maxPool2dWithIndices",
    adaptive_max_pool2d_with_indices: "adaptiveMaxPool2dWithIndices",
    multi_head_attention_forward: "multiHeadAttention",
    upsample: "interpolate",
    upsample_bilinear: "interpolate",
    upsample_nearest: "interpolate",
  },
  "torch.utils.data": { default_collate: "collate" },
  "torch.Tensor": {
    T: "t",
    absolute: "abs",
    absolute_: "abs_",
    arccos: "acos",
    arccosh: "acosh",
    arcsin: "asin",
    arcsinh: "asinh",
    arctan: "atan",
    arctan2: "atan2",
    arctanh: "atanh",
    argwhere: "nonzero",
    bfloat16: "to",
    byte: "to",
    clamp_max: "clamp",
    clamp_max_: "clamp_",
    clamp_min: "clamp",
    clamp_min_: "clamp_",
    clip: "clamp",
    clip_: "clamp_",
    cpu: "to",
    cuda: "to",
    dim: "ndim",
    divide: "div",
    divide_: "div_",
    fix: "trunc",
    fix_: "trunc_",
    fliplr: "flip",
    flipud: "flip",
    ger: "outer",
    greater: "gt",
    greater_equal: "ge",
    half: "to",
    is_floating_point: "dtype",
    less: "lt",
    less_equal: "le",
    mT: "transpose",
    moveaxis: "movedim",
    multiply: "mul",
    multiply_: "mul_",
    ndimension: "ndim",
    negative: "neg",
    negative_: "neg_",
    nelement: "numel",
    new_tensor: "newFull",
    not_equal: "ne",
    numpy: "data",
    output_nr: "outputNumber",
    ravel: "flatten",
    reshape_as: "reshape",
    split_with_sizes: "split",
    storage_offset: "offset",
    stride: "strides",
    subtract: "sub",
    subtract_: "sub_",
    swapaxes: "transpose",
    swapdims: "transpose",
    true_divide: "div",
    true_divide_: "div_",
    type: "to",
    type_as: "to",
    unsafe_chunk: "chunk",
    unsafe_split: "split",
    unsafe_split_with_sizes: "split",
    untyped_storage: "storage",
    vdot: "dot",
    view_as: "view",
  },
};

type Row = readonly [name: string, here: string | null];

const camelCase = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** Interfaces, which have no value: those that the datasets export. */
function interfaces(): ReadonlySet<string> {
  const text = Deno.readTextFileSync(new URL("../packages/datasets/mod.ts", import.meta.url));
  const lists = [...text.matchAll(/export type \{([^}]*)\}/g)].flatMap((m) => m[1]!.split(","));
  const marked = [...text.matchAll(/\btype (\w+)/g)].map((m) => m[1]!);
  return new Set([...lists.map((name) => name.trim()), ...marked]);
}

/** The page. */
export function torchNames(): string {
  const { version, names }: { version: string; names: Record<string, string[]> } = JSON.parse(
    Deno.readTextFileSync(new URL("../tests/reference/torch_names.json", import.meta.url)),
  );
  const exported: Readonly<Record<string, unknown>> = { ...troodon };
  using tensor = troodon.tensor([1], { device: new Device(new ReferenceBackend()) });
  const types = interfaces();
  const asMember = (name: string): string | null =>
    name in tensor ? name : Object.hasOwn(exported, name) ? `${name}(x)` : null;
  const asExport = (name: string): string | null =>
    Object.hasOwn(exported, name) || types.has(name) ? name : name in tensor ? `x.${name}()` : null;
  const sections = Object.entries(names).map(([module, list]) => {
    const rows = list.map((name): Row => {
      const candidate = OTHERWISE[module]?.[name] ?? camelCase(name);
      const found = module === "torch.Tensor" ? asMember(candidate) : asExport(candidate);
      if (found === null && OTHERWISE[module]?.[name] !== undefined) {
        throw new RangeError(`Cannot name ${module}.${name} otherwise as there is no ${candidate}`);
      }
      return [name, found];
    });
    return section(module, rows);
  });
  return [
    "# Troodon beside PyTorch",
    "",
    `Every public name of PyTorch's main modules as of version ${version}, and what it is here: \`there\` under the`,
    "same name in camel case, named otherwise, or not there. Written by `deno run -A scripts/torch_names.ts`; a",
    "test holds it to the code.",
    "",
    ...sections,
  ].join("\n");
}

function section(module: string, rows: readonly Row[]): string {
  const there = rows.filter(([, here]) => here !== null);
  const same = there.filter(([name, here]) => here === camelCase(name)).map(([name]) => name);
  const otherwise = there.filter(([name, here]) => here !== camelCase(name));
  const missing = rows.filter(([, here]) => here === null).map(([name]) => name);
  const list = (items: readonly string[]) => items.length ? items.map((n) => `\`${n}\``).join(" ") : "none";
  return [
    `## ${module}: ${there.length} of ${rows.length}`,
    "",
    `**There:** ${list(same)}`,
    "",
    `**Named otherwise:** ${list(otherwise.map(([name, here]) => `${name}: ${here}`))}`,
    "",
    `**Not there:** ${list(missing)}`,
    "",
  ].join("\n");
}

/** Where it stands. */
export const PAGE: URL = new URL("../packages/PYTORCH.md", import.meta.url);

if (import.meta.main) {
  const page = torchNames();
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(PAGE, page);
  else if (Deno.readTextFileSync(PAGE) !== page) {
    console.error("packages/PYTORCH.md is not what the code says: deno run -A scripts/torch_names.ts");
    Deno.exit(1);
  }
}
