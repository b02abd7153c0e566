import { assertRejects } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import {
  Cifar10,
  CsvDataset,
  ImageFolder,
  loadGrayImage,
  loadImage,
  Mnist,
  ParquetDataset,
} from "@troodon/datasets";
import { openBytes } from "@troodon/io";
import { Linear } from "@troodon/nn";
import { load, loadSafetensors } from "@troodon/serialization";
import { loadModel, readConfig } from "@troodon/train";

const device = new Device(new ReferenceBackend());

/** Readers by the name of the file that they look for in a folder. */
const READERS: Readonly<Record<string, readonly [file: string, read: (root: string) => unknown]>> = {
  "loadImage()": ["x.png", (root) => loadImage(`${root}/x.png`)],
  "loadGrayImage()": ["x.jpg", (root) => loadGrayImage(`${root}/x.jpg`)],
  "ImageFolder": ["cat/x.png", async (root) => (await ImageFolder.open(root)).get(0)],
  "CsvDataset.open()": ["x.csv", (root) => CsvDataset.open(`${root}/x.csv`)],
  "ParquetDataset.open()": ["x.parquet", (root) => ParquetDataset.open(`${root}/x.parquet`)],
  "Mnist.open()": ["train-images-idx3-ubyte", (root) => Mnist.open({ root, offline: true })],
  "Cifar10.open()": ["data_batch_1.bin", (root) => Cifar10.open({ root, offline: true })],
  "openBytes()": ["x.bin", (root) => openBytes(`${root}/x.bin`)],
  "load()": ["x.pth", (root) => load(`${root}/x.pth`)],
  "loadSafetensors()": ["x.safetensors", (root) => loadSafetensors(`${root}/x.safetensors`, { device })],
  "readConfig()": ["config.json", (root) => readConfig(root)],
  "loadModel()": ["model.safetensors", (root) => loadModel(root, new Linear(1, 1, { device }), device)],
};

for (const [name, [file, read]] of Object.entries(READERS)) {
  Deno.test({
    name: `${name} refuses a FIFO in the place of its file, and does not wait for it`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const root = await Deno.makeTempDir(), path = `${root}/${file}`;
      try {
        await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
        await new Deno.Command("mkfifo", { args: [path] }).output();
        await assertRejects(
          async () => await read(root),
          TypeError,
          `Cannot read ${path} as it must be a file: it is a FIFO`,
        );
      } finally {
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}
