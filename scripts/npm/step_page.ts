/** A page that times training steps of a small CNN beside TensorFlow.js, in turns. */

/** Milliseconds of steps, median and fastest. */
export interface StepTimes {
  readonly library: string;
  readonly median: number;
  readonly fastest: number;
  /** The loss after the steps. */
  readonly loss: number;
}

/** Packages of TensorFlow.js that the page uses. */
export const TENSORFLOW: readonly string[] = ["core", "layers", "backend-cpu", "backend-webgpu"]
  .map((name) => `@tensorflow/tfjs-${name}@4.22.0`);

/**
 * Returns the source of the page: two convolutions of 8 and 16 filters with pooling and a layer of 10 outputs on 32 images of
 * 28 x 28 pixels, by SGD with momentum.
 *
 * @param device "cpu" or "webgpu"; the backends of TensorFlow.js have these names. Its backend of WebAssembly has no gradient of convolutions.
 */
export function stepPage(device: string): string {
  return `
    import * as tf from "@tensorflow/tfjs-core";
    import * as layers from "@tensorflow/tfjs-layers";
    import "@tensorflow/tfjs-backend-cpu";
    import "@tensorflow/tfjs-backend-webgpu";
    import { chooseDevice, Conv2d, CrossEntropyLoss, fromTypedArray, Flatten, Linear, manualSeed, MaxPool2d, ReLU,
      Scope, Sequential, SGD } from "@troodon/troodon";

    const BATCH = 32, TURNS = 6, STEPS = ${device === "cpu" ? 5 : 1};
    const pixels = Float32Array.from({ length: BATCH * 784 }, (_, i) => ((i * 7919) % 256) / 255);
    const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);

    async function troodon() {
      await chooseDevice(${JSON.stringify(device)}, { log: null });
      manualSeed(0);
      const net = new Sequential(new Conv2d(1, 8, 3), new ReLU(), new MaxPool2d(2), new Conv2d(8, 16, 3), new ReLU(),
        new MaxPool2d(2), new Flatten(), new Linear(400, 10));
      const optimizer = new SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }), criterion = new CrossEntropyLoss();
      const x = fromTypedArray(pixels, [BATCH, 1, 28, 28]), y = fromTypedArray(labels, [BATCH], { dtype: "int64" });
      return async () => {
        const scope = new Scope();
        const loss = criterion(net(x), y);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        const [value] = await loss.dataAsync();
        scope[Symbol.dispose]();
        return value;
      };
    }

    async function tensorflow() {
      await tf.setBackend(${JSON.stringify(device)});
      await tf.ready();
      const l = layers.layers;
      const net = layers.sequential({ layers: [
        l.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3, activation: "relu" }),
        l.maxPooling2d({ poolSize: 2 }),
        l.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }), l.maxPooling2d({ poolSize: 2 }), l.flatten(),
        l.dense({ units: 10 })] });
      const optimizer = tf.train.momentum(0.05, 0.9);
      const x = tf.tensor4d(pixels, [BATCH, 28, 28, 1]), y = tf.oneHot(tf.tensor1d(labels, "int32"), 10);
      return async () => {
        const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, net.apply(x, { training: true })), true);
        const [value] = await loss.data();
        loss.dispose();
        return value;
      };
    }

    export async function main() {
      const sides = [];
      for (const [library, make] of [["Troodon", troodon], ["TensorFlow.js " + tf.version_core, tensorflow]]) {
        try {
          sides.push({ library, step: await make(), times: [], loss: NaN });
          for (let i = 0; i < 2; i++) await sides.at(-1).step();
        } catch (error) {
          throw new TypeError(library + ": " + (error?.stack ?? error));
        }
      }
      for (let turn = 0; turn < TURNS; turn++) {
        for (const side of turn % 2 ? sides : sides.toReversed()) {
          const start = performance.now();
          for (let i = 0; i < STEPS; i++) side.loss = await side.step();
          side.times.push((performance.now() - start) / STEPS);
        }
      }
      return sides.map(({ library, times, loss }) => {
        const sorted = times.toSorted((a, b) => a - b);
        return { library, median: sorted[TURNS >> 1], fastest: sorted[0], loss };
      });
    }`;
}
