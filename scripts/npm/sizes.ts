/** Sizes of the packages as bundled for a page. */

import { bundleForPage } from "./programs.ts";

/** A page, and the most that it may load. */
export interface PageSize {
  readonly title: string;
  readonly source: string;
  /** Bytes of its script, minified and compressed by gzip. */
  readonly most: number;
}

/** Pages whose size is held. */
export const PAGES: readonly PageSize[] = [
  {
    title: "one tensor",
    source: `import { tensor } from "@troodon/troodon"; console.log(tensor([1, 2]).shape);`,
    most: 82_000,
  },
  {
    title: "inference: conv, linear, softmax, safetensors",
    source: `
      import { Device, setDefaultDevice, softmax } from "@troodon/core";
      import { CpuBackend } from "@troodon/cpu";
      import { Conv2d, Flatten, Linear, ReLU, Sequential } from "@troodon/nn";
      import { decodeSafetensors } from "@troodon/serialization";
      import { randn } from "@troodon/core";
      setDefaultDevice(new Device(new CpuBackend()));
      const net = new Sequential(new Conv2d(1, 8, 3), new ReLU(), new Flatten(), new Linear(5408, 10));
      const response = await fetch("net.safetensors");
      net.loadStateDict(decodeSafetensors(new Uint8Array(await response.arrayBuffer())).tensors);
      console.log(softmax(net(randn([1, 1, 28, 28])), 1).tolist());`,
    most: 172_000,
  },
  {
    title: "README's example, with every device",
    source: `
      import { Adam, chooseDevice, CrossEntropyLoss, Linear, manualSeed, randint, randn, ReLU, Scope, Sequential }
        from "@troodon/troodon";
      await chooseDevice();
      console.log(Adam, CrossEntropyLoss, Linear, manualSeed, randint, randn, ReLU, Scope, Sequential);`,
    most: 228_000,
  },
];

/** A page as it is. */
export interface MeasuredPage extends PageSize {
  /** Bytes, minified. */
  readonly bytes: number;
  /** Bytes, minified and compressed by gzip. */
  readonly packed: number;
}

/** Bundles each page with the packages of a project. */
export async function measurePages(project: string): Promise<MeasuredPage[]> {
  const measured: MeasuredPage[] = [];
  for (const page of PAGES) {
    const { bytes, packed } = await bundleForPage(project, page.source);
    measured.push({ ...page, bytes, packed });
  }
  return measured;
}
