/** Changes to the headers of safetensors files. */
import { drawn, joined } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";
import { changedJson } from "./json.ts";

/** Metadata entries that contain JSON: modules, and states of runs. */
const INNER = ["troodon", "training"];

/** Splits a file into its header and the rest. */
function split(bytes: Bytes): { readonly header: string; readonly data: Bytes } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { header: new TextDecoder().decode(bytes.subarray(8, 8 + length)), data: bytes.slice(8 + length) };
}

function assembled(header: string, data: Bytes): Bytes {
  const text = new TextEncoder().encode(header), length = Math.ceil(text.length / 8) * 8;
  const start = new Uint8Array(8 + length).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  start.set(text, 8);
  return joined(start, data);
}

/** Changes a value of the header, and repairs its length. */
export const SAFETENSORS_HEADER: Structure = {
  name: "safetensors header",
  change: (bytes, random) => {
    const { header, data } = split(bytes), changed = changedJson(header, random);
    return changed === null ? null : assembled(changed, data);
  },
};

/** Changes JSON that is stored as text in the metadata. */
export const SAFETENSORS_METADATA: Structure = {
  name: "JSON in the metadata",
  change: (bytes, random) => {
    const { header, data } = split(bytes);
    const record = JSON.parse(header) as { __metadata__?: Record<string, string> },
      texts = record.__metadata__ ?? {};
    const keys = INNER.filter((key) => Object.hasOwn(texts, key));
    if (keys.length === 0) return null;
    const key = drawn(keys, random), changed = changedJson(texts[key]!, random);
    if (changed === null) return null;
    texts[key] = changed;
    return assembled(JSON.stringify(record), data);
  },
};
