/** Validation of the state of a run that is read from a file. */
import { Generator, type GeneratorState } from "@troodon/core";
import { showArgument } from "@troodon/core/kernel";
import type { NdArray } from "@troodon/datasets";
import type { TrainingState } from "./training_state.ts";

/** Required part of a state: the path of its keys, a description, and a predicate. */
type Part = readonly [path: string, wanted: string, is: (value: unknown) => boolean];

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): boolean => typeof value === "number";
const isText = (value: unknown): boolean => typeof value === "string";
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (is: (value: unknown) => boolean) => (value: unknown): boolean =>
  Array.isArray(value) && value.every(is);
const isNumberOrTensor = (value: unknown): boolean => value === null || isNumber(value);

const PARTS: readonly Part[] = [
  ...["step", "epoch", "batch", "samples"].map((
    name,
  ): Part => [`position.${name}`, "a whole number from 0", isCount]),
  ...["sum", "seconds"].map((name): Part => [`position.${name}`, "a number", isNumber]),
  ["position.passed", "true or false", (value) => typeof value === "boolean"],
  ["optimizer.name", "a text", isText],
  [
    "optimizer.state",
    "numbers and tensors by parameter",
    (value) =>
      isRecord(value) &&
      Object.values(value).every((own) => isRecord(own) && Object.values(own).every(isNumberOrTensor)),
  ],
  [
    "optimizer.paramGroups",
    "a list of groups with a learning rate and the numbers of their parameters",
    isListOf((group) => isRecord(group) && isNumber(group["lr"]) && isListOf(isCount)(group["params"])),
  ],
  [
    "scheduler",
    "null, or lastEpoch, baseLrs and lastLr",
    (value) =>
      value === null ||
      (isRecord(value) && isNumber(value["lastEpoch"]) && isListOf(isNumber)(value["baseLrs"]) &&
        isListOf(isNumber)(value["lastLr"])),
  ],
  ["generators", "a list of states of generators", isListOf(isGenerator)],
  ["keep", "a list", Array.isArray],
  ["meter.sum", "null or a number", isNumberOrTensor],
  [
    "meter.dtype",
    "float32, float64, float16 or bfloat16",
    (value) => /^b?float(16|32|64)$/.test(String(value)),
  ],
  ["meter.count", "a whole number from 0", isCount],
  ["notes", "a record", (value) => value === undefined || isRecord(value)],
];

function isGenerator(value: unknown): boolean {
  const { seed, offset, used } = isRecord(value) ? value : {};
  if (!isListOf(isCount)(seed) || (seed as readonly unknown[]).length !== 2) return false;
  try {
    new Generator().setState({ seed, offset, used } as GeneratorState);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Parses the state of a run from JSON.
 *
 * @throws {TypeError} If a part is missing or of the wrong kind, or a tensor that it names is missing.
 */
export function storedState(
  plain: unknown,
  tensors: ReadonlyMap<string, NdArray>,
  file: string,
): TrainingState {
  for (const [path, wanted, is] of PARTS) {
    const value = path.split(".").reduce<unknown>((at, key) => isRecord(at) ? at[key] : undefined, plain);
    if (!is(value)) {
      throw new TypeError(
        `Cannot go on from ${file} as its ${path} must be ${wanted}: current value is ${showArgument(value)}`,
      );
    }
  }
  const state = { ...plain as Omit<TrainingState, "tensors">, tensors, file };
  for (const [i, own] of Object.entries(state.optimizer.state)) {
    for (const [name, value] of Object.entries(own)) {
      if (value === null && !tensors.has(`optimizer.${i}.${name}`)) {
        throw new TypeError(
          `Cannot go on from ${file} as it must have the tensor optimizer.${i}.${name}: it has none`,
        );
      }
    }
  }
  return state;
}
