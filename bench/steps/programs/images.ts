/** The programs that learn images of digits. */
import { randint, randn } from "@troodon/core";
import { Adam, CrossEntropyLoss, SGD } from "@troodon/troodon";
import { createModel, type SmallName } from "@troodon/cli/tools";
import { type Program, program } from "./program.ts";

/** Image size and optimizer of an image model. */
interface ImageRecipe {
  readonly title: string;
  /** Rows and columns. */
  readonly size: number;
  /** Rows and columns of a small one. */
  readonly small: number;
  readonly optimizer: "adam" | "sgd";
}

/** How the models are usually trained. */
const RECIPES: Readonly<Record<SmallName, ImageRecipe>> = {
  mlp: { title: "784-256-10, Adam", size: 28, small: 8, optimizer: "adam" },
  lenet: { title: "LeNet-5 on 32x32, SGD with momentum", size: 32, small: 16, optimizer: "sgd" },
  cnn: { title: "CNN 16-32-128 on 28x28, Adam", size: 28, small: 16, optimizer: "adam" },
  "cnn-bn": { title: "CNN with batch normalization on 28x28, Adam", size: 28, small: 16, optimizer: "adam" },
};

/** The image model `name` on noise. */
export function imageProgram(name: SmallName): Program {
  const { title, optimizer: kind, ...sides } = RECIPES[name];
  return program({
    title,
    batchSize: 64,
    build(batchSize, size = "usual") {
      const side = size === "small" ? sides.small : sides.size;
      const model = createModel(name, { shape: { size: [side, side], channels: 1, augment: false } }),
        criterion = new CrossEntropyLoss();
      return {
        model,
        optimizer: () =>
          kind === "adam"
            ? new Adam(model.parameters(), { lr: 1e-3 })
            : new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 }),
        draw: () => [
          randn([batchSize, 1, side, side]),
          randint(0, 10, [batchSize], { dtype: "int32" }),
        ],
        loss: (images, labels) => criterion.forward(model.forward(images!), labels!),
      };
    },
  });
}
