/** Calls that programs make which nobody type-checks: the call that is meant, or an error that says what to write. */
import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "@troodon/troodon";
import { tape } from "@troodon/autograd";

const device = new torch.Device(new torch.ReferenceBackend(), { tape });
torch.setDefaultDevice(device);
// What a class is to a program without types.
const untyped = <T>(value: unknown): T => value as T;
type Constructor = new (...args: unknown[]) => unknown;

for (
  const name of [
    "ImageFolder",
    "Mnist",
    "FashionMnist",
    "Kmnist",
    "Emnist",
    "Cifar10",
    "Cifar100",
    "CsvDataset",
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
