/** Datasets as text. */
import { showShape } from "@troodon/core/kernel";

/** Properties that the text of a dataset shows beside its class and length. */
export interface DatasetDetails {
  /** The folder that it was read from. */
  readonly root?: string;
  /** Extents of a sample before its transform. */
  readonly sample?: readonly number[];
  /** Names of the classes. */
  readonly classes?: readonly string[];
  /** Names of the features. */
  readonly columns?: readonly string[];
  /** Tensors whose rows are the samples. */
  readonly tensors?: readonly { readonly shape: readonly number[] }[];
  /** Datasets that it is made of. */
  readonly datasets?: readonly object[];
  /** The transform of samples. */
  readonly transform?: object | undefined;
}

/** The most names that are shown. */
const NAMES = 10;

const names = (all: readonly string[]): string =>
  all.slice(0, NAMES).join(", ") + (all.length > NAMES ? `, ... ${all.length - NAMES} more` : "");

/** An object in one line: its class, and how long it is or what it is made of. */
export function briefly(part: object): string {
  const { length, transforms } = part as { readonly length?: unknown; readonly transforms?: unknown };
  const type = part.constructor?.name ?? "Object";
  if (Array.isArray(transforms)) return `${type}(${transforms.map(briefly).join(", ")})`;
  return typeof length === "number" && typeof part !== "function" ? `${type}(${length})` : type;
}

/** A dataset as torchvision writes it: its class, how many samples it has, and what else is known. */
export function showDataset(dataset: { readonly length?: number }, details: DatasetDetails): string {
  const { root, sample, classes, columns, tensors, datasets, transform } = details;
  const lines = [
    `Dataset ${dataset.constructor.name}`,
    `Number of datapoints: ${dataset.length ?? "unknown"}`,
    root === undefined ? "" : `Root location: ${root}`,
    sample && `Size: ${showShape(sample)}`,
    classes && `Classes: ${names(classes)}`,
    columns && `Columns: ${names(columns)}`,
    tensors && `Tensors: ${tensors.map(({ shape }) => showShape(shape)).join(", ")}`,
    datasets && `Datasets: ${datasets.map(briefly).join(", ")}`,
    transform && `Transform: ${briefly(transform)}`,
  ];
  return lines.filter(Boolean).join("\n    ");
}
