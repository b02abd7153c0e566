/** No option is passed over that is not known. */
import { assert, assertEquals } from "@std/assert";
import * as autograd from "@troodon/autograd";
import * as core from "@troodon/core";
import * as cpu from "@troodon/cpu";
import * as datasets from "@troodon/datasets";
import * as distributed from "@troodon/distributed";
import * as nn from "@troodon/nn";
import * as onnx from "@troodon/onnx";
import * as optim from "@troodon/optim";
import * as profile from "@troodon/profile";
import * as serialization from "@troodon/serialization";
import * as train from "@troodon/train";
import * as troodon from "@troodon/troodon";
import * as webgpu from "@troodon/webgpu";
import { nameOf } from "./doc_symbols.ts";
import { optionTakers, type Taker } from "./options_callables.ts";
import { rightArgument } from "./right_arguments.ts";

const { tensor } = core;
core.setDefaultDevice(new core.Device(new core.ReferenceBackend(), { tape: autograd.tape }));

const x = tensor([[1, 2], [3, 4]], { requiresGrad: true });

/** Arguments before the options, by parameter name, for calls that check them first; others are undefined. */
const ARGUMENTS: Readonly<Record<string, unknown>> = {
  shape: [2],
  size: 2,
  start: 0,
  end: 3,
  step: 1,
  n: 2,
  m: 2,
  low: 0,
  high: 4,
  value: 1,
  outputSize: 2,
  kernelSize: 1,
  name: "full",
  by: "ops",
  points: [],
  data: { images: new Uint8Array(), labels: new Uint8Array(), height: 1, width: 1 },
  x,
  y: [0],
  inputs: x,
  module: new nn.Linear(1, 1),
  scheduler: new optim.ConstantLR(new optim.SGD([x], { lr: 1 })),
  sequence: nn.packSequence([x]),
};

/** Receivers of method calls, by class name, where an object without fields is not enough. */
const INSTANCES: Readonly<Record<string, object>> = {
  Tensor: x,
  ReadableTensor: x,
  DifferentiableTensor: x,
  ModuleTree: new nn.Linear(1, 1),
  Plot: new train.Plot(),
};

/** Returns the error that `taker` throws when given `options` in the place of its options; null if none. */
async function thrown(root: object, taker: Taker, options: unknown): Promise<unknown> {
  const { path, kind, method = "", before } = taker;
  const found = path.reduce((within: object, name) => Reflect.get(within, name), root) as CallableFunction;
  const given = [
    ...before.map((parameter) => rightArgument(parameter) ?? ARGUMENTS[nameOf(parameter)]),
    options,
  ];
  try {
    if (kind === "new") Reflect.construct(found, given);
    else if (kind === "function") await Reflect.apply(found, undefined, given);
    else if (kind === "static") await Reflect.apply(Reflect.get(found, method), found, given);
    else {
      const instance = INSTANCES[path.at(-1)!] ?? Object.create(found.prototype);
      await Reflect.apply(Reflect.get(instance, method), instance, given);
    }
    return null;
  } catch (error) {
    return error;
  }
}

/** Takers that throw nothing of an option that there is not. */
async function silent(root: object, takers: readonly Taker[]): Promise<string[]> {
  const found: string[] = [];
  for (const taker of takers) {
    const error = await thrown(root, taker, { unheardOf: 1 });
    const named = error instanceof TypeError && error.message.includes("has no option unheardOf");
    if (!named) found.push(`${taker.name}: ${error}`);
  }
  return found;
}

/** Modules with how many of their callables take options at least: fewer would mean that they are not found. */
const MODULES = [
  ["core/mod.ts", core, 400],
  ["autograd/mod.ts", autograd, 10],
  ["datasets/mod.ts", datasets, 50],
  ["nn/mod.ts", nn, 90],
  ["optim/mod.ts", optim, 30],
  ["profile/mod.ts", profile, 2],
  ["serialization/mod.ts", serialization, 4],
  ["onnx/mod.ts", onnx, 1],
  ["train/mod.ts", train, 25],
  ["distributed/mod.ts", distributed, 1],
  ["cpu/mod.ts", cpu, 1],
  ["webgpu/mod.ts", webgpu, 1],
  ["troodon/mod.ts", troodon, 1],
] as const;

for (const [entry, root, least] of MODULES) {
  Deno.test(`${entry} has nothing that takes an option which it does not know, or text in the place of options`, async () => {
    const { takers, callables } = await optionTakers(`packages/${entry}`, root);
    assert(takers.length >= least && callables >= takers.length, `${takers.length} of ${callables}`);
    assertEquals(await silent(root, takers), []);
    const found: string[] = [];
    for (const taker of takers) {
      const error = await thrown(root, taker, "text");
      if (!(error instanceof Error) || !error.message.startsWith("Cannot ")) {
        found.push(`${taker.name}: ${error}`);
      }
    }
    assertEquals(found, []);
  });
}

Deno.test("optionTakers() finds what takes an option that it does not know", async () => {
  const root = await import("./testdata/careless_options.ts");
  const { takers } = await optionTakers("tests/testdata/careless_options.ts", root);
  assertEquals(takers.map(({ name }) => name), [
    "apart",
    "preferring",
    "literal",
    "part",
    "new Careless",
    "Careless.open",
    "Careless.resized",
    "new Inheriting",
  ]);
  assertEquals((await silent(root, takers)).length, takers.length);
});

Deno.test("modules take no options in the place of numbers, or where they take nothing", () => {
  const isModule = (value: unknown): value is CallableFunction =>
    typeof value === "function" && value.prototype instanceof nn.Module;
  const classes = Object.keys(nn).map((name) => [name, Reflect.get(nn, name)]).filter(([, value]) =>
    isModule(value)
  );
  const found = classes.filter(([, type]) => {
    try {
      return Reflect.construct(type, [{ unheardOf: 1 }]) && true;
    } catch {
      return false;
    }
  });
  assert(classes.length > 100);
  assertEquals(found, []);
});
