/** A model and its training as a run of long ago had them: what `tests/testdata/run_before_6` was written with. */
import { dropout, Generator, manualSeed, type Tensor } from "@troodon/core";
import { DataLoader, GeneratedDigits, type NdArray, ToTensor } from "@troodon/datasets";
import { BatchNorm1d, CrossEntropyLoss, Linear, Module, type Parameter } from "@troodon/nn";
import { Adam, AveragedParameters, polynomial, ReduceLROnPlateau, StepLR } from "@troodon/optim";
import { evaluate, fit, type FitObserver, type TrainingState } from "@troodon/train";

/** Statistics of batches, masks of dropout, and two names for one parameter. */
export class SavedNet extends Module {
  fc1: Linear = new Linear(784, 3);
  norm: BatchNorm1d = new BatchNorm1d(3);
  fc2: Linear = new Linear(3, 10);
  twin: Parameter = this.fc2.weight;

  override forward(x: Tensor): Tensor {
    const hidden = this.norm.forward(this.fc1.forward(x.flatten(1))).relu();
    return this.fc2.forward(dropout(hidden, { p: 0.3, training: this.training }));
  }
}

/** What is logged of an epoch: its number, its mean loss, and the accuracy of the averaged weights. */
export type EpochLine = readonly [epoch: number, loss: number, accuracy: number];

/** The parts of the run, made anew from its seed. */
export class SavedTraining {
  readonly model: SavedNet;
  readonly optimizer: Adam;
  readonly epochs: EpochLine[] = [];
  readonly #digits: GeneratedDigits<NdArray>;
  readonly #averages: AveragedParameters;
  readonly #order: Generator = new Generator(11);

  private constructor(digits: GeneratedDigits<NdArray>) {
    this.#digits = digits;
    this.model = new SavedNet();
    this.optimizer = new Adam(this.model.parameters(), { lr: 0.01, weightDecay: 0.001 });
    this.#averages = new AveragedParameters(this.model.stateDict().values(), { weight: polynomial(4) });
  }

  static async create(): Promise<SavedTraining> {
    const digits = await GeneratedDigits.open({ count: 80, transform: new ToTensor() });
    manualSeed(7);
    return new SavedTraining(digits);
  }

  /** Trains up to `epochs` on the default device, from `resume` or from the beginning. */
  async run(
    epochs: number,
    { resume, observers = [] }: {
      readonly resume?: TrainingState;
      readonly observers?: readonly FitObserver[];
    } = {},
  ): Promise<void> {
    const { model, optimizer } = this;
    const loader = new DataLoader(this.#digits, { batchSize: 16, shuffle: true, generator: this.#order });
    const plateau = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 0, mode: "max" });
    await fit(model, loader, {
      optimizer,
      scheduler: new StepLR(optimizer, { stepSize: 2, gamma: 0.9 }),
      loss: new CrossEntropyLoss(),
      epochs,
      keep: [plateau, this.#averages, this.#order],
      ...(resume && { resume }),
      validate: async () => ({ accuracy: await this.accuracy() }),
      observers: [...observers, {
        onStep: () => this.#averages.update(),
        onBeforeValidation: () => this.#averages.applied(),
        onEpoch: ({ epoch, loss, scores: { accuracy = NaN } }) => {
          plateau.step(accuracy);
          this.epochs.push([epoch, loss, accuracy]);
        },
      }],
    });
  }

  /** The fraction of the digits that the model knows. */
  async accuracy(): Promise<number> {
    return (await evaluate(this.model, new DataLoader(this.#digits, { batchSize: 40 }))).accuracy;
  }
}
