/** Files of tensors, checkpoints and modules. */
import { join } from "@std/path";
import {
  BatchNorm1d,
  Conv2d,
  Linear,
  load,
  LSTM,
  openTensors,
  ReLU,
  Sequential,
  serialize,
} from "@troodon/troodon";
import { decodeSafetensors, loadSafetensors, type SaveFormat } from "@troodon/serialization";
import { readInput } from "@troodon/cli/tools";
import type { FileFormat, Sample } from "../file_format.ts";
import { sampleOf, storedSamples } from "../samples.ts";
import { disposeValue } from "../shown_value.ts";
import { JSON_STRUCTURE } from "../structures/json.ts";
import { NPY_HEADER } from "../structures/npy.ts";
import { changedPickle } from "../structures/pickle.ts";
import { SAFETENSORS_HEADER, SAFETENSORS_METADATA } from "../structures/safetensors.ts";
import { ZIP_CONTENTS, ZIP_ENTRIES, ZIP_TABLE } from "../structures/zip.ts";

/** Maximum size in bytes of a file, small enough that fuzzing reaches it. */
const LIMIT = 2 ** 25;

/** Reads a file by path, or as a Blob if its size is odd, as web pages do. */
const read: FileFormat["read"] = async (folder, file) => {
  const path = join(folder, file), { size } = await Deno.stat(path);
  const from = size % 2 === 0 ? path : new File([await Deno.readFile(path)], path);
  return await load<unknown>(from, { onSkipped: () => {}, limit: LIMIT });
};

async function modules(format: SaveFormat): Promise<Sample[]> {
  const nets = {
    linear: new Linear(2, 1),
    deep: new Sequential(new Conv2d(1, 2, 3), new ReLU(), new BatchNorm1d(2)),
    lstm: new LSTM(1, 2),
  };
  const samples: Sample[] = [];
  for (const [name, net] of Object.entries(nets)) {
    const file = `${name}.${format}`;
    samples.push(
      sampleOf(
        file,
        await serialize(format === "pth" && name === "linear" ? { epoch: 3, net } : net, { format }),
      ),
    );
    net.dispose();
  }
  return samples;
}

const ZIP = [ZIP_CONTENTS, ZIP_CONTENTS, ZIP_ENTRIES, ZIP_TABLE];
const LOAD = ["serialization.load", "troodon.load"];

