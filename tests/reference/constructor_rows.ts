/** Rows of constructors.json: results of PyTorch's constructors, and calls of the same constructors here. */
import { type Device, type Shape, type Tensor, Tensor as TensorClass } from "@troodon/core";
import * as nn from "@troodon/nn";
import { type Arguments, argumentsReader } from "../constructor_signatures.ts";
import { docSymbols } from "../doc_symbols.ts";
import { dtypeOf, make, REVIVED, type TensorRecord } from "./records.ts";

/** Value in a row: JSON, a tensor, a module or a function. */
export type Written =
  | null
  | boolean
  | number
  | string
  | readonly Written[]
  | { readonly tensor: TensorRecord; readonly grad?: boolean }
  | { readonly function: string }
  | Construction
  | { readonly [name: string]: Written };

/** Call of a constructor. */
export interface Construction {
  /** Name of the class or the function. */
  readonly make: string;
  readonly args: readonly Written[];
  /** Arguments by name, including optional positional ones. */
  readonly options?: Readonly<Record<string, Written>>;
}

/** Forward pass of a module, with its gradients and changes to its state. */
export interface Step {
  readonly mode: "train" | "eval";
  /** Inputs, if they differ from those of the row. */
  readonly inputs?: readonly Written[];
  readonly outputs: readonly TensorRecord[];
  readonly inputGrads?: readonly (TensorRecord["data"] | null)[];
  readonly parameterGrads?: Readonly<Record<string, TensorRecord["data"]>>;
  readonly after?: Readonly<Record<string, TensorRecord["data"]>>;
}

/** Constructor with a single option, or with the defaults. */
export interface Row extends Construction {
  readonly option?: string;
  readonly printed: string;
  readonly shapes?: Readonly<Record<string, Shape>>;
  /** Initial value of the state tensors that are uniformly filled. */
  readonly start?: Readonly<Record<string, number>>;
  /** Complete state before the steps. */
  readonly state?: Readonly<Record<string, TensorRecord["data"]>>;
  readonly call?: Readonly<Record<string, Written>>;
  readonly inputs?: readonly Written[];
  readonly steps?: readonly Step[];
  /** True if float32 gives different results. */
  readonly exact?: boolean;
}

/** All rows recorded from PyTorch. */
export const ROWS: readonly Row[] = JSON.parse(
  Deno.readTextFileSync(new URL("./constructors.json", import.meta.url)),
).rows;

/** Reads the signatures of constructors of nn. */
export const argumentsOf: (name: string) => Arguments | undefined = argumentsReader(
  await docSymbols("packages/nn/mod.ts", "packages/core/mod.ts"),
);

const FUNCTIONS: Readonly<Record<string, (...tensors: Tensor[]) => Tensor>> = {
  tanh: (x) => x!.tanh(),
  manhattan: (a, b) => a!.sub(b!).abs().sum(-1),
};

const isRecord = (value: Written): value is { readonly [name: string]: Written } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Creates the value on a device, with float32 if it does not support float64. */
export function revive(value: Written, device: Device): unknown {
  if (typeof value === "string") return REVIVED[value] ?? value;
  if (Array.isArray(value)) return value.map((item: Written) => revive(item, device));
  if (!isRecord(value)) return value;
  if ("tensor" in value) {
    const tensor = make(value["tensor"] as unknown as TensorRecord, device);
    return value["grad"] ? tensor.requiresGrad_() : tensor;
  }
  if ("function" in value) return FUNCTIONS[value["function"] as string];
  if ("make" in value) return construct(value as unknown as Construction, device);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item, device)]));
}

const camelCase = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Calls the constructor on a device, in float64 if supported. */
export function construct({ make, args, options = {} }: Construction, device: Device): nn.AnyModule {
  const { parameters, optional } = argumentsOf(make)!, given = args.map((value) => revive(value, device));
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const revived = revive(value, device), at = parameters.indexOf(name);
    if (at >= 0) given[at] = revived;
    // Only state dicts use PyTorch's parameter names.
    else named[name] = name === "name" ? camelCase(revived as string) : revived;
  }
  if (optional.includes("dtype")) named["dtype"] = dtypeOf("float64", device);
  if (optional.includes("device")) named["device"] = device;
  if (Object.keys(named).length > 0) given[parameters.indexOf("options")] = named;
  const path = make.split("."), owner = path.length > 1 ? Reflect.get(nn, path[0]!) as object : nn;
  const found = Reflect.get(owner, path.at(-1)!) as CallableFunction;
  // Omitted arguments are undefined, not holes.
  const list = Array.from(given);
  return found.prototype instanceof nn.ModuleTree || make === "Parameter"
    ? Reflect.construct(found, list)
    : Reflect.apply(found, owner, list) as nn.AnyModule;
}

/** Arguments that are positional here. */
const POSITIONAL: readonly string[] = ["outputSize"];
/** Arguments for which PyTorch uses different names. */
const OTHERWISE: Readonly<Record<string, string>> = { mask: "srcMask" };

/** Returns the inputs and the remaining arguments of a call. */
export function argumentsOfCall({ make, call = {} }: Row, inputs: readonly unknown[], device: Device): unknown[] {
  const options = Object.entries(call).filter(([name]) => !POSITIONAL.includes(name));
  const placed = Object.entries(call).filter(([name]) => POSITIONAL.includes(name));
  const named = options.map(([name, value]) => {
    const here = make === "TransformerEncoder" ? OTHERWISE[name] ?? name : name;
    return [here, revive(value, device)] as const;
  });
  return [
    ...inputs,
    ...placed.map(([, value]) => revive(value, device)),
    ...(named.length > 0 ? [Object.fromEntries(named)] : []),
  ];
}

/** Lists the tensors in a result or an input, in order. */
export function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof TensorClass) return [result];
  return Array.isArray(result) ? result.flatMap(tensorsIn) : [];
}
