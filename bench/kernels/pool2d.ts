import { empty, type Window2d } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Pooling of both kinds and its gradients. */
export function pooling(
  title: string,
  x: readonly [number, number, number, number],
  window: Window2d,
): KernelCase[] {
  const { size: [kh, kw], stride: [sh, sw], padding: [top, bottom, left, right] } = window, [n, c, h, w] = x;
  const rows = Math.floor((h + top + bottom - kh) / sh) + 1;
  const y = [n, c, rows, Math.floor((w + left + right - kw) / sw) + 1], name = `${title} ${extents(x)}`;
  const means = { window, countIncludePad: true } as const;
  return [
    launching(name, { kernel: "maxPool2d", window }, (device) => [
      noise(x)(device),
      [...noise(y)(device), empty(y, { device, dtype: "int32" })],
    ]),
    launching(name, { kernel: "maxPool2dGrad", window }, (device) => {
      const [images, largest, g, result] = noise(x, y, y, x)(device);
      const positions = empty(y, { device, dtype: "int32" });
      device.launch({ kernel: "maxPool2d", window }, [images!], [largest!, positions]);
      return [[g!, positions], [result!]];
    }),
    launching(name, { kernel: "avgPool2d", ...means }, (device) => [noise(x)(device), noise(y)(device)]),
    launching(name, { kernel: "avgPool2dGrad", ...means }, (device) => [noise(y)(device), noise(x)(device)]),
  ];
}

const HALVES: Window2d = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] };
/** Windows of three in steps of two. */
export const THIRDS: Window2d = { size: [3, 3], stride: [2, 2], padding: [1, 0, 1, 0], dilation: [1, 1] };

/** The pooling of small image classifiers at batch size 64. */
export const POOL2D_CASES: readonly KernelCase[] = [
  ...pooling("by 2", [64, 6, 28, 28], HALVES),
  ...pooling("by 2", [64, 16, 10, 10], HALVES),
  ...pooling("by 2", [64, 16, 24, 24], HALVES),
  ...pooling("by 3, stride 2", [64, 16, 24, 24], THIRDS),
];
