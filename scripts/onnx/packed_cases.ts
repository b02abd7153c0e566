/** Cases in one file: what the tests carry along. */
import { gunzip, gzip } from "./gzip.ts";
import type { Case, Tolerance } from "./case.ts";

/** A case whose files are lengths of the parts that follow. */
interface Entry {
  readonly name: string;
  readonly tolerance: Tolerance;
  readonly model: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Packs cases: the length of a list in JSON, that list, and the files one behind the other, compressed. */
export async function packCases(cases: readonly Case[]): Promise<Uint8Array<ArrayBuffer>> {
  const entries = cases.map(({ name, tolerance, model, inputs, outputs }): Entry => ({
    name,
    tolerance,
    model: model.length,
    inputs: inputs.map(({ length }) => length),
    outputs: outputs.map(({ length }) => length),
  }));
  const index = new TextEncoder().encode(JSON.stringify(entries)),
    size = new Uint8Array(Uint32Array.of(index.length).buffer);
  const files = cases.flatMap(({ model, inputs, outputs }) => [model, ...inputs, ...outputs]);
  return await gzip(new Blob([size, index, ...files.map((file) => file.slice())]));
}

/** The cases of a file. */
export async function unpackCases(packed: Uint8Array<ArrayBuffer>): Promise<Case[]> {
  const bytes = await gunzip(packed), [length] = new Uint32Array(bytes.slice(0, 4).buffer);
  let at = 4;
  const next = (count: number): Uint8Array => bytes.subarray(at, at += count);
  const entries: readonly Entry[] = JSON.parse(new TextDecoder().decode(next(length!)));
  return entries.map(({ name, tolerance, model, inputs, outputs }) => ({
    name,
    tolerance,
    model: next(model),
    inputs: inputs.map(next),
    outputs: outputs.map(next),
  }));
}
