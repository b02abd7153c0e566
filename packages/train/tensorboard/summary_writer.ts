import { joinPath } from "@troodon/io";
import { Tensor } from "@troodon/core";
import { checkCall, readOptions } from "@troodon/core/kernel";
import { Image } from "@troodon/datasets";
import type { AnyModule } from "@troodon/nn";
import type { Picture } from "../drawing/picture.ts";
import { traceGraph } from "../graph/trace_graph.ts";
import { EventQueue } from "./event_queue.ts";
import { graphMessage } from "./graph_def.ts";
import { hparamsValues, type HparamValue } from "./hparams.ts";
import { prCurve } from "./pr_curve.ts";
import {
  graphEvent,
  histogramValue,
  imageValue,
  prCurveValue,
  purgeEvent,
  scalarValue,
  summaryEvent,
  textValue,
  versionEvent,
} from "./summary.ts";
import { imageOf } from "./summary_image.ts";
import { checkStep, now, readNow, type SummaryNumbers } from "./summary_numbers.ts";
import {
  HISTOGRAM_OPTIONS,
  HPARAMS_OPTIONS,
  type HparamsOptions,
  IMAGE_OPTIONS,
  PR_CURVE_OPTIONS,
  type PrCurveOptions,
  SUMMARY_OPTIONS,
  SUMMARY_WRITER_OPTIONS,
  type SummaryHistogramOptions,
  type SummaryImageOptions,
  type SummaryOptions,
  type SummaryWriterOptions,
} from "./summary_options.ts";

/**
 * Writes what TensorBoard shows to a file of events: numbers, images, histograms, texts, hyperparameters, graphs. The
 * methods are those of PyTorch's `SummaryWriter`. Tensors on a device that must be waited for are read in the background,
 * as they were when they were added: `flush()` and `close()` wait for them, and throw what went wrong.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { SummaryWriter } from "@troodon/train";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   await using writer = new SummaryWriter(folder);
 *   for (let step = 0; step < 100; step++) writer.addScalar("loss/train", Math.exp(-step / 20), step);
 *   writer.addText("notes", "A *falling* loss", 0);
 * }
 * const [file] = [...Deno.readDirSync(folder)];
 * assertMatch(file!.name, /^events\.out\.tfevents\./);
 * await Deno.remove(folder, { recursive: true });
 * // then: tensorboard --logdir <folder>
 * ```
 */
export class SummaryWriter implements AsyncDisposable, Disposable {
  /** The folder that TensorBoard is given, or one above it. */
  readonly folder: string;
  readonly #events: EventQueue;
  /** Writers of folders within, by their names. */
  readonly #within = new Map<string, SummaryWriter>();

  /** Makes a new file of events in `folder`, and the folder where it is not there. */
  constructor(folder: string, options?: SummaryWriterOptions) {
    checkCall(new.target.name, arguments, "t.");
    const { purgeStep, filenameSuffix = "" } = readOptions(new.target.name, options, SUMMARY_WRITER_OPTIONS);
    this.folder = folder;
    this.#events = new EventQueue(folder, filenameSuffix);
    this.#events.write(versionEvent(now()));
    if (purgeStep !== undefined) this.purge(purgeStep);
  }

  /** The path of the file of events. */
  get path(): string {
    return this.#events.path;
  }

  /** Has TensorBoard drop what was written of `step` and later ones before: the run goes on with it. */
  purge(step: number): void {
    checkCall("purge", arguments, "d");
    checkStep("purge", step);
    this.#events.write(purgeEvent(now(), step));
  }

  /** Adds a number, or a tensor of one element. */
  addScalar(tag: string, value: number | Tensor, step?: number, options?: SummaryOptions): void {
    checkCall("addScalar", arguments, "tnD.");
    const { wallTime } = readOptions("SummaryWriter.addScalar()", options, SUMMARY_OPTIONS);
    if (typeof value !== "number" && value.numel() !== 1) {
      throw new RangeError(
        `Cannot apply addScalar() as the tensor must have one element: current shape is [${
          value.shape.join(",")
        }]`,
      );
    }
    const values = typeof value === "number" ? [value] : value;
    this.#add("addScalar", step, wallTime, [values], ([x]) => scalarValue(tag, x![0]!));
  }

