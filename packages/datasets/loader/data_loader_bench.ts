import { Device, Generator, ReferenceBackend } from "@troodon/core";
import {
  Compose,
  DataLoader,
  decodePng,
  drawDigits,
  encodePng,
  LabeledImages,
  Normalize,
  ToTensor,
} from "../mod.ts";

const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
const digits = new LabeledImages(drawDigits(6400, new Generator(0)), { transform });
const indices = new Generator(1).permutation(6400).subarray(0, 64);
const device = new Device(new ReferenceBackend());
const png = encodePng(digits.imageAt(0));

Deno.bench("getBatch() of 64 digits", () => {
  digits.getBatch(indices);
});

Deno.bench("a pass of 100 batches of 64 digits", async () => {
  for await (using _ of new DataLoader(digits, { batchSize: 64, shuffle: true, device }));
});

Deno.bench("decodePng() of a digit", () => {
  decodePng(png, "digit.png");
});

Deno.bench("drawDigits() of 100 digits", () => {
  drawDigits(100, new Generator(0));
});
