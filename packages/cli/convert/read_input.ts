/** Reading the file or the run folder to convert. */
import { runtimeFiles } from "@troodon/io";
import {
  Device,
  load,
  models,
  openTensors,
  ReferenceBackend,
  StateDict,
  Tensor,
  withDevice,
} from "@troodon/troodon";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";

/** Networks whose architecture files may hold besides layers. */
const NETWORKS = { ...models };

/** Contents of the input. */
export interface Input {
  /** Tensors, containers of tensors, or a module. */
  readonly value: unknown;
  /** Metadata stored with the tensors, in safetensors files. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Name of the class whose architecture is lost, or null. */
  readonly unknownClass: string | null;
}

/** Returns true for a folder, as that of a run. */
export async function isFolder(path: string): Promise<boolean> {
  return (await runtimeFiles().status(path)).kind === "a folder";
}

/**
 * Reads a file in any format, detected from its contents, or the model in the folder of a run. Tensors are
 * read to the host.
 *
 * @param architecture If true, keeps modules, so that they are saved with their architecture.
 * @throws {TypeError} If a tensor has an unsupported dtype, which would lose data.
 */
export async function readInput(path: string, architecture: boolean): Promise<Input> {
  const device = new Device(new ReferenceBackend());
  if (await isFolder(path)) {
    const config = await readSavedConfig(path);
    const model = await withDevice(device, () => loadSavedModel(path, config, device));
    return { value: model.stateDict(), metadata: {}, unknownClass: null };
  }
  const skipped: string[] = [];
  const onSkipped = (name: string, dtype: string) => void skipped.push(`"${name}" of ${dtype}`);
  const read = (weightsOnly: boolean) =>
    load<unknown>(path, { device, weightsOnly, onSkipped, modules: NETWORKS });
  let value: unknown, unknownClass: string | null = null;
  try {
    value = await read(!architecture);
  } catch (error) {
    // The classes of programs are unknown here, but their tensors can be read.
    unknownClass =
      (error instanceof TypeError && error.message.match(/the class (\w+) must be given/)?.[1]) || null;
    if (unknownClass === null) throw error;
    skipped.length = 0;
    value = await read(true);
  }
  if (skipped.length > 0) {
    throw new TypeError(
      `Cannot convert ${path} as all of its tensors must have dtypes that are there: those that have not are ${
        skipped.join(", ")
      }`,
    );
  }
  using file = await openTensors(path, { device });
  return { value, metadata: file.metadata, unknownClass };
}

/** Returns the part of a value under a key, such as `model` of a checkpoint. */
export function partOf(value: unknown, key: string, path: string): unknown {
  const entries = value instanceof Map
    ? new Map<unknown, unknown>(value)
    : new Map<unknown, unknown>(isRecord(value) ? Object.entries(value) : []);
  if (entries.has(key)) return entries.get(key);
  throw new RangeError(
    `Cannot take the part "${key}" of ${path} as there is none of this name: there are ${
      [...entries.keys()].slice(0, 10).join(", ") || "no names"
    }`,
  );
}

/** Returns the tensors of a value by name, or null if it contains anything else. */
export function tensorsOf(value: unknown): StateDict | null {
  const entries = value instanceof Map ? [...value] : isRecord(value) ? Object.entries(value) : null;
  if (entries === null) return null;
  const tensors = entries.filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor);
  return tensors.length === entries.length ? new StateDict(tensors) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
