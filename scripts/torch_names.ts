/**
 * Writes `packages/PYTORCH.md`: every name of PyTorch's main modules beside what it is here. The names are in
 * `tests/reference/torch_names.json`, which `scripts/torch_names.py` writes where PyTorch is installed; what has another
 * name here in `scripts/torch/otherwise.ts`, and why something is not there in `scripts/torch/reasons.ts`.
 *
 *     deno run -A scripts/torch_names.ts [--check]
 *
 * `--check` writes nothing, and fails if the page is not what the code says.
 *
 * @module
 */
import { Device, ReferenceBackend } from "@troodon/core";
import * as troodon from "@troodon/troodon";
import { IN_PLACE, OTHERWISE } from "./torch/otherwise.ts";
import { reasonOf } from "./torch/reasons.ts";

/** Modules whose names are in a namespace here, and whether they are nowhere else. */
const NAMESPACES: Readonly<Record<string, readonly [name: string, names: object, alone: boolean]>> = {
  "torch.linalg": ["linalg", troodon.linalg, false],
  "torch.fft": ["fft", troodon.fft, true],
  "torch.nn.init": ["init", troodon.init, true],
  "torchvision.transforms.functional": ["imaging", troodon.imaging, true],
};

/** What a name of PyTorch is here, or null. */
interface Row {
  readonly name: string;
  readonly here: string | null;
}

const camelCase = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** Interfaces, which have no value: those that the datasets export. */
function interfaces(): ReadonlySet<string> {
  const text = Deno.readTextFileSync(new URL("../packages/datasets/mod.ts", import.meta.url));
  const lists = [...text.matchAll(/export type \{([^}]*)\}/g)].flatMap((m) => m[1]!.split(","));
  const marked = [...text.matchAll(/\btype (\w+)/g)].map((m) => m[1]!);
  return new Set([...lists.map((name) => name.trim()), ...marked]);
}

/** Finds what there is here. */
class Finder {
  readonly #exported: Readonly<Record<string, unknown>> = { ...troodon };
  readonly #types = interfaces();
  readonly #tensor = troodon.tensor([1], { device: new Device(new ReferenceBackend()) });
  readonly #image = new troodon.Image(1, 1, 3, new Uint8Array(3));

  /** What stands for `name` of `module`, under its own name or another; null if nothing does. */
  find(module: string, name: string): string | null {
    const own = this.#resolve(module, camelCase(name)), other = OTHERWISE[module]?.[name];
    if (own !== null || other === undefined) return own;
    const found = other.includes(".")
      ? this.#path(other)
      : this.#resolve(module, other) ?? this.#exportNamed(other);
    if (found === null && !(name in IN_PLACE) && other !== "vstack" && other !== "trapezoid") {
      throw new RangeError(`Cannot name ${module}.${name} otherwise as there is no ${other}`);
    }
    return found;
  }

  #resolve(module: string, name: string): string | null {
    const namespace = NAMESPACES[module];
    if (namespace !== undefined) {
      const [, names, alone] = namespace;
      if (Object.hasOwn(names, name)) return name;
      if (alone) return null;
    }
    if (module === "torch.Tensor") {
      return name in this.#tensor ? name : Object.hasOwn(this.#exported, name) ? `${name}(x)` : null;
    }
    return this.#exportNamed(name) ?? (name in this.#tensor ? `x.${name}()` : null);
  }

  #exportNamed(name: string): string | null {
    return Object.hasOwn(this.#exported, name) || this.#types.has(name) ? name : null;
  }

  /** A member of something that is exported. */
  #path(path: string): string | null {
    const [owner, member] = path.split(".") as [string, string], value = this.#exported[owner];
    const places = [
      value,
      (value as { readonly prototype?: object } | undefined)?.prototype,
      ...(owner === "Image" ? [this.#image] : []),
    ];
    return places.some((place) =>
        (typeof place === "object" || typeof place === "function") && place !== null && member in place
      )
      ? path
      : null;
  }
}

/** The page. */
export function torchNames(): string {
  const { version, names }: { version: string; names: Record<string, string[]> } = JSON.parse(
    Deno.readTextFileSync(new URL("../tests/reference/torch_names.json", import.meta.url)),
  );
  const finder = new Finder();
  const sections = Object.entries(names).map(([module, list]) =>
    section(module, list.map((name): Row => ({ name, here: finder.find(module, name) })))
  );
  return [
    "# Troodon beside PyTorch",
    "",
    `Every public name of PyTorch's main modules as of version ${version}, and of torchvision's transforms, and what it is`,
    "here: there under the same name in camel case (`torch.nn.init` as `init`, `torch.linalg` as `linalg`, `torch.fft` as",
    "`fft`, torchvision's functional transforms as `imaging`, all else by its own name), named otherwise, or not there and",
    "why. Written by `deno run -A scripts/torch_names.ts`; a test holds it to the code.",
    "",
    ...sections,
  ].join("\n");
}

function section(module: string, rows: readonly Row[]): string {
  const there = rows.filter(({ here }) => here !== null);
  const same = there.filter(({ name, here }) => here === camelCase(name)).map(({ name }) => name);
  const otherwise = there.filter(({ name, here }) => here !== camelCase(name));
  const missing = Map.groupBy(rows.filter(({ here }) => here === null), ({ name }) => reasonOf(name));
  const list = (items: readonly string[]) => items.length ? items.map((n) => `\`${n}\``).join(" ") : "none";
  return [
    `## ${module}: ${there.length} of ${rows.length}`,
    "",
    `**There:** ${list(same)}`,
    "",
    `**Named otherwise:** ${list(otherwise.map(({ name, here }) => `${name}: ${here}`))}`,
    "",
    ...(missing.size === 0
      ? ["**Not there:** none", ""]
      : [...missing].sort(([a], [b]) => a < b ? -1 : 1).flatMap((
        [reason, group],
      ) => [`**Not there (${reason}):** ${list(group.map(({ name }) => name))}`, ""])),
  ].join("\n");
}

/** Where it stands. */
export const PAGE: URL = new URL("../packages/PYTORCH.md", import.meta.url);

if (import.meta.main) {
  const page = torchNames();
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(PAGE, page);
  else if (Deno.readTextFileSync(PAGE) !== page) {
    console.error("packages/PYTORCH.md is not what the code says: deno run -A scripts/torch_names.ts");
    Deno.exit(1);
  }
}
