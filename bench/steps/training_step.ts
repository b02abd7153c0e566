/** A step of training, as it is timed. */
import { type Device, randint, randn, Scope, setDefaultDevice, type Tensor } from "@troodon/core";
import { Adam, createModel, CrossEntropyLoss, type ModelName, SGD } from "@troodon/troodon";

/** What is timed: the model, rows and columns of its images, and its optimizer. */
interface Recipe {
  readonly title: string;
  readonly size: number;
  readonly optimizer: "adam" | "sgd";
}

/** How the models are usually trained. */
export const RECIPES: Readonly<Record<ModelName, Recipe>> = {
  mlp: { title: "784-256-10, Adam", size: 28, optimizer: "adam" },
  lenet: { title: "LeNet-5 on 32x32, SGD with momentum", size: 32, optimizer: "sgd" },
  cnn: { title: "CNN 16-32-128 on 28x28, Adam", size: 28, optimizer: "adam" },
  "cnn-bn": { title: "CNN with batch normalisation on 28x28, Adam", size: 28, optimizer: "adam" },
};

/** One step on always the same images: forwards, backwards, optimizer. Its loss is freed when it returns. */
export type TrainingStep = (onLoss?: (loss: Tensor) => void) => void;

/** A model on `device`, which becomes the default one, and a batch of noise for it; they live as long as the device. */
export function prepareStep(device: Device, name: ModelName, batchSize: number): TrainingStep {
  setDefaultDevice(device);
  const { size, optimizer: kind } = RECIPES[name];
  const model = createModel(name, { size });
  const optimizer = kind === "adam"
    ? new Adam(model.parameters(), { lr: 1e-3 })
    : new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const criterion = new CrossEntropyLoss();
  const images = randn([batchSize, 1, size, size]);
  const labels = randint(0, 10, [batchSize], { dtype: "int32" });
  return (onLoss) => {
    using _ = new Scope();
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    onLoss?.(loss);
  };
}