/** Formats of tensors. */
export const TENSOR_FORMATS: readonly FileFormat[] = [
  {
    name: "torch",
    readers: [...LOAD, "io.ZipReader.open", "io.inflateRaw"],
    samples: () =>
      Promise.resolve(
        storedSamples(
          "torch",
          "checkpoint.pth",
          "tied_weights.pth",
          "views_shared_storage.pth",
          "dtypes_float8.pth",
          "views_conj_neg.pth",
        ),
      ),
    read,
    proof: { kind: "checksum" },
    structures: ZIP,
    against: "torch",
  },
  {
    name: "refused torch",
    readers: LOAD,
    samples: () =>
      Promise.resolve(
        storedSamples(
          "torch",
          "torchscript.pt",
          "whole_module.pth",
          "whole_module_legacy.pth",
          "malicious_getattr.pth",
        ),
      ),
    read,
    proof: { kind: "checksum" },
    structures: [],
    against: "torch",
  },
  {
    name: "module in torch",
    readers: LOAD,
    samples: () => modules("pth"),
    read,
    proof: { kind: "checksum" },
    structures: ZIP,
  },
  {
    name: "legacy torch",
    readers: LOAD,
    samples: () =>
      Promise.resolve(
        storedSamples(
          "torch",
          "checkpoint_legacy.pth",
          "dtypes_basic_legacy.pth",
          "views_shared_storage_legacy.pth",
        ),
      ),
    read,
    proof: { kind: "length", why: "PyTorch writes no checksum" },
    structures: [{ name: "pickle", change: changedPickle }],
    against: "torch",
  },
  {
    name: "safetensors",
    readers: LOAD,
    samples: () =>
      Promise.resolve(
        storedSamples("torch", "dtypes.safetensors", "views.safetensors", "complex.safetensors"),
      ),
    read,
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [SAFETENSORS_HEADER],
    against: "safetensors",
  },
  {
    name: "module in safetensors",
    readers: LOAD,
    samples: () => modules("safetensors"),
    read,
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [SAFETENSORS_HEADER, SAFETENSORS_METADATA, SAFETENSORS_METADATA],
  },
  {
    name: "safetensors by decodeSafetensors()",
    readers: [
      "serialization.loadSafetensors",
      "serialization.decodeSafetensors",
      "packages/serialization/safetensors/safetensors_file.ts",
    ],
    samples: () => Promise.resolve(storedSamples("torch", "dtypes.safetensors", "views.safetensors")),
    read: async (folder, file) => {
      const path = join(folder, file), { tensors, metadata } = await loadSafetensors(path);
      const again = decodeSafetensors(await Deno.readFile(path), { name: path });
      for (const tensor of again.tensors.values()) tensor.dispose();
      return { tensors, metadata };
    },
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [SAFETENSORS_HEADER],
  },
  {
    name: "tensors one by one",
    readers: ["serialization.openTensors"],
    samples: () =>
      Promise.resolve(
        storedSamples(
          "torch",
          "checkpoint.pth",
          "views.safetensors",
          "compressed.npz",
          "version_1.npy",
          "views_shared_storage_legacy.pth",
        ),
      ),
    read: async (folder, file) => {
      using opened = await openTensors(join(folder, file), { limit: LIMIT });
      const found = new Map<string, unknown>();
      try {
        for (const name of opened.keys()) found.set(name, await opened.get(name));
        return found;
      } catch (error) {
        disposeValue(found);
        throw error;
      }
    },
    proof: { kind: "length", why: "some of these formats have no checksum" },
    structures: [],
  },
  {
    name: "file to convert",
    readers: ["packages/cli/convert/read_input.ts", "packages/cli/convert/export_model.ts"],
    samples:
      async () => [...storedSamples("torch", "checkpoint.pth", "views.safetensors"), ...await modules("pth")],
    read: async (folder, file) => (await readInput(join(folder, file), true)).value,
    proof: { kind: "length", why: "some of these formats have no checksum" },
    structures: [],
  },
  {
    name: "shards",
    readers: LOAD,
    samples: () => {
      const parts = storedSamples(
        "torch",
        "model.safetensors.index.json",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
      );
      const files = new Map(parts.flatMap((part) => [...part.files])), [index, first] = files.keys();
      return Promise.resolve([{ name: "index", files, changed: [index!] }, {
        name: "shard",
        files,
        changed: [first!],
      }]);
    },
    read: (folder) => load(join(folder, "model.safetensors.index.json"), { limit: LIMIT }),
    proof: { kind: "none", why: "neither the list nor the format of its files has a checksum" },
    structures: [JSON_STRUCTURE],
  },
  {
    name: "npy",
    readers: LOAD,
    samples: () =>
      Promise.resolve(
        storedSamples(
          "torch",
          "version_1.npy",
          "version_2.npy",
          "version_3.npy",
          "fortran_3d.npy",
          "array_big_endian_i4.npy",
          "array_f2.npy",
          "scalar_0d.npy",
        ),
      ),
    read,
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [NPY_HEADER],
    against: "numpy",
  },
  {
    name: "npz",
    readers: [...LOAD, "io.ZipReader.open", "io.inflateRaw"],
    samples: () => Promise.resolve(storedSamples("torch", "stored.npz", "compressed.npz", "positional.npz")),
    read,
    proof: { kind: "checksum" },
    structures: ZIP,
    against: "numpy",
  },
];
