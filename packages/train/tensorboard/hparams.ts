/** Hyperparameters as TensorBoard lists them. */
import { bytes, double, type Field, flag, integer, message, text } from "./message.ts";
import { hparamsValue } from "./summary.ts";

/** A hyperparameter: a learning rate, the name of an optimizer, a switch. */
export type HparamValue = number | string | boolean;

/** Types of hyperparameters in `HParamInfo`, and the field of `google.protobuf.Value` that holds one. */
const KINDS = {
  string: { type: 1, field: (value: HparamValue): Field => text(3, value as string) },
  boolean: { type: 2, field: (value: HparamValue): Field => flag(4, value as boolean) },
  number: { type: 3, field: (value: HparamValue): Field => double(2, value as number) },
} as const;

const kindOf = (value: HparamValue) => KINDS[typeof value as keyof typeof KINDS];

/** The status of a session that has ended well. */
const SUCCESS = 1;

/**
 * The three values that say which hyperparameters a run had, and which of its scalars are its metrics.
 *
 * @param domains All values that a hyperparameter takes in a search, by its name.
 * @throws {TypeError} If a hyperparameter is of another type, or its domain has values of another type.
 */
export function hparamsValues(
  hparams: Readonly<Record<string, HparamValue>>,
  metrics: Iterable<string>,
  domains: Readonly<Record<string, readonly HparamValue[]>>,
): Uint8Array[] {
  checkHparams(hparams, domains);
  const entries = Object.entries(hparams);
  const experiment = message(
    ...entries.map(([name, value]) => bytes(4, hparamInfo(name, value, domains[name]))),
    ...Array.from(metrics, (tag) => bytes(5, message(bytes(1, message(text(2, tag)))))),
  );
  const start = message(
    ...entries.map(([name, value]) =>
      bytes(1, message(text(1, name), bytes(2, message(kindOf(value).field(value)))))
    ),
  );
  return [
    hparamsValue("_hparams_/experiment", message(bytes(2, experiment))),
    hparamsValue("_hparams_/session_start_info", message(bytes(3, start))),
    hparamsValue("_hparams_/session_end_info", message(bytes(4, message(integer(1, SUCCESS))))),
  ];
}

function hparamInfo(
  name: string,
  value: HparamValue,
  domain: readonly HparamValue[] | undefined,
): Uint8Array {
  const values = domain?.map((choice) => bytes(1, message(kindOf(choice).field(choice))));
  return message(
    text(1, name),
    integer(4, kindOf(value).type),
    ...(values === undefined ? [] : [bytes(5, message(...values))]),
  );
}

function checkHparams(
  hparams: Readonly<Record<string, unknown>>,
  domains: Readonly<Record<string, readonly unknown[]>>,
): void {
  for (const [name, value] of Object.entries(hparams)) {
    const values = [value, ...domains[name] ?? []];
    if (
      values.every((one) => typeof one === typeof value) && /^(?:number|string|boolean)$/.test(typeof value)
    ) continue;
    throw new TypeError(
      `Cannot apply addHparams() as ${name} and its domain must be numbers, texts or booleans: current ones are ${
        values.map((one) => JSON.stringify(one) ?? String(one)).join(", ")
      }`,
    );
  }
}
