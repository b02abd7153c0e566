/** The programs that learn images of digits. */
import { randint, randn } from "@troodon/core";
import { Adam, CrossEntropyLoss, SGD } from "@troodon/troodon";
import { createModel, type SmallName } from "@troodon/cli/tools";
import { type Program, stepOf } from "./program.ts";

/** Image size and optimizer of an image model. */
interface ImageRecipe {
  readonly title: string;
  /** Rows and columns. */
  readonly size: number;
  readonly optimizer: "adam" | "sgd";
}

/** How the models are usually trained. */
const RECIPES: Readonly<Record<SmallName, ImageRecipe>> = {
  mlp: { title: "784-256-10, Adam", size: 28, optimizer: "adam" },
  lenet: { title: "LeNet-5 on 32x32, SGD with momentum", size: 32, optimizer: "sgd" },
  cnn: { title: "CNN 16-32-128 on 28x28, Adam", size: 28, optimizer: "adam" },
  "cnn-bn": { title: "CNN with batch normalization on 28x28, Adam", size: 28, optimizer: "adam" },
};

/** The image model `name` on noise. */
export function imageProgram(name: SmallName): Program {
  const { title, size, optimizer: kind } = RECIPES[name];
  return {
    title,
    batchSize: 64,
    prepare(batchSize) {
      const model = createModel(name, { shape: { size: [size, size], channels: 1, augment: false } }),
        criterion = new CrossEntropyLoss();
      const optimizer = kind === "adam"
        ? new Adam(model.parameters(), { lr: 1e-3 })
        : new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
      const images = randn([batchSize, 1, size, size]);
      const labels = randint(0, 10, [batchSize], { dtype: "int32" });
      return stepOf(optimizer, () => criterion.forward(model.forward(images), labels));
    },
  };
}
