/** The page that sets Troodon beside PyTorch says what the code says. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, type Tensor } from "@troodon/core";
import * as troodon from "@troodon/troodon";
import { IN_PLACE, OTHERWISE } from "../scripts/torch/otherwise.ts";
import { NOT_YET, reasonOf, REASONS } from "../scripts/torch/reasons.ts";
import { PAGE, torchNames } from "../scripts/torch_names.ts";
import REFERENCE from "./reference/torch_names.json" with { type: "json" };

const { names, operands, results }: {
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly operands: { readonly x: number[][]; readonly y: number[][] };
  readonly results: Readonly<Record<string, unknown>>;
} = REFERENCE;

Deno.test("packages/PYTORCH.md is what the code says", () => {
  assertEquals(
    Deno.readTextFileSync(PAGE) === torchNames(),
    true,
    "deno run -A scripts/torch_names.ts writes it anew",
  );
});

Deno.test("every scheduler of PyTorch is there", () => {
  assert(torchNames().includes("torch.optim.lr_scheduler: 16 of 16"));
});

/** What stands on the page for each name that `results` has, called as there. */
const CALLS: Readonly<Record<string, (x: Tensor, y: Tensor) => unknown>> = {
  absolute: (x) => x.abs(),
  arccos: (x) => x.acos(),
  arccosh: (x) => x.add(2).acosh(),
  arcsin: (x) => x.asin(),
  arcsinh: (x) => x.asinh(),
  arctan: (x) => x.atan(),
  arctan2: (x, y) => x.atan2(y),
  arctanh: (x) => x.atanh(),
  argwhere: (x) => x.gt(0).nonzero(),
  clamp_max: (x) => x.clamp({ max: 0.2 }),
  clamp_min: (x) => x.clamp({ min: 0.2 }),
  clip: (x) => x.clamp({ min: -0.1, max: 0.2 }),
  concat: (x, y) => troodon.cat([x, y], 1),
  concatenate: (x, y) => troodon.cat([x, y], 0),
  divide: (x, y) => x.div(y),
  fix: (x) => x.mul(4).trunc(),
  fliplr: (x) => x.flip([1]),
  flipud: (x) => x.flip([0]),
  ger: (x, y) => x.select(0, 0).outer(y.select(0, 1)),
  greater: (x, y) => x.gt(y),
  greater_equal: (x, y) => x.ge(y),
  less: (x, y) => x.lt(y),
  less_equal: (x, y) => x.le(y),
  moveaxis: (x) => x.movedim(0, 1),
  multiply: (x, y) => x.mul(y),
  negative: (x) => x.neg(),
  not_equal: (x, y) => x.ne(y),
  ravel: (x) => x.flatten(),
  row_stack: (x, y) => troodon.cat([x, y], 0),
  split_with_sizes: (x) => x.split([1, 2], 1)[1],
  subtract: (x, y) => x.sub(y),
  swapaxes: (x) => x.transpose(0, 1),
  swapdims: (x) => x.transpose(0, 1),
  trapz: (x) => x.narrow(1, 0, 2).add(x.narrow(1, 1, 2)).mul(0.5).sum(1),
  true_divide: (x, y) => x.div(y),
  unsafe_chunk: (x) => x.chunk(3, 1)[2],
  unsafe_split: (x) => x.split(2, 1)[1],
  unsafe_split_with_sizes: (x) => x.split([1, 2], 1)[1],
  vdot: (x, y) => x.select(0, 0).dot(y.select(0, 1)),
  T: (x) => x.T,
  dim: (x) => x.dim(),
  mT: (x) => x.transpose(-1, -2),
  ndimension: (x) => x.ndim,
  nelement: (x) => x.numel(),
  stride: (x) => x.t().strides,
  storage_offset: (x) => x.select(0, 1).storageOffset(),
  reshape_as: (x, y) => x.reshape(y.t().shape),
  view_as: (x, y) => x.view(y.reshape([3, 2]).shape),
  output_nr: (x) => troodon.linalg.qr(x.t().clone().requiresGrad_()).r.outputNumber,
  expit: (x) => x.sigmoid(),
  gammaln: (x) => x.lgamma(),
  psi: (x) => x.digamma(),
  promote_types: () => troodon.promote("float16", "bfloat16"),
};

/** Named otherwise, and no function of tensors with one result that could be set beside PyTorch's. */
const OTHERS: Readonly<Record<string, string>> = {
  "torch.nn": "Buffer",
  "torch.nn.functional":
    "max_pool2d_with_indices adaptive_max_pool2d_with_indices multi_head_attention_forward " +
    "native_channel_shuffle upsample upsample_bilinear upsample_nearest",
  "torch.utils.data": "default_collate",
  "torch.Tensor": "is_floating_point untyped_storage",
  torch:
    "as_tensor asarray from_numpy frombuffer get_default_device get_rng_state inference_mode initial_seed " +
    "is_floating_point load native_channel_shuffle save set_rng_state",
  "torch.linalg": "lu_factor_ex inv_ex cholesky_ex solve_ex",
  "torch.autograd": "Function backward inference_mode",
  "torch.func": "jacfwd jacrev grad grad_and_value",
  "torch.nn.utils": "clip_grad_norm clip_grad_norm_ clip_grad_value_ clip_grads_with_norm_",
  "torchvision.transforms": "PILToTensor",
  "torchvision.transforms.functional":
    "elastic_transform get_image_size get_image_num_channels to_grayscale " +
    "rgb_to_grayscale to_tensor pil_to_tensor normalize resize five_crop ten_crop pad",
};

function assertNear(actual: unknown, expected: unknown, name: string): void {
  if (Array.isArray(expected)) {
    assert(Array.isArray(actual) && actual.length === expected.length, name);
    expected.forEach((value, i) => assertNear(actual[i], value, name));
  } else if (typeof expected === "number") assertAlmostEquals(actual as number, expected, 1e-9, name);
  else assertEquals(actual, expected, name);
}

Deno.test("what is named otherwise does what PyTorch does under its name", () => {
  const device = new Device(new ReferenceBackend(), { tape });
  const [x, y] = [operands.x, operands.y].map((data) => troodon.tensor(data, { device, dtype: "float64" }));
  for (const [name, call] of Object.entries(CALLS)) {
    const found = call(x!, y!);
    assertNear(found instanceof troodon.Tensor ? found.tolist() : found, results[name], name);
  }
});

Deno.test("all that is named otherwise is called, or told to be no function of tensors", () => {
  for (const [module, table] of Object.entries(OTHERWISE)) {
    const others = new Set(OTHERS[module]?.split(" "));
    const untold = Object.keys(table).filter((name) =>
      !(name in CALLS) && !others.has(name) && !(name in IN_PLACE)
    );
    assertEquals(untold, [], module);
  }
  assertEquals(Object.keys(CALLS).sort(), Object.keys(results).sort());
});

Deno.test("reasons are for names that PyTorch has", () => {
  const all = Object.values(names).flat();
  for (const [reason, pattern] of REASONS) assert(all.some((name) => pattern.test(name)), reason);
  assertEquals(reasonOf("no_such_name"), NOT_YET);
});
