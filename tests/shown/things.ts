/** One of each object that users print, and what consoles show of it. */
import { tape } from "@troodon/autograd";
import { Device, Generator, ones, ReferenceBackend, setDefaultDevice, tensor, zeros } from "@troodon/core";
import * as data from "@troodon/datasets";
import { Linear, Module, MSELoss, Parameter, ReLU, Sequential } from "@troodon/nn";
import * as optim from "@troodon/optim";
import { ProfileReport } from "@troodon/profile";
import { summary } from "@troodon/train";

/** An object, and the text that a console shows of it. */
export interface Shown {
  /** The object. */
  readonly thing: unknown;
  /** The lines that a console shows. */
  readonly text: string;
}

class Net extends Module {
  fc1 = new Linear(4, 8);
  blocks = [new Linear(8, 8), new ReLU()];

  override forward(): never {
    throw new TypeError("Cannot call this");
  }
}

const NET = `Net(
  (fc1): Linear(in_features=4, out_features=8, bias=True)
  (blocks.0): Linear(in_features=8, out_features=8, bias=True)
  (blocks.1): ReLU()
)`;

const ADAM = `Adam (
Parameter Group 0
    amsgrad: False
    betas: (0.9, 0.999)
    eps: 1e-08
    lr: 0.01
    maximize: False
    weight_decay: 0
)`;

const SUMMARY = `\
Layer        Output shape  Parameters  Multiply-adds
----------------------------------------------------
Sequential   [2, 3]                 -              -
  0: Linear  [2, 3]                15             24
  1: ReLU    [2, 3]                 -              -
----------------------------------------------------
Parameters     15 (15 trainable)
Buffers        0
Multiply-adds  24
Memory         parameters 60 bytes, buffers 0 bytes, inputs 32 bytes, outputs of layers 48 bytes`;

const PROFILE = `One run of 1 on cpu: one thread: 0.00 us, at most 0 bytes of tensors

Op  Phase  Self  Self %  Total  Calls  Backend  Kernels  Memory
---------------------------------------------------------------
---------------------------------------------------------------
Outside of ops: 0.00 us (-)`;

