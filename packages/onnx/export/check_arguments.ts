/** Runtime checks of what is exported, for callers that are not type-checked. */
import { Tensor } from "@troodon/core";
import { showArgument } from "@troodon/core/kernel";
import { Module } from "@troodon/nn";
import type { ExportOptions } from "./options.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
const isText = (value: unknown): boolean => typeof value === "string";
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areAxes = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(Number.isInteger)
    : isRecord(value) && Object.values(value).every(isText);

/** Forms of the options that are objects. */
const KINDS: Readonly<Record<string, readonly [what: string, fits: (value: unknown) => boolean]>> = {
  inputNames: ["a list of names", areTexts],
  outputNames: ["a list of names", areTexts],
  dynamicAxes: [
    'axes by input, such as { input: { 0: "N" } }',
    (value) => isRecord(value) && Object.values(value).every(areAxes),
  ],
  metadata: ["texts by name", (value) => isRecord(value) && Object.values(value).every(isText)],
};

/** @throws {TypeError} If `module` is none, `inputs` are no tensor or list, or an option is of another kind. */
export function checkArguments(module: unknown, inputs: unknown, options: ExportOptions): void {
  if (!(module instanceof Module)) {
    throw new TypeError(`Cannot export a module as it must be one: current one is ${showArgument(module)}`);
  }
  if (!(inputs instanceof Tensor || Array.isArray(inputs))) {
    throw new TypeError(
      `Cannot export a module as its inputs must be a tensor or a list: current ones are ${
        showArgument(inputs)
      }`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const [what, fits] = KINDS[name] ?? ["", () => true];
    if (fits(value)) continue;
    throw new TypeError(
      `Cannot export a module as ${name} must be ${what}: current value is ${showArgument(value)}`,
    );
  }
}
