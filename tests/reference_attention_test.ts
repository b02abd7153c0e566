import type { Device, Tensor } from "@troodon/core";
import * as nn from "@troodon/nn";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import type { Callee, Spelling } from "./reference/invoke.ts";
import type { Case } from "./reference/records.ts";
import { replay } from "./reference/replay.ts";

type Settings = Readonly<Record<string, unknown>>;

const camelCase = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Puts a tensor in the place of a parameter, by the name that PyTorch has for it. */
function setParameter(module: nn.AnyModule, name: string, value: Tensor): void {
  const path = name.split("."), field = camelCase(path.pop()!);
  const owner = path.reduce(
    (m: nn.AnyModule, part) => (m as unknown as Record<string, nn.AnyModule>)[camelCase(part)]!,
    module,
  );
  Object.assign(owner, { [field]: value });
}

/** A module made with two extents and settings, called with `inputs` tensors and then its parameters. */
function layer<A extends unknown[]>(
  extents: readonly [string, string],
  inputs: number,
  make: (a: number, b: number, settings: Settings) => nn.Module<A, unknown>,
): Spelling {
  return {
    prepare({ module: settings, params }: Case, device: Device): Callee {
      const rest = Object.entries(settings!).filter(([name]) => !extents.includes(name));
      const options = Object.fromEntries(rest.map(([name, value]) => [camelCase(name), value]));
      const [a, b] = extents.map((name) => settings![name] as number) as [number, number];
      const module = make(a, b, { ...options, device });
      const callee = (...given: unknown[]) => {
        const call = [...given.slice(0, inputs), ...given.slice(inputs + params!.length)];
        params!.forEach((name, i) => setParameter(module, name, given[inputs + i] as Tensor));
        return module.forward(...call as unknown as A);
      };
      return callee as Callee;
    },
  };
}

const WIDTH_AND_HEADS = ["d_model", "nhead"] as const;

replay("attention.json", [...DEVICES, ...GPU_DEVICES], {
  MultiheadAttention: layer(["embed_dim", "num_heads"], 3, (e, n, o) => new nn.MultiheadAttention(e, n, o)),
  TransformerEncoderLayer: layer(WIDTH_AND_HEADS, 1, (e, n, o) => new nn.TransformerEncoderLayer(e, n, o)),
  TransformerDecoderLayer: layer(WIDTH_AND_HEADS, 2, (e, n, o) => new nn.TransformerDecoderLayer(e, n, o)),
}, { secondOrder: true });
