/** Reading of cases from folders. */
import { join } from "@std/path";
import type { Case, Tolerance } from "./case.ts";

const DEFAULT: Tolerance = { rtol: 1e-3, atol: 1e-7 };

async function readTolerance(file: string): Promise<Tolerance> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return DEFAULT;
    throw error;
  }
}

async function readTensors(folder: string, kind: string): Promise<Uint8Array[]> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.startsWith(`${kind}_`)
  );
  const numbers = names.map((name) => parseInt(name.slice(kind.length + 1))).sort((a, b) => a - b);
  return await Promise.all(numbers.map((i) => Deno.readFile(join(folder, `${kind}_${i}.pb`))));
}

/** The cases below a folder in the layout of `onnx/backend/test/data`: one for each set of data, in order of their names. */
export async function* readCases(folder: string): AsyncGenerator<Case> {
  const entries = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  if (!entries.includes("model.onnx")) {
    for (const name of entries) {
      if (Deno.statSync(join(folder, name)).isDirectory) yield* readCases(join(folder, name));
    }
    return;
  }
  const model = await Deno.readFile(join(folder, "model.onnx"));
  const tolerance = await readTolerance(join(folder, "tolerance.json"));
  for (const set of entries.filter((name) => name.startsWith("test_data_set_"))) {
    const [inputs, outputs] = await Promise.all(
      ["input", "output"].map((kind) => readTensors(join(folder, set), kind)),
    );
    yield {
      name: `${folder.split("/").slice(-2).join("/")}/${set.slice("test_data_set_".length)}`,
      model,
      inputs: inputs!,
      outputs: outputs!,
      tolerance,
    };
  }
}
