/** Batches on real backends are, bit for bit, what transforms make of samples. */
import { assertEquals } from "@std/assert";
import {
  type Channels,
  collate,
  Compose,
  CpuBackend,
  DataLoader,
  Device,
  LabeledImages,
  Normalize,
  ToTensor,
} from "@troodon/troodon";
import { GPU_DEVICES } from "./reference/gpu.ts";

const NORMALIZATIONS: readonly (readonly [Channels, readonly number[], readonly number[]])[] = [
  [1, [0.1307], [0.3081]],
  [1, [0.286], [0.353]],
  [3, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
];

const devices = [...GPU_DEVICES, new Device(new CpuBackend())];

for (const device of devices) {
  for (const [channels, mean, std] of NORMALIZATIONS) {
    Deno.test(`DataLoader gives the bits of ToTensor and Normalize(${mean}) on ${device.name}`, async () => {
      const data = Uint8Array.from({ length: 2 * 16 * 16 * channels }, (_, i) => Math.floor(i / channels));
      const dataset = new LabeledImages(
        { images: data, labels: new Uint8Array(2), height: 16, width: 16, channels },
        { transform: new Compose([new ToTensor(), new Normalize(mean, std)]) },
      );
      const expected = collate([dataset.get(0), dataset.get(1)]).image.data;
      const loader = new DataLoader(dataset, { batchSize: 2, device });
      // The first batch may be tried in both ways.
      for (let pass = 0; pass < 2; pass++) {
        let kernels = 0;
        using _ = device.listen(() => void kernels++);
        for await (using batch of loader) assertEquals(await batch.image.dataAsync(), expected);
        if (device.name === "cpu" && pass > 0) assertEquals(kernels, channels);
      }
    });
  }
}
