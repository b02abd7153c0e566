/** Calls that programs make which nobody type-checks: the call that is meant, or an error that says what to write. */
import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "@troodon/troodon";
import { tape } from "@troodon/autograd";

const device = new torch.Device(new torch.ReferenceBackend(), { tape });
torch.setDefaultDevice(device);
// Hides the type of a class, as in a program without types.
const untyped = <T>(value: unknown): T => value as T;
type Constructor = new (...args: unknown[]) => unknown;

for (
  const name of [
    "ImageFolder",
    "Mnist",
    "FashionMnist",
    "Kmnist",
    "Emnist",
    "Qmnist",
    "Usps",
    "Stl10",
    "Cifar10",
    "Cifar100",
    "CsvDataset",
    "ParquetDataset",
  ]
) {
  Deno.test(`new ${name}() says that it is opened`, () => {
    const type = (torch as unknown as Record<string, Constructor>)[name]!;
    for (const args of [["data"], [{ root: "data", train: true }], []]) {
      assertThrows(
        () => new type(...args),
        TypeError,
        `Cannot make a dataset by new ${name}() as its files are read asynchronously: write await ${name}.open(...)`,
      );
    }
  });
}

Deno.test("DataLoader says that loops over it are for await", () => {
  const loader = new torch.DataLoader([1, 2, 3]);
  assertThrows(
    () => [...untyped<Iterable<unknown>>(loader)],
    TypeError,
    "Cannot loop over a DataLoader by for as its batches are read asynchronously: write for await (const batch of loader)",
  );
});

Deno.test("optimizers say that they take parameters", () => {
  const net = new torch.nn.Linear(2, 1);
  for (const type of [torch.optim.SGD, torch.optim.Adam, torch.optim.LBFGS]) {
    const make = (params: unknown) => () => new type(untyped(params), { lr: 0.1 });
    const says = `Cannot make ${type.name} as params must be a list of tensors or groups: current ones are `;
    assertThrows(make(net), TypeError, `${says}a Linear, write net.parameters()`);
    assertThrows(make(net.parameters), TypeError, `${says}a function, write net.parameters()`);
    assertThrows(make(net.weight), TypeError, `${says}a tensor, write [x]`);
    assertThrows(make(undefined), TypeError, `${says}undefined`);
  }
});

Deno.test("loadStateDict() says that a promise must be awaited", () => {
  const net = new torch.nn.Linear(2, 1),
    says = "Cannot load the state into Linear as it must hold tensors by name: ";
  const promise = Promise.resolve(net.stateDict());
  assertThrows(
    () => net.loadStateDict(untyped(promise)),
    TypeError,
    `${says}it is a Promise, await it`,
  );
  assertThrows(() => net.loadStateDict(untyped(undefined)), TypeError, `${says}it is undefined`);
});

Deno.test("modules say what they take", () => {
  const { nn } = torch, x = torch.ones(1, 2);
  type Layer = ((...inputs: unknown[]) => unknown) & { forward(...inputs: unknown[]): unknown };
  const linear = untyped<Layer>(new nn.Linear(2, 1));
  assertThrows(
    () => linear(),
    TypeError,
    "Cannot call Linear as it takes 1 tensor: there are none (in a Linear(",
  );
  assertThrows(
    () => linear.forward(),
    TypeError,
    "Cannot apply linear() as operands must be tensors: current ones are undefined",
  );
  const array = "current ones are [[1, 2]]";
  assertThrows(
    () => linear([[1, 2]]),
    TypeError,
    "Cannot call Linear as it takes 1 tensor: " + array,
  );
  assertThrows(() => linear.forward([[1, 2]]), TypeError, "make one by tensor([[1, 2]])");
  const layers = [
    new nn.Conv2d(1, 2, 3),
    new nn.ReLU(),
    new nn.BatchNorm2d(2),
    new nn.Softmax(),
    new nn.LSTM(2, 3),
  ];
  for (
    const layer of [
      ...layers,
      new nn.MaxPool2d(2),
      new nn.LayerNorm([2]),
      new nn.Embedding(2, 2),
      new nn.GELU(),
    ]
  ) {
    const says = `Cannot call ${layer.constructor.name} as it takes `;
    assertThrows(
      () => untyped<Layer>(layer)([[1, 2]]),
      TypeError,
      `: ${array}, make one by tensor([[1, 2]])`,
    );
    assertThrows(() => untyped<Layer>(layer)(), TypeError, says);
    assertThrows(() => untyped<Layer>(layer)(3), TypeError, says);
  }
  const loss = untyped<Layer>(new nn.MSELoss());
  assertThrows(
    () => loss(x),
    TypeError,
    "Cannot call MSELoss as it takes 2 tensors: current ones are a tensor of shape [1, 2]",
  );
  assertThrows(() => loss(x, 3), TypeError, "current ones are a tensor of shape [1, 2] and 3");
});

Deno.test("products of matrices say what they take", () => {
  const x = torch.ones(2, 2);
  for (
    const [name, f] of Object.entries({
      matmul: torch.matmul,
      mm: torch.mm,
      bmm: torch.bmm,
      mv: torch.mv,
      dot: torch.dot,
      outer: torch.outer,
    })
  ) {
    const says = `Cannot apply ${name}() as operands must be tensors: current ones are `;
    assertThrows(
      () => f(x, untyped(3)),
      TypeError,
      `${says}a tensor of shape [2, 2] and 3, make one by tensor(3)`,
    );
    assertThrows(() => f(untyped([[1]]), x), TypeError, `${says}[[1]] and a tensor of shape [2, 2]`);
    assertThrows(
      () => f(untyped(undefined), untyped(undefined)),
      TypeError,
      `${says}undefined and undefined`,
    );
  }
});

Deno.test("to() takes options and names of devices, or says which there are", () => {
  const x = torch.tensor([1.5]);
  assertEquals(x.to({ dtype: "int32" }).tolist(), [1]);
  assertThrows(() => x.to(untyped("cuda")), TypeError, "Cannot ");
  assertThrows(() => x.to(untyped(undefined)), TypeError, "Cannot apply to() as the target must be a dtype");
});

Deno.test("dtypes have PyTorch's names", () => {
  const { float32, float, float64, double, float16, half, bfloat16, int64, long, int32, int, uint8, bool } =
    torch;
  const types = [
    float32,
    float,
    float64,
    double,
    float16,
    half,
    bfloat16,
    int64,
    long,
    int32,
    int,
    uint8,
    bool,
  ];
  assertEquals(types.map((dtype) => torch.ones(1, { dtype }).dtype), types);
});
