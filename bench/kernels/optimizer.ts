import type { Shape, Tensor } from "@troodon/core";
import { Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, SGD } from "@troodon/optim";
import { type KernelCase, noise } from "./case.ts";

const MAKERS: Readonly<Record<string, (parameters: Tensor[]) => { step(): void }>> = {
  sgd: (parameters) => new SGD(parameters, { lr: 1e-3 }),
  "sgd with momentum": (parameters) => new SGD(parameters, { lr: 1e-3, momentum: 0.9 }),
  adam: (parameters) => new Adam(parameters),
  adamw: (parameters) => new AdamW(parameters),
  rmsprop: (parameters) => new RMSprop(parameters),
  adagrad: (parameters) => new Adagrad(parameters),
  adadelta: (parameters) => new Adadelta(parameters),
  adamax: (parameters) => new Adamax(parameters),
  nadam: (parameters) => new NAdam(parameters),
  radam: (parameters) => new RAdam(parameters),
};

/** A step of all parameters; their gradients stay as they are. */
function stepping(name: string, title: string, shapes: readonly Shape[]): KernelCase {
  return {
    family: "optimizer",
    name: `${name}, ${title}`,
    prepare(device) {
      const parameters = noise(...shapes)(device);
      for (const parameter of parameters) parameter.grad = noise(parameter.shape)(device)[0]!;
      const optimizer = MAKERS[name]!(parameters);
      return () => optimizer.step();
    },
  };
}

const PERCEPTRON = [[256, 784], [256], [10, 256], [10]];

/** The parameters of a perceptron 784-256-10, and four million in one tensor. */
export const OPTIMIZER_CASES: readonly KernelCase[] = [
  ...Object.keys(MAKERS).map((name) => stepping(name, "784-256-10", PERCEPTRON)),
  ...["sgd", "sgd with momentum", "adam"].map((name) => stepping(name, "2048x2048", [[2048, 2048]])),
];
