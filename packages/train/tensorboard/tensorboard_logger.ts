import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import { learningRates } from "../loggers/learning_rates.ts";
import type { EpochEvent, FitObserver, LogEvent, StartEvent, ValidationEvent } from "../observer.ts";
import { SummaryWriter } from "./summary_writer.ts";

/** Options of {@linkcode TensorBoardLogger}. */
export interface TensorBoardLoggerOptions {
  /** Adds histograms of the parameters and of the last gradients after each epoch (default false). */
  readonly histograms?: boolean;
}
const TENSOR_BOARD_LOGGER_OPTIONS: OptionKeys<TensorBoardLoggerOptions> = { histograms: true };

/**
 * Writes a run of {@linkcode fit} for TensorBoard: logged losses as `loss/train`, learning rates as `learning_rate`, and
 * for each epoch its mean loss as `epoch/loss`, its duration as `epoch/seconds` and its scores as `score/<name>`. A run that
 * goes on has TensorBoard drop what was written of the steps that are done again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, TensorBoardLogger } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const folder = await Deno.makeTempDir();
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters());
 * {
 *   await using board = new TensorBoardLogger(folder, { histograms: true });
 *   board.writer.addGraph(model, ones([4, 1]));
 *   await fit(model, [[ones([4, 1]), ones([4, 1])]], { optimizer, loss: new MSELoss(), observers: [board] });
 * }
 * assertEquals([...Deno.readDirSync(folder)].length, 1);
 * await Deno.remove(folder, { recursive: true });
 * // then: tensorboard --logdir <folder>
 * ```
 */
export class TensorBoardLogger implements FitObserver, AsyncDisposable {
  /** The writer, for whatever else is to be shown: images, the graph of the model, texts. Made with the first value. */
  get writer(): SummaryWriter {
    return this.#writer ??= new SummaryWriter(this.#folder);
  }
  readonly #folder: string;
  readonly #histograms: boolean;
  #writer: SummaryWriter | null = null;
  #optimizer: StartEvent["optimizer"] | null = null;
  /** The step whose learning rates were added last. */
  #rated = 0;

  /** Writes to a new file in `folder`. */
  constructor(folder: string, options?: TensorBoardLoggerOptions) {
    checkCall(new.target.name, arguments, "t.");
    const { histograms = false } = readOptions(new.target.name, options, TENSOR_BOARD_LOGGER_OPTIONS);
    this.#folder = folder;
    this.#histograms = histograms;
  }

  /** Notes the optimizer, whose learning rates are written, and where the run goes on. */
  onStart({ step, optimizer }: StartEvent): void {
    this.#optimizer = optimizer;
    if (step === 0) return;
    if (this.#writer === null) this.#writer = new SummaryWriter(this.#folder, { purgeStep: step + 1 });
    else this.#writer.purge(step + 1);
  }

  /** Adds the loss and the learning rates. */
  onLog({ step, loss }: LogEvent): void {
    this.writer.addScalar("loss/train", loss, step);
    this.#addRates(step);
  }

  /** Adds histograms of the weights that were validated. */
  onValidation({ step, model }: ValidationEvent): void {
    if (this.#histograms) this.#addHistograms(model, step);
  }

  /** Adds loss, duration and scores of the epoch, and the learning rates. */
  async onEpoch({ step, loss, seconds, scores }: EpochEvent): Promise<void> {
    this.writer.addScalar("epoch/loss", loss, step);
    this.writer.addScalar("epoch/seconds", seconds, step);
    for (const [name, value] of Object.entries(scores)) this.writer.addScalar(`score/${name}`, value, step);
    this.#addRates(step);
    await this.writer.flush();
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#writer?.close();
  }

  /** Closes the file at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #addRates(step: number): void {
    // An epoch may end with a step that was logged.
    if (this.#optimizer === null || this.#rated === step) return;
    this.#rated = step;
    for (const [name, rate] of learningRates(this.#optimizer)) this.writer.addScalar(name, rate, step);
  }

  #addHistograms(model: AnyModule, step: number): void {
    for (const [path, { data, grad }] of model.namedParameters()) {
      const name = path.replaceAll(".", "/");
      this.writer.addHistogram(`parameter/${name}`, data, step);
      data.dispose();
      if (grad !== null) this.writer.addHistogram(`gradient/${name}`, grad, step);
    }
  }
}
