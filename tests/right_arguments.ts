/** Valid arguments of functions, by parameter type. */
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { type DocType, type Parameter, typeOf } from "./doc_symbols.ts";

const x = tensor([[1, 2], [3, 4]], { device: new Device(new ReferenceBackend()) });

/** Arguments by type name. */
const RIGHT: Readonly<Record<string, () => unknown>> = {
  Tensor: () => x,
  number: () => 1,
  "Tensor[]": () => [x, x],
  Shape: () => [2, 2],
  Sizes: () => 2,
  string: () => "x",
  "number[]": () => [1, 1],
  fnOrConstructor: () => (y: unknown) => y,
  TensorFunction: () => (y: unknown) => y,
  Pair: () => 1,
  Triple: () => 1,
  DType: () => "float32",
  boolean: () => true,
  tuple: () => [1, 1, 2, 2],
  TypedArray: () => new Float32Array(4),
  "Tensor|null[]": () => [x],
  RecurrentWeights: () => ({ weightIh: x, weightHh: x }),
  "RecurrentWeights[]": () => [{ weightIh: x, weightHh: x }],
  MultiHeadAttentionWeights: () => ({ inProjWeight: x, outProjWeight: x }),
};

/** Returns the names of a type, one for each member of a union. */
export function namesOf(type: DocType | undefined): readonly string[] {
  const { kind, value, repr } = type ?? {};
  if (kind === "union") return (value as readonly DocType[]).flatMap(namesOf);
  if (kind === "array") return [`${namesOf(value as DocType).join("|")}[]`];
  if (kind === "typeRef") return [(value as { typeName: string }).typeName];
  if (kind === "typeOperator") return namesOf((value as { tsType: DocType }).tsType);
  if (kind === "parenthesized") return namesOf(value as DocType);
  return [repr || kind || "?"];
}

/** Returns a valid argument for a parameter, or null if that is allowed; undefined for unknown types. */
export function rightArgument(parameter: Parameter): unknown {
  const names = namesOf(typeOf(parameter));
  return names.includes("null") ? null : RIGHT[names[0]!]?.();
}
