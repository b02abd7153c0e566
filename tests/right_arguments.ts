/** Arguments that functions take, by the type of a parameter. */
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { type DocType, type Parameter, typeOf } from "./doc_symbols.ts";

const x = tensor([[1, 2], [3, 4]], { device: new Device(new ReferenceBackend()) });

/** Arguments by the first name of their type. */
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

/** The names of a type, one for each part of a union. */
export function namesOf(type: DocType | undefined): readonly string[] {
  const { kind, value, repr } = type ?? {};
  if (kind === "union") return (value as readonly DocType[]).flatMap(namesOf);
  if (kind === "array") return [`${namesOf(value as DocType).join("|")}[]`];
  if (kind === "typeRef") return [(value as { typeName: string }).typeName];
  if (kind === "typeOperator") return namesOf((value as { tsType: DocType }).tsType);
  if (kind === "parenthesized") return namesOf(value as DocType);
  return [repr || kind || "?"];
}

/** An argument that fits a parameter, null where it may be that; undefined for types of which none is known. */
export function rightArgument(parameter: Parameter): unknown {
  const names = namesOf(typeOf(parameter));
  return names.includes("null") ? null : RIGHT[names[0]!]?.();
}
