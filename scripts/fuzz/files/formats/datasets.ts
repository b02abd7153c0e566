/** Files of datasets. */
import { join } from "@std/path";
import {
  Cifar10,
  Cifar100,
  CsvDataset,
  Emnist,
  GeneratedDigits,
  type LabeledImages,
  Mnist,
  ParquetDataset,
  parseCsv,
  Qmnist,
  readIdx,
  Stl10,
  Usps,
  writeIdx,
} from "@troodon/datasets";
import type { Bytes, FileFormat, Sample } from "../file_format.ts";
import { sampleOf, writtenFiles } from "../samples.ts";
import { ANY_BYTES, extremeFields } from "../structures/fields.ts";
import { gzipped, packed } from "../structures/gzip.ts";

const SIZE = 28 * 28, COUNT = 6;
const ramp = (length: number, below = 256): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 5)) % below);

/** Creates idx files of images and labels with the given names. */
function idxPair(
  images: string,
  labels: string,
  pack: (bytes: Uint8Array) => Bytes,
): ReadonlyMap<string, Bytes> {
  return new Map([
    [images, pack(writeIdx({ data: ramp(COUNT * SIZE), shape: [COUNT, 28, 28] }))],
    [labels, pack(writeIdx({ data: ramp(COUNT, 10), shape: [COUNT] }))],
  ]);
}

/** Creates a sample for each file of a folder. */
function each(files: ReadonlyMap<string, Bytes>): Promise<Sample[]> {
  return Promise.resolve([...files.keys()].map((name) => ({ name, files, changed: [name] })));
}

const valueOf = ({ images, labels, height, width }: LabeledImages<unknown>): unknown => ({
  images,
  labels,
  height,
  width,
});
const plain = (bytes: Uint8Array): Bytes => bytes.slice() as Bytes;
const IDX_HEADER = extremeFields("idx header", [0, 1, 2, 3, 4, 5, 6, 7, 8, 12], 4);
const IDX_TYPE = extremeFields("idx type", [2, 3], 1);

const CSV =
  'length,width,color,kind\n5.1,3.5,red,setosa\n7,3.2,"blue, dark",versicolor\n6.3,3.3,red,virginica\n';

