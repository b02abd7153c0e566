/** Image files. */
import { join } from "@std/path";
import {
  decodePng,
  type Image,
  ImageFolder,
  loadGrayImage,
  loadImage,
  readImageHeader,
  readPng,
} from "@troodon/datasets";
import type { FileFormat } from "../file_format.ts";
import { storedSamples } from "../samples.ts";
import { extremeFields } from "../structures/fields.ts";
import { JPEG_SEGMENTS } from "../structures/jpeg.ts";
import { PNG_CHUNKS, PNG_LINES } from "../structures/png.ts";

/** Maximum number of pixels of an image, small enough that fuzzing reaches it. */
const MAX_PIXELS = 2 ** 20;

const shown = ({ width, height, channels, data }: Image): unknown => ({ width, height, channels, data });

const read: FileFormat["read"] = async (folder, file) =>
  shown(await loadImage(join(folder, file), { maxPixels: MAX_PIXELS }));

const WHY = "the format has no checksum, and decoders pass over some damage";

/** Formats of images. */
export const IMAGE_FORMATS: readonly FileFormat[] = [
  {
    name: "PNG",
    readers: [
      "datasets.loadImage",
      "datasets.decodeImage",
      "datasets.loadGrayImage",
      "io.inflateStart",
      "io.inflateZlib",
      "packages/datasets/codec/load_image.ts",
      "scripts/images/compare.ts",
      "packages/cli/commands/predict.ts",
    ],
    samples: () =>
      Promise.resolve(
        storedSamples(
          "png",
          "bilevel.png",
          "grey.png",
          "grey16.png",
          "grey_alpha.png",
          "interlaced.png",
          "palette.png",
          "rgb.png",
          "rgba.png",
        ),
      ),
    read,
    proof: { kind: "checksum" },
    structures: [PNG_CHUNKS, PNG_CHUNKS, PNG_LINES],
    against: "image",
  },
  {
    name: "stored PNG",
    readers: ["datasets.readPng", "datasets.decodePng"],
    samples: () =>
      Promise.resolve(storedSamples("png", "bilevel.png", "grey16.png", "interlaced.png", "palette.png")),
    read: async (folder, file) => {
      const path = join(folder, file), bytes = await Deno.readFile(path);
      decodePng(bytes, path, { maxPixels: MAX_PIXELS });
      const { width, height, samples, palette, transparency } = readPng(bytes, path, {
        maxPixels: MAX_PIXELS,
      });
      return { width, height, samples, palette, transparency };
    },
    proof: { kind: "checksum" },
    structures: [PNG_CHUNKS, PNG_LINES],
  },
  {
    name: "JPEG",
    readers: ["datasets.loadImage", "datasets.decodeImage"],
    samples: () =>
      Promise.resolve(
        storedSamples(
          "images",
          "photo.jpg",
          "grey.jpg",
          "cmyk.jpg",
          "exif_rotate90.jpg",
          "s422.jpg",
          "tiny.jpg",
        ),
      ),
    read,
    proof: { kind: "none", why: WHY },
    structures: [JPEG_SEGMENTS],
    against: "image",
  },
  {
    name: "progressive JPEG",
    readers: ["datasets.loadImage", "datasets.decodeImage"],
    samples: () => Promise.resolve(storedSamples("images", "progressive.jpg", "s411_progressive.jpg")),
    read,
    proof: { kind: "none", why: WHY },
    structures: [JPEG_SEGMENTS],
    against: "image",
  },
  {
    name: "GIF",
    readers: ["datasets.loadImage"],
    samples: () => Promise.resolve(storedSamples("images", "rgb.gif")),
    read,
    proof: { kind: "none", why: WHY },
    structures: [extremeFields("GIF header", [6, 8], 2)],
    against: "image",
  },
  {
    name: "BMP",
    readers: ["datasets.loadImage"],
    samples: () => Promise.resolve(storedSamples("images", "rgb.bmp")),
    read,
    proof: { kind: "none", why: WHY },
    structures: [
      extremeFields("BMP header", [2, 10, 14, 18, 22, 30, 34, 46], 4),
      extremeFields("BMP fields", [26, 28], 2),
    ],
    against: "image",
  },
  {
    name: "WebP",
    readers: ["datasets.loadImage"],
    samples: () => Promise.resolve(storedSamples("images", "rgb.webp", "rgba.webp")),
    read,
    proof: { kind: "none", why: WHY },
    structures: [extremeFields("WebP chunks", [4, 12, 16, 20, 24, 28], 4)],
    against: "image",
  },
  {
    name: "image header",
    readers: ["datasets.readImageHeader"],
    samples: () =>
      Promise.resolve(
        storedSamples("images", "exif_rotate90.jpg", "rgb.gif", "rgb.bmp", "rgba.webp", "progressive.jpg"),
      ),
    read: async (folder, file) =>
      readImageHeader(await Deno.readFile(join(folder, file)), join(folder, file)),
    proof: { kind: "none", why: "a header says nothing of what follows" },
    structures: [JPEG_SEGMENTS],
  },
  {
    name: "image folder",
    readers: ["datasets.ImageFolder.open", "packages/cli/images/image_data.ts"],
    samples: () => {
      const [grey, rgb] = storedSamples("png", "grey.png", "rgb.png"),
        bytes = (s: typeof grey) => [...s!.files.values()][0]!;
      const files = new Map([["a/1.png", bytes(grey)], ["b/2.png", bytes(rgb)]]);
      return Promise.resolve([{ name: "folder", files, changed: ["a/1.png"] }]);
    },
    read: async (folder) => {
      const images = await ImageFolder.open(folder, { onError: "throw" });
      return shown((await images.get(0)).image);
    },
    proof: { kind: "checksum" },
    structures: [PNG_CHUNKS],
  },
  {
    name: "image folder that skips",
    readers: ["datasets.ImageFolder.open"],
    samples: () => {
      const [png] = storedSamples("png", "grey.png").map(({ files }) => [...files.values()][0]!);
      const files = new Map([["a/1.png", png!], ["a/2.png", png!], ["b/2.png", png!]]);
      return Promise.resolve([{ name: "folder", files, changed: ["a/2.png"] }]);
    },
    read: async (folder, changed) => {
      const images = await ImageFolder.open(folder, { onError: "skip", loader: loadGrayImage });
      for (const { path, reason } of images.skipped) {
        if (!reason.includes(path)) throw new TypeError(`no name in: ${reason}`);
      }
      const at = images.samples.findIndex(([path]) => path === join(folder, changed));
      // Skipped files must be reported.
      return at < 0 ? null : shown((await images.get(at)).image);
    },
    proof: { kind: "none", why: "what is damaged is left out, and listed" },
    structures: [PNG_CHUNKS],
  },
];