  /** Adds several numbers that TensorBoard draws as curves of one chart: each in a folder of its own. */
  addScalars(
    mainTag: string,
    values: Readonly<Record<string, number | Tensor>>,
    step?: number,
    options?: SummaryOptions,
  ): void {
    options = readOptions("SummaryWriter.addScalars()", options, SUMMARY_OPTIONS);
    checkCall("addScalars", arguments, "toD.");
    for (const [name, value] of Object.entries(values)) {
      this.#writerIn(`${mainTag}_${name}`.replaceAll(/[\\/]/g, "_")).addScalar(mainTag, value, step, options);
    }
  }

  /** Adds the histogram of the elements of a tensor or an array; NaN and infinities are left out. */
  addHistogram(tag: string, values: SummaryNumbers, step?: number, options?: SummaryHistogramOptions): void {
    checkCall("addHistogram", arguments, "t.D.");
    const { wallTime, bins } = readOptions("SummaryWriter.addHistogram()", options, HISTOGRAM_OPTIONS);
    if (bins !== undefined && !(Number.isInteger(bins) && bins > 0)) {
      throw new RangeError(
        `Cannot apply addHistogram() as bins must be a positive integer: current bins are ${bins}`,
      );
    }
    this.#add("addHistogram", step, wallTime, [values], ([x]) => histogramValue(tag, x!, bins));
  }

  /**
   * Adds an image: a tensor of shape [C, H, W] whose elements are from 0 to 1, or from 0 to 255 if it is of uint8, or an
   * `Image` of `@troodon/datasets`.
   */
  addImage(tag: string, image: Tensor | Image, step?: number, options?: SummaryImageOptions): void {
    checkCall("addImage", arguments, "t.D.");
    const { wallTime, dataformats = "CHW" } = readOptions("SummaryWriter.addImage()", options, IMAGE_OPTIONS);
    this.#addImage("addImage", tag, image, step, wallTime, dataformats);
  }

  /** Adds several images of shape [N, C, H, W] as one, with eight in a row. */
  addImages(tag: string, images: Tensor, step?: number, options?: SummaryImageOptions): void {
    checkCall("addImages", arguments, "txD.");
    const { wallTime, dataformats = "NCHW" } = readOptions(
      "SummaryWriter.addImages()",
      options,
      IMAGE_OPTIONS,
    );
    this.#addImage("addImages", tag, images, step, wallTime, dataformats);
  }

  /** Adds a picture, such as a {@linkcode Plot}, as an image. */
  addFigure(tag: string, picture: Pick<Picture, "toImage">, step?: number, options?: SummaryOptions): void {
    const { wallTime } = readOptions("SummaryWriter.addFigure()", options, SUMMARY_OPTIONS);
    checkCall("addFigure", arguments, "toD.");
    this.#add("addFigure", step, wallTime, [], () => imageValue(tag, picture.toImage()));
  }

  /** Adds a text, which TensorBoard shows as Markdown. */
  addText(tag: string, content: string, step?: number, options?: SummaryOptions): void {
    checkCall("addText", arguments, "ttD.");
    const { wallTime } = readOptions("SummaryWriter.addText()", options, SUMMARY_OPTIONS);
    this.#add("addText", step, wallTime, [], () => textValue(tag, content));
  }

  /** Adds hyperparameters and the metrics that they led to, as a session of their own: a row of the page HParams. */
  addHparams(
    hparams: Readonly<Record<string, HparamValue>>,
    metrics: Readonly<Record<string, number | Tensor>>,
    options?: HparamsOptions,
  ): void {
    const { runName = String(now()), domains = {} } = readOptions(
      "SummaryWriter.addHparams()",
      options,
      HPARAMS_OPTIONS,
    );
    checkCall("addHparams", arguments, "oo.");
    const writer = this.#writerIn(runName.replaceAll(/[\\/]/g, "_"));
    for (const value of hparamsValues(hparams, Object.keys(metrics), domains)) {
      writer.#add("addHparams", undefined, undefined, [], () => value);
    }
    for (const [tag, value] of Object.entries(metrics)) writer.addScalar(tag, value);
  }

