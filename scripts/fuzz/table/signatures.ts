/** Signatures of all names that programs call. */
import { INDEXING } from "./indexing.ts";
import { LAYERS } from "./layers.ts";
import { LOSS_LAYERS, LOSSES } from "./losses.ts";
import { MATRIX } from "./matrix.ts";
import { NEURAL } from "./neural.ts";
import { POINTWISE } from "./pointwise.ts";
import { REDUCTION } from "./reduction.ts";
import { SHAPE } from "./shape.ts";
import type { Table } from "./table.ts";

const TABLES: readonly Table[] = [
  POINTWISE,
  REDUCTION,
  SHAPE,
  INDEXING,
  MATRIX,
  NEURAL,
  LOSSES,
  LOSS_LAYERS,
  LAYERS,
];

/** Signature of a function, with its flags. */
export interface Entry {
  readonly signature: string;
  /** If true, values are random. */
  readonly loose: boolean;
  /** If true, the first operand must be a copy. */
  readonly copy: boolean;
  /** If true, PyTorch has no second derivative. */
  readonly once: boolean;
  /** If true, later statements must not use the result. */
  readonly plain: boolean;
  /** Index of the only result to compare; others have arbitrary signs, or are not always present. */
  readonly only?: number;
  /** If true, the module is in evaluation mode. */
  readonly eval: boolean;
}

const ENTRIES: ReadonlyMap<string, Entry> = new Map(
  TABLES.flatMap((table) => Object.entries(table)).flatMap(([names, text]) => {
    const flags = [...text.matchAll(/@(\w+)/g)].map(([, flag]) => flag!);
    const entry: Entry = {
      signature: text.replaceAll(/@\w+ /g, ""),
      loose: flags.includes("loose"),
      plain: flags.includes("plain"),
      copy: flags.includes("copy"),
      once: flags.includes("once"),
      eval: flags.includes("eval"),
      ...(flags.includes("first") ? { only: 0 } : flags.includes("second") ? { only: 1 } : {}),
    };
    return names.split(" ").map((name) => [name, entry] as const);
  }),
);

/** Returns the entry of a name such as `torch.add`, or undefined. */
export function entryOf(name: string): Entry | undefined {
  const rest = name.slice(name.indexOf(".") + 1);
  const own = ENTRIES.get(name) ?? (/^(nn|F)\./.test(name) ? undefined : ENTRIES.get(rest));
  if (own !== undefined || !rest.endsWith("_")) return own;
  return entryOf(name.slice(0, -1));
}
