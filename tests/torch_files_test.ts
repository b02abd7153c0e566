/** Files of PyTorch, safetensors and NumPy, each read as the JSON beside it says, or refused as it says. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Device, DTYPES, ReferenceBackend, setDefaultDevice, Tensor } from "@troodon/core";
import { load } from "@troodon/troodon";

const FOLDER = new URL("./testdata/torch_files/", import.meta.url);

/** A tensor as the JSON beside a file has it. */
interface Expected {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly unknown[];
}

/** A value as the JSON beside a file has it: a plain one, or a record with its kind as the key. */
type Content = null | boolean | number | string | {
  readonly tensor?: Expected;
  readonly dict?: readonly (readonly [string | number, Content])[];
  readonly ordered_dict?: readonly (readonly [string | number, Content])[];
  readonly list?: readonly Content[];
  readonly tuple?: readonly Content[];
  readonly bytes?: readonly number[];
  readonly other?: string;
};

/** Contents of the JSON beside a file. */
interface Description {
  readonly file: string;
  readonly expected?: string;
  readonly must_name?: string;
  readonly content?: Content;
  readonly array?: Expected;
  readonly arrays?: Readonly<Record<string, Expected>>;
  readonly tensors?: Readonly<Record<string, Expected>>;
  readonly aliases?: readonly (readonly string[])[];
}

const descriptions: readonly Description[] = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort()
  .filter((name) => name.endsWith(".json") && !name.endsWith(".index.json"))
  .map((name) => JSON.parse(Deno.readTextFileSync(new URL(encodeURIComponent(name), FOLDER))));

const pathOf = (name: string): URL => new URL(encodeURIComponent(name), FOLDER);

const isKnown = ({ dtype }: Expected): boolean => (DTYPES as readonly string[]).includes(dtype);

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

function checkTensor(actual: unknown, { shape, dtype, data }: Expected): void {
  assert(actual instanceof Tensor);
  assertEquals([actual.dtype, actual.shape], [dtype, shape]);
  const values = dtype === "int64" ? actual.dataSync({ bigint: true }) : actual.dataSync();
  for (const [i, wanted] of data.entries()) {
    const value = values[i]!;
    if (typeof value === "bigint") assertEquals(value, BigInt(wanted as string | number));
    else if (typeof wanted === "boolean") assertEquals(value, Number(wanted));
    else {
      const number = typeof wanted === "string" ? SPECIAL[wanted]! : wanted as number;
      // The JSON has nine digits of float64.
      if (!Object.is(value, number)) assertAlmostEquals(value, number, Math.abs(number) * 1e-8);
    }
  }
}

/** Checks a value; tensors of dtypes that there are none of here must have been left out of `actual`. */
function check(actual: unknown, expected: Content): void {
  if (typeof expected !== "object" || expected === null) {
    const isBig = typeof actual === "bigint";
    return assertEquals(isBig ? String(actual) : actual, expected);
  }
  const { tensor, dict, ordered_dict, list, tuple, bytes, other } = expected;
  if (tensor) return checkTensor(actual, tensor);
  if (bytes) return assertEquals(actual, Uint8Array.from(bytes));
  if (other) {
    return assertEquals(actual, other.replace(/^torch\./, "").replace(/^device\(type='(.*)'\)$/, "$1"));
  }
  const items = list ?? tuple, entries = dict ?? ordered_dict!;
  if (items) {
    assert(Array.isArray(actual) && actual.length === items.length);
    return items.forEach((item, i) => check(actual[i], item));
  }
  assertEquals(actual instanceof Map, ordered_dict !== undefined);
  const held = actual instanceof Map ? new Map<unknown, unknown>(actual) : new Map<unknown, unknown>(
    Object.entries(actual as Readonly<Record<string, unknown>>),
  );
  const known = entries.filter(([, item]) => !isUnknownTensor(item));
  assertEquals(held.size, known.length);
  for (const [key, item] of known) check(held.get(actual instanceof Map ? key : `${key}`), item);
}

const isUnknownTensor = (item: Content): boolean =>
  typeof item === "object" && item !== null && item.tensor !== undefined && !isKnown(item.tensor);

/** The content of a description of named tensors, which come as a state dict. */
const named = (tensors: Readonly<Record<string, Expected>>): Content => ({
  ordered_dict: Object.entries(tensors).map(([name, tensor]) => [name, { tensor }] as const),
});

/** The tensors that cannot be read, by name: those on the first level. */
function unknownTensors(content: Content): [string, string][] {
  if (typeof content !== "object" || content === null) return [];
  return (content.dict ?? content.ordered_dict ?? []).flatMap(([name, item]) =>
    isUnknownTensor(item)
      ? [[`${name}`, (item as { tensor: Expected }).tensor.dtype] as [string, string]]
      : []
  );
}

/** Names of dtypes in safetensors' files. */
const SAFETENSORS_NAMES: Readonly<Record<string, string>> = {
  I8: "int8",
  I16: "int16",
  U16: "uint16",
  U32: "uint32",
  U64: "uint64",
  C64: "complex64",
  F8_E4M3: "float8_e4m3fn",
  F8_E5M2: "float8_e5m2",
};

for (const { file, expected, must_name, content, array, arrays, tensors, aliases } of descriptions) {
  const refused = expected !== undefined || (array !== undefined && !isKnown(array));
  Deno.test(`load() ${refused ? "refuses" : "reads"} ${file}`, async () => {
    setDefaultDevice(new Device(new ReferenceBackend()));
    const path = pathOf(file), skipped: [string, string][] = [];
    const reading = load<unknown>(path, {
      onSkipped: (name, dtype) => skipped.push([name, SAFETENSORS_NAMES[dtype] ?? dtype]),
    });
    if (refused) {
      const error = await assertRejects(() => reading);
      assert(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError);
      const name = must_name ?? expected?.match(/naming (\S+)/)?.[1] ?? array?.dtype ?? "";
      for (const part of [file, name]) assert(error.message.includes(part), error.message);
      if (/state_dict/.test(expected ?? "")) assert(error.message.includes("state_dict()"), error.message);
      return;
    }
    const value = await reading;
    if (array) return checkTensor(value, array);
    const wanted = content ?? named(arrays ?? tensors!);
    check(value, wanted);
    assertEquals(skipped.toSorted(), unknownTensors(wanted).toSorted());
    const held = value as Map<string, Tensor> & Record<string, Tensor>;
    const get = (name: string): Tensor => value instanceof Map ? held.get(name)! : held[name]!;
    for (const [name, dtype] of skipped) {
      const error = await assertRejects(async () => await get(name), TypeError, name);
      assert(SAFETENSORS_NAMES[error.message.match(/\w+$/)![0]] === dtype || error.message.endsWith(dtype));
    }
    // Of the views of one storage, those that look at it alike are one tensor.
    for (const names of aliases ?? []) {
      for (const [a, b] of [["emb.weight", "head.weight"], ["base", "same_again"]] as const) {
        if (names.includes(a)) assertStrictEquals(get(a), get(b));
      }
    }
  });
}

Deno.test("load() has a case for each file of torch_files but the shards, which belong to their index", () => {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  const files = names.filter((name) => !/\.json$|-of-/.test(name));
  assertEquals(
    [...files, "model.safetensors.index.json"].sort(),
    descriptions.map(({ file }) => file).sort(),
  );
});