  /**
   * Adds the graph of a network, module within module, from a call with the given inputs. The call is one for use rather
   * than for training, and leaves nothing behind.
   */
  addGraph(model: AnyModule, inputs: Tensor | readonly Tensor[], options?: SummaryOptions): void {
    checkCall("addGraph", arguments, ".m.");
    const { wallTime = now() } = readOptions("SummaryWriter.addGraph()", options, SUMMARY_OPTIONS);
    this.#events.write(
      graphEvent(wallTime, graphMessage(traceGraph(model, inputs instanceof Tensor ? [inputs] : inputs))),
    );
  }

  /**
   * Adds precision and recall at thresholds from 0 to 1.
   *
   * @param labels 1 or true for the samples of the class, 0 or false for others.
   * @param predictions The probability of the class for each sample.
   */
  addPrCurve(
    tag: string,
    labels: SummaryNumbers,
    predictions: SummaryNumbers,
    step?: number,
    options?: PrCurveOptions,
  ): void {
    checkCall("addPrCurve", arguments, "t..D.");
    const { wallTime, thresholds = 127 } = readOptions(
      "SummaryWriter.addPrCurve()",
      options,
      PR_CURVE_OPTIONS,
    );
    if (!(Number.isInteger(thresholds) && thresholds >= 2 && thresholds <= 127)) {
      throw new RangeError(
        `Cannot apply addPrCurve() as thresholds must be an integer from 2 to 127: current thresholds are ${thresholds}`,
      );
    }
    const counts = [labels, predictions].map((of) => of instanceof Tensor ? of.numel() : of.length);
    if (counts[0] !== counts[1]) {
      throw new RangeError(
        `Cannot apply addPrCurve() as there must be a prediction for each label: current counts are ${
          counts.join(" and ")
        }`,
      );
    }
    this.#add(
      "addPrCurve",
      step,
      wallTime,
      [labels, predictions],
      ([x, y]) => prCurveValue(tag, prCurve(x!, y!, thresholds)),
    );
  }

  /** Waits until everything that was added is in the file, and that on the disk. */
  async flush(): Promise<void> {
    await Promise.all([this.#events, ...this.#within.values()].map((writer) => writer.flush()));
  }

  /** Waits until everything that was added is in the file, and closes it. */
  async close(): Promise<void> {
    await Promise.all([this.#events, ...this.#within.values()].map((writer) => writer.close()));
  }

  /** Closes the file at the end of an `await using` block; see {@linkcode SummaryWriter.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Closes the file at the end of a `using` block, as soon as tensors that are still being read are in it. */
  [Symbol.dispose](): void {
    for (const writer of [this.#events, ...this.#within.values()]) writer[Symbol.dispose]();
  }

  #writerIn(name: string): SummaryWriter {
    const writer = this.#within.get(name) ?? new SummaryWriter(joinPath(this.folder, name));
    this.#within.set(name, writer);
    return writer;
  }

  #addImage(
    name: string,
    tag: string,
    image: Tensor | Image,
    step: number | undefined,
    wallTime: number | undefined,
    format: string,
  ): void {
    if (image instanceof Image) return this.#add(name, step, wallTime, [], () => imageValue(tag, image));
    checkCall(name, [tag, image], "tx");
    const { shape, dtype } = image, full = dtype === "uint8" ? 255 : 1;
    this.#add(
      name,
      step,
      wallTime,
      [image],
      ([data]) => imageValue(tag, imageOf(name, { data: data!, shape, full }, format)),
    );
  }

  /** Adds the value that `make` gives of numbers, which are read first. */
  #add(
    name: string,
    step: number | undefined,
    wallTime: number = now(),
    numbers: readonly SummaryNumbers[],
    make: (read: readonly ArrayLike<number>[]) => Uint8Array,
  ): void {
    checkStep(name, step ??= 0);
    const eventOf = (read: readonly ArrayLike<number>[]) => summaryEvent(wallTime, step, make(read));
    const read = numbers.map(readNow);
    const there = read.filter((of): of is ArrayLike<number> => !(of instanceof Promise));
    this.#events.write(there.length === read.length ? eventOf(there) : Promise.all(read).then(eventOf));
  }
}
