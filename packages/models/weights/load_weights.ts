/** Weights of networks from files. */
import { Scope, StateDict, Tensor } from "@troodon/core";
import { reword } from "@troodon/core/kernel";
import type { FileLike } from "@troodon/io";
import type { AnyModule } from "@troodon/nn";
import { load } from "@troodon/serialization";
import { fetchWeights } from "./fetch_weights.ts";
import { type RenameWeights, todaysState } from "./rename_weights.ts";

/** Options of a network with weights. */
export interface WeightsOptions {
  /** A file of PyTorch (`.pth`), safetensors or NumPy: its path, its URL (`https:`, `file:`), a Blob or bytes. */
  readonly weights: FileLike;
  /** SHA-256 of a file from the network, or its first digits, as torchvision's names of files end in; hexadecimal. */
  readonly sha256?: string;
  /** The most bytes that a file from the network may have (default 2 GiB). */
  readonly limit?: number;
  /** Folder that files from the network are kept in (default `data/weights`). */
  readonly cache?: string;
  /** Called as a file comes from the network, with the bytes so far, and all of them where the server says. */
  readonly onProgress?: (received: number, total: number | null) => void;
}

/** The state in the contents of a file: a state dict itself, or one under `model`, `state_dict` or `model_state_dict`. */
function stateIn(contents: unknown): ReadonlyMap<string, Tensor> | null {
  if (contents instanceof StateDict) return contents;
  if (typeof contents !== "object" || contents === null) return null;
  const { model, state_dict, model_state_dict } = contents as Record<string, unknown>;
  return [state_dict, model_state_dict, model].find((part) => part instanceof StateDict) ?? null;
}

/**
 * Loads weights into a network: a state dict, or a checkpoint with one under `state_dict`, `model_state_dict` or `model`.
 *
 * @param rename Says how a name in a file of an older version is written now.
 * @throws {RangeError} If the file is not of this network: its names and shapes are said.
 * @throws {TypeError} If the file is damaged, has another digest than it must have, or holds no state dict.
 */
export async function loadWeights<M extends AnyModule>(
  model: M,
  options: WeightsOptions,
  rename: RenameWeights = (name) => name,
): Promise<M> {
  const file = await fetchWeights(options);
  const [first] = model.stateDict().values();
  const contents = await load<unknown>(file, { weightsOnly: true, ...(first && { device: first.device }) });
  const state = stateIn(contents), name = typeof file === "string" || file instanceof URL ? file : "the file";
  try {
    if (state === null) {
      throw new TypeError(
        `Cannot load weights into ${model.constructor.name} as the file must hold a state dict, or one under state_dict, ` +
          `model_state_dict or model: ${name} holds another value`,
      );
    }
    using _ = new Scope();
    model.loadStateDict(todaysState(model, state, rename));
  } catch (error) {
    const isOther = !(error instanceof TypeError || error instanceof RangeError);
    if (isOther || error.message.includes(String(name))) throw error;
    throw reword(error, `Cannot load weights of ${name} into ${model.constructor.name}: ${error.message}`);
  } finally {
    disposeTensors(contents);
  }
  return model;
}

/** Frees the tensors in the contents of a file. */
function disposeTensors(value: unknown): void {
  if (value instanceof Tensor) value.dispose();
  else if (value instanceof Map || value instanceof Set) {
    for (const item of value.values()) disposeTensors(item);
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    for (const item of Object.values(value)) disposeTensors(item);
  }
}
