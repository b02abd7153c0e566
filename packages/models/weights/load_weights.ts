/** Loading of weights from files. */
import { Scope, StateDict, Tensor } from "@troodon/core";
import { reword } from "@troodon/core/kernel";
import type { FileLike } from "@troodon/io";
import type { AnyModule } from "@troodon/nn";
import { load } from "@troodon/serialization";
import { fetchWeights } from "./fetch_weights.ts";
import { type OtherHead, spareHead } from "./head.ts";
import { type RenameWeights, todaysState } from "./rename_weights.ts";

/** Options of a model with weights. */
export interface WeightsOptions {
  /** PyTorch (`.pth`), safetensors or NumPy file: its path, its URL (`https:`, `file:`), a Blob or bytes. */
  readonly weights: FileLike;
  /**
   * SHA-256 of the file in hexadecimal, or its first digits, as at the end of torchvision's file
   * names.
   */
  readonly sha256?: string;
  /** Maximum size in bytes of a downloaded file (default 2 GiB). */
  readonly limit?: number;
  /** Folder in which downloaded files are cached (default `data/weights`). */
  readonly cache?: string;
  /** Called during a download with the number of bytes so far, and the total if the server states it. */
  readonly onProgress?: (received: number, total: number | null) => void;
  /**
   * Accepts a file for another number of classes, and is called with its head: all other layers get their
   * weights, the head of the model keeps its own. Without this function such a file is an error.
   */
  readonly onOtherHead?: (head: OtherHead) => void;
}

/**
 * Finds the state dict in the contents of a file: the contents, or the entry `model`, `state_dict` or
 * `model_state_dict`.
 */
function stateIn(contents: unknown): ReadonlyMap<string, Tensor> | null {
  const whole = asState(contents);
  if (whole !== null || typeof contents !== "object" || contents === null) return whole;
  const { model, state_dict, model_state_dict } = contents as Record<string, unknown>;
  return asState(state_dict) ?? asState(model_state_dict) ?? asState(model);
}

/** A state dict, or a dictionary of tensors alone, as Python makes by `{k: v for k, v in state.items()}`. */
function asState(value: unknown): ReadonlyMap<string, Tensor> | null {
  if (value instanceof StateDict) return value;
  if (typeof value !== "object" || value === null || value instanceof Tensor) return null;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every((entry): entry is [string, Tensor] => entry[1] instanceof Tensor)
    ? new Map(entries)
    : null;
}

/**
 * Loads weights into a model: a state dict, or a checkpoint with one under `state_dict`, `model_state_dict`
 * or `model`.
 *
 * @param rename Maps a name in a file of an older version to the current one.
 * @throws {RangeError} If the file does not match the model; the message states names and shapes.
 * @throws {TypeError} If the file is damaged, its digest is wrong, or it contains no state dict.
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
    const named = todaysState(model, state, rename);
    const other = options.onOtherHead && spareHead(model, named);
    model.loadStateDict(named);
    if (other) options.onOtherHead?.(other);
  } catch (error) {
    const isOther = !(error instanceof TypeError || error instanceof RangeError);
    if (isOther || error.message.includes(String(name))) throw error;
    throw reword(error, `Cannot load weights of ${name} into ${model.constructor.name}: ${error.message}`);
  } finally {
    disposeTensors(contents);
  }
  return model;
}

/** Releases the tensors in the contents of a file. */
function disposeTensors(value: unknown): void {
  if (value instanceof Tensor) value.dispose();
  else if (value instanceof Map || value instanceof Set) {
    for (const item of value.values()) disposeTensors(item);
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    for (const item of Object.values(value)) disposeTensors(item);
  }
}