/** Formats of datasets. */
export const DATASET_FORMATS: readonly FileFormat[] = [
  {
    name: "idx",
    readers: ["datasets.readIdx"],
    samples: () =>
      Promise.resolve([
        sampleOf("bytes.idx", writeIdx({ data: ramp(60), shape: [3, 4, 5] })),
        sampleOf("int32.idx", writeIdx({ data: new Int32Array([1, -2, 3]), shape: [3] })),
        sampleOf("float64.idx", writeIdx({ data: new Float64Array([1, NaN, 3, 4]), shape: [2, 2] })),
      ]),
    read: async (folder, file) => readIdx(await Deno.readFile(join(folder, file)), join(folder, file)),
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [IDX_HEADER, IDX_TYPE],
  },
  {
    name: "idx in gzip",
    readers: ["datasets.readIdx", "io.inflateGzipSync"],
    samples: () =>
      Promise.resolve([sampleOf("bytes.idx.gz", packed(writeIdx({ data: ramp(600), shape: [3, 200] })))]),
    read: async (folder, file) => readIdx(await Deno.readFile(join(folder, file)), join(folder, file)),
    proof: { kind: "checksum" },
    structures: [gzipped(IDX_HEADER), gzipped(IDX_TYPE), gzipped(ANY_BYTES)],
  },
  {
    name: "MNIST",
    readers: [
      "datasets.Mnist.open",
      "datasets.FashionMnist.open",
      "datasets.Kmnist.open",
      "packages/datasets/sets/idx_source.ts",
    ],
    samples: () => each(idxPair("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", packed)),
    read: async (folder) => valueOf(await Mnist.open({ root: folder, train: false, offline: true })),
    proof: { kind: "checksum" },
    structures: [gzipped(IDX_HEADER), gzipped(ANY_BYTES)],
  },
  {
    name: "EMNIST",
    readers: ["datasets.Emnist.open"],
    samples: () =>
      each(idxPair("emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte", plain)),
    read: async (folder) =>
      valueOf(await Emnist.open({ root: folder, split: "digits", train: false, upright: true })),
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [IDX_HEADER],
  },
  {
    name: "QMNIST",
    readers: ["datasets.Qmnist.open"],
    samples: () =>
      each(
        new Map([
          [
            "qmnist-test-images-idx3-ubyte",
            plain(writeIdx({ data: ramp(COUNT * SIZE), shape: [COUNT, 28, 28] })),
          ],
          [
            "qmnist-test-labels-idx2-int",
            plain(writeIdx({ data: Int32Array.from(ramp(COUNT * 8, 10)), shape: [COUNT, 8] })),
          ],
        ]),
      ),
    read: async (folder) => valueOf(await Qmnist.open({ root: folder, what: "test", offline: true })),
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [IDX_HEADER],
  },
  {
    name: "USPS",
    readers: ["datasets.Usps.open", "io.inflateBzip2", "packages/datasets/sets/usps.ts"],
    samples: async () => {
      const url = new URL("../../../../packages/datasets/testdata/usps.bz2", import.meta.url);
      return [sampleOf("usps.bz2", await Deno.readFile(url))];
    },
    read: async (folder) => valueOf(await Usps.open({ root: folder, offline: true })),
    proof: { kind: "checksum" },
    structures: [],
  },
  {
    name: "STL-10",
    readers: ["datasets.Stl10.open", "packages/datasets/sets/stl10.ts"],
    samples: () =>
      each(
        new Map([
          ["test_X.bin", plain(ramp(2 * 3 * 96 * 96))],
          ["test_y.bin", Uint8Array.of(1, 10)],
        ]),
      ),
    read: async (folder) => valueOf(await Stl10.open({ root: folder, train: false })),
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [],
  },
  {
    name: "digits that were kept",
    readers: ["datasets.GeneratedDigits.open", "packages/datasets/sets/generated_digits.ts"],
    samples: async () =>
      await each(
        await writtenFiles(async (folder) =>
          void await GeneratedDigits.open({ root: folder, train: false, count: 3 })
        ),
      ),
    read: async (folder) => {
      const digits = await GeneratedDigits.open({ root: folder, train: false, count: 3 });
      if (digits.labels.some((label) => label > 9)) throw new TypeError("a label is above 9");
      return null;
    },
    proof: { kind: "none", why: "a damaged file is drawn anew; the format has no checksum" },
    structures: [IDX_HEADER],
  },
  {
    name: "CIFAR-10",
    readers: ["datasets.Cifar10.open", "packages/datasets/sets/cifar.ts"],
    samples: () => {
      const records = Uint8Array.from({ length: 2 * 3073 }, (_, i) => i % 3073 === 0 ? 7 : i % 251);
      return Promise.resolve([sampleOf("test_batch.bin", records)]);
    },
    read: async (folder) => valueOf(await Cifar10.open({ root: folder, train: false, offline: true })),
    proof: { kind: "length", why: "the format has no checksum" },
    structures: [extremeFields("label", [0, 3073], 1)],
  },
  {
    name: "CIFAR-100",
    readers: ["datasets.Cifar100.open"],
    samples: () => {
      const records = Uint8Array.from({ length: 2 * 3074 }, (_, i) => i % 3074 < 2 ? 17 : i % 251);
      const names = Array.from({ length: 100 }, (_, i) => `class ${i}\n`).join("");
      return each(
        new Map([["test.bin", records], ["fine_label_names.txt", new TextEncoder().encode(names)]]),
      );
    },
    read: async (folder) => {
      const { images, labels, classes } = await Cifar100.open({ root: folder, train: false, offline: true });
      return { images, labels, classes };
    },
    proof: { kind: "none", why: "names are any text" },
    structures: [extremeFields("label", [0, 1], 1)],
  },
  {
    name: "CSV",
    readers: [
      "datasets.CsvDataset.open",
      "datasets.CsvDataset.parse",
      "datasets.parseCsv",
      "packages/datasets/sets/csv_dataset.ts",
    ],
    samples: () => Promise.resolve([sampleOf("iris.csv", new TextEncoder().encode(CSV))]),
    read: async (folder, file) => {
      const path = join(folder, file), { features, targets, classes, columns } = await CsvDataset.open(path);
      return {
        features: features.data,
        targets: targets.data,
        classes,
        columns,
        rows: parseCsv(await Deno.readTextFile(path), { name: path }),
      };
    },
    proof: { kind: "none", why: "any text may be a table" },
    structures: [],
  },
  {
    name: "Parquet",
    readers: ["datasets.ParquetDataset.open", "packages/datasets/sets/parquet_dataset.ts"],
    samples: () =>
      Promise.all(["plain", "snappy", "gzip"].map(async (packing) => {
        const name = `iris_${packing}.parquet`;
        const url = new URL(`../../../../packages/datasets/testdata/tables/${name}`, import.meta.url);
        return sampleOf(name, await Deno.readFile(url));
      })),
    read: async (folder, file) => {
      const options = { features: ["length", "width", "id", "wet", "color"], missing: NaN };
      const { features, targets, classes } = await ParquetDataset.open(join(folder, file), options);
      return { features: features.data, targets: targets.data, classes };
    },
    proof: { kind: "none", why: "pages have no checksum, and bytes of statistics and names are not read" },
    structures: [extremeFields("Parquet footer length", [-8], 4)],
  },
];