/** One of each object by name, on a device that reads synchronously. */
export function things(): Readonly<Record<string, Shown>> {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  const net = new Net(), weight = new Parameter(ones([1, 2]));
  const loss = new MSELoss().forward(weight.mul(2), zeros([1, 2]));
  const sgd = new optim.SGD([{ params: [weight] }, { params: net.fc1.parameters(), lr: 0.5 }], { lr: 0.1 });
  const images = new data.LabeledImages(
    { images: new Uint8Array(40), labels: new Uint8Array(10), height: 2, width: 2 },
    { transform: new data.Compose([new data.ToTensor(), new data.Normalize([0.5], [0.5])]) },
  );
  const table = new data.TensorDataset(zeros([10, 3]), zeros([10]));
  const part = new data.Subset(images, [1, 2]), order = new data.SequentialSampler(table);
  const shuffled = new data.RandomSampler(table);
  const text = (thing: unknown, text: string): Shown => ({ thing, text });
  return {
    "a tensor": text(tensor([1, 2.5]), "tensor([1.0000, 2.5000])"),
    "a loss": text(loss, "tensor(4., grad_fn=<MseLossBackward0>)"),
    "a gradFn": text(loss.gradFn, "<MseLossBackward0>"),
    "what comes before it": text(loss.gradFn?.nextFunctions[0], "[ <MulBackward0>, 0 ]"),
    "a leaf's node": text(weight.mul(2).gradFn?.nextFunctions[0]?.[0], "<AccumulateGrad>"),
    "a parameter": text(weight, "Parameter containing:\ntensor([[1., 1.]], requires_grad=True)"),
    "a storage": text(weight.storage, "Storage(8 bytes, device='reference')"),
    "a device": text(weight.device, "reference: plain TypeScript in float64, one thread"),
    "a generator": text(new Generator(7), "Generator(seed=7, offset=0)"),
    "a module": text(net, NET),
    "a layer": text(net.fc1, "Linear(in_features=4, out_features=8, bias=True)"),
    "a container": text(new Sequential(new ReLU()), "Sequential(\n  (0): ReLU()\n)"),
    "a criterion": text(new MSELoss(), "MSELoss()"),
    "a list of modules": text([new ReLU(), new ReLU()], "[ ReLU(), ReLU() ]"),
    "a record of tensors": text({ x: tensor([[1], [2]]) }, "{\n  x: tensor([[1.],\n          [2.]])\n}"),
    "a summary": text(summary(new Sequential(new Linear(4, 3), new ReLU()), [2, 4]), SUMMARY),
    "a state dict": text(
      net.fc1.stateDict(),
      "StateDict(\n  weight: [8, 4] float32\n  bias: [8] float32\n)",
    ),
    "a state dict without tensors": text(new ReLU().stateDict(), "StateDict()"),
    "an optimizer": text(new optim.Adam(net.parameters(), { lr: 0.01 }), ADAM),
    "an optimizer of groups": text(
      sgd,
      "SGD (" +
        [0.1, 0.5].map((lr, i) =>
          `\nParameter Group ${i}\n    dampening: 0\n    initial_lr: ${lr}\n    lr: ${lr}\n    maximize: False\n    momentum: 0\n` +
          "    nesterov: False\n    weight_decay: 0\n"
        ).join("") + ")",
    ),
    "a scheduler": text(
      new optim.StepLR(sgd, { stepSize: 30 }),
      "StepLR(step_size=30, gamma=0.1, last_epoch=0, last_lr=[0.1, 0.5])",
    ),
    "a scheduler by a function": text(
      new optim.LambdaLR(sgd, { lrLambda: () => 1 }),
      "LambdaLR(last_epoch=0, last_lr=[0.1, 0.5])",
    ),
    "a scheduler by a metric": text(
      new optim.ReduceLROnPlateau(sgd),
      "ReduceLROnPlateau(num_bad_epochs=0, cooldown_counter=0, last_epoch=0, last_lr=[0.1, 0.5])",
    ),
    "a profile": text(
      new ProfileReport({
        ...{ runs: 1, spans: [], memory: [], roots: [], unobserved: null },
        ...{ devices: ["cpu: one thread"], clock: "host" },
      }),
      PROFILE,
    ),
    "averages": text(new optim.AveragedParameters([weight]), "AveragedParameters(n_averaged=0, tensors=1)"),
    "a dataset of images": text(
      images,
      "Dataset LabeledImages\n    Number of datapoints: 10\n    Size: [2, 2, 1]\n    Transform: Compose(ToTensor, Normalize)",
    ),
    "a dataset of tensors": text(
      table,
      "Dataset TensorDataset\n    Number of datapoints: 10\n    Tensors: [10, 3], [10]",
    ),
    "an image": text(new data.Image(3, 2, 1, new Uint8Array(6)), "Image(3x2, channels=1)"),
    "a mask": text(new data.Mask(3, 2, new Uint8Array(6)), "Mask(3x2)"),
    "bounding boxes": text(
      new data.BoundingBoxes([[1, 2, 3, 4]], { canvasSize: [5, 6] }),
      "BoundingBoxes([[1, 2, 3, 4]], format=xyxy, canvas=6x5)",
    ),
    "an array on the host": text(new data.NdArray(new Float32Array(6), [2, 3]), "NdArray([2, 3], float32)"),
    "pixels": text(images.get(0).image, "Pixels([1, 2, 2], float32)"),
    "columns of a table": text(
      data.CsvDataset.parse("a,b\n1,x\n2.5,y\n").summary,
      "Table of 2 rows\n    column      kind    missing  values\n    a           number        0  1 to 2.5\n" +
        "    b (target)  class         0  2: x, y",
    ),
    "a part of a dataset": text(
      part,
      "Dataset Subset\n    Number of datapoints: 2\n    Datasets: LabeledImages(10)",
    ),
    "datasets in a row": text(
      new data.ConcatDataset([part, images]),
      "Dataset ConcatDataset\n    Number of datapoints: 12\n    Datasets: Subset(2), LabeledImages(10)",
    ),
    "datasets side by side": text(
      new data.StackDataset({ images, table }),
      "Dataset StackDataset\n    Number of datapoints: 10\n    Datasets: LabeledImages(10), TensorDataset(10)",
    ),
    "streams in a row": text(
      new data.ChainDataset([new Set([1])]),
      "Dataset ChainDataset\n    Number of datapoints: unknown\n    Datasets: Set",
    ),
    "a loader": text(
      new data.DataLoader(images, { batchSize: 4, shuffle: true }),
      "DataLoader(dataset=LabeledImages(10), batch_size=4, shuffle=True, length=3)",
    ),
    "a loader of a stream": text(
      new data.DataLoader(new Set([1]), { batchSize: 4, dropLast: true }),
      "DataLoader(dataset=Set, batch_size=4, shuffle=False, drop_last=True)",
    ),
    "a loader with a sampler": text(
      new data.DataLoader(table, { sampler: shuffled }),
      "DataLoader(dataset=TensorDataset(10), batch_size=1, sampler=RandomSampler(10), length=10)",
    ),
    "a sampler": text(order, "SequentialSampler(length=10)"),
    "a random sampler": text(shuffled, "RandomSampler(length=10)"),
    "a sampler of batches": text(
      new data.BatchSampler(order, { batchSize: 3 }),
      "BatchSampler(SequentialSampler(length=10), batch_size=3, drop_last=False)",
    ),
    "a sampler of one process": text(
      new data.DistributedSampler(table, { numReplicas: 2, rank: 0 }),
      "DistributedSampler(length=5)",
    ),
  };
}
