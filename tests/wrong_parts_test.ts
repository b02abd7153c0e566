/**
 * Invalid parts of networks, optimizers, datasets and runs are rejected where they are given, with a clear
 * message.
 */
import { assertRejects, assertStringIncludes } from "@std/assert";
import * as troodon from "@troodon/troodon";

type Part = Readonly<Record<string, (...args: unknown[]) => unknown>>;

// Hides types, to simulate a program that is not type-checked.
const found = (name: string, within: object): unknown => Reflect.get(within, name);
const make = (name: string, ...args: unknown[]) => () =>
  Reflect.construct(found(name, troodon) as CallableFunction, args);
const layer = (name: string, ...args: unknown[]) => () =>
  Reflect.construct(found(name, troodon.nn) as CallableFunction, args);
const call = (name: string, ...args: unknown[]) => () =>
  Reflect.apply(found(name, troodon) as CallableFunction, undefined, args);

await troodon.chooseDevice("reference");
const x = troodon.ones([2, 2]), net = new troodon.Linear(2, 2), relu = new troodon.ReLU();
const sgd = new troodon.SGD(net.parameters(), { lr: 1 });
const untyped = (part: object): Part => part as Part;

const CASES: readonly (readonly [call: () => unknown, message: string])[] = [
  [layer("Sequential", relu, 3), 'Cannot put "1" into a Sequential as it must be a module: current one is 3'],
  [
    layer("Sequential", { a: 3 }),
    'Cannot put "a" into a Sequential as it must be a module: current one is 3',
  ],
  [
    layer("ModuleList", [relu, "x"]),
    'Cannot put "1" into a ModuleList as it must be a module: current one is "x"',
  ],
  [
    () => untyped(new troodon.ModuleList()).append!(x),
    'Cannot put "0" into a ModuleList as it must be a module',
  ],
  [
    layer("ModuleDict", { a: relu, b: 1 }),
    'Cannot put "b" into a ModuleDict as it must be a module: current one is 1',
  ],
  [
    () => untyped(new troodon.ModuleDict()).set!("a", x),
    'Cannot put "a" into a ModuleDict as it must be a module',
  ],
  [layer("ParameterList", [x]), "make one by new Parameter(x)"],
  [
    layer("ParameterDict", { a: 1 }),
    'Cannot put "a" into a ParameterDict as it must be a parameter: current one is 1',
  ],
  [() => untyped(net).apply!(3), "Cannot apply apply() as argument 1 must be a function: current one is 3"],
  [
    () => untyped(net).train!("x"),
    'Cannot apply train() as argument 1 must be true or false: current one is "x"',
  ],
  [
    () => untyped(net).registerForwardHook!(3),
    "Cannot apply registerForwardHook() as argument 1 must be a function",
  ],
  [
    layer("TransformerEncoder", 3, 2),
    "there must be a layer, or a function that makes one: current one is 3",
  ],
  [
    layer("Transformer", undefined, "1"),
    'Cannot make Transformer as nhead must be a number: current nhead is "1"',
  ],
  [layer("LayerNorm"), "Cannot make LayerNorm as normalizedShape must be a number or one for each axis"],
  [layer("RMSNorm", "4"), "Cannot make RMSNorm as normalizedShape must be a number or one for each axis"],
  [
    layer("Conv2d", 1),
    "Cannot make Conv2d as outChannels must be a number: current outChannels is undefined",
  ],
  [layer("Linear", "2", 3), 'Cannot make Linear as inFeatures must be a number: current inFeatures is "2"'],
  [make("SGD", net, { lr: 1 }), "current ones are a Linear, write net.parameters()"],
  [make("Adam", [3]), "Cannot make Adam as params must be tensors or groups: current one is 3"],
  [make("SGD", [x, "a"]), 'Cannot make SGD as params must be tensors or groups: current one is "a"'],
  [make("SGD", []), "Cannot make SGD as there must be parameters: current number is 0"],
  [make("SGD"), "Cannot make SGD as params must be a list of tensors or groups: current ones are undefined"],
  [
    make("SGD", [{ params: 3 }]),
    "Cannot make SGD as params must be a list of tensors or groups: current ones are 3",
  ],
  [
    () => untyped(sgd).step!(3),
    "Cannot use SGD as the closure of step() must be a function: current one is 3",
  ],
  [make("StepLR"), "Cannot make StepLR as its first argument must be an optimizer: current one is undefined"],
  [
    make("StepLR", net, { stepSize: 1 }),
    "as its first argument must be an optimizer: current one is a Linear",
  ],
  [
    make("SequentialLR", 3),
    "Cannot make SequentialLR as there must be a list of schedulers: current ones are 3",
  ],
  [
    () => untyped(new troodon.StepLR(sgd, { stepSize: 1 })).step!(0.3),
    "Cannot apply step() as it takes no arguments: current one is 0.3",
  ],
  [make("AveragedParameters", 3), "Cannot make AveragedParameters as params must be a list of tensors"],
  [
    call("clipGradNorm", net, 1),
    "Cannot apply clipGradNorm() as argument 1 must be a tensor or an iterable of tensors",
  ],
  [
    make("DataLoader"),
    "as the dataset must have length and get(i), or be a stream: current one is undefined",
  ],
  [make("DataLoader", Promise.resolve()), "current one is a Promise, await it"],
  [make("Subset", 3, [0]), "Cannot make Subset as the dataset must have length and get(i): current one is 3"],
  [make("ConcatDataset", [3]), "Cannot make ConcatDataset as the dataset must have length and get(i)"],
  [
    make("StackDataset", 3),
    "Cannot make StackDataset as datasets must be a list or by name: current ones are 3",
  ],
  [make("TensorDataset", { x }), "Cannot make a TensorDataset as it takes tensors"],
  [call("randomSplit", 3, [1]), "as the dataset must have length and get(i): current one is 3"],
  [make("Compose", [3]), "Cannot make Compose as it takes a list of transforms: current item 0 is 3"],
  [make("Normalize", "a"), "Cannot make Normalize as mean and std must be lists of numbers"],
  [
    call("fit", 3),
    "Cannot apply fit() as the model must be a module: current one is 3, write fit(model, batches, { ... })",
  ],
  [
    call("fit", net, []),
    "Cannot apply fit() as there must be an optimizer among the options: current one is undefined",
  ],
  [call("evaluate", 3, []), "Cannot apply evaluate() as the model must be a module: current one is 3"],
  [call("evaluate", net, 3), "Cannot apply evaluate() as batches must be a DataLoader or a list of them"],
];

for (const [called, message] of CASES) {
  Deno.test(`what is no part is refused: ${message}`, async () => {
    const error = await assertRejects(async () => await called(), Error);
    assertStringIncludes(error.message, message);
  });
}
