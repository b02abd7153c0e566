/** Names of PyTorch that are there here, as packages/PYTORCH.md has them, and what they are called. */
import { OTHERWISE } from "../torch/otherwise.ts";

const PAGE = new URL("../../packages/PYTORCH.md", import.meta.url);

/** Sections of the page whose names are called, and how programs begin their names. */
export const SECTIONS: Readonly<Record<string, string>> = {
  "torch": "torch",
  "torch.Tensor": "Tensor",
  "torch.nn.functional": "F",
  "torch.nn": "nn",
  "torch.linalg": "linalg",
  "torch.fft": "fft",
  "torch.special": "special",
};

/** A name in camel case, as it is here. */
export function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Every name of PyTorch that is there here, as programs write it: `torch.add`, `Tensor.add_`. */
export function namesThere(): readonly string[] {
  const found: string[] = [];
  let prefix: string | undefined;
  for (const line of Deno.readTextFileSync(PAGE).split("\n")) {
    const section = /^## ([\w.]+):/.exec(line);
    if (section) prefix = SECTIONS[section[1]!];
    if (prefix === undefined || !/^\*\*(There|Named otherwise):\*\*/.test(line)) continue;
    for (const [, entry] of line.matchAll(/`([^`]+)`/g)) found.push(`${prefix}.${entry!.split(":")[0]}`);
  }
  return found;
}

/** What a name of a section is called here: its own in camel case, or another. */
export function otherNameOf(name: string): string | undefined {
  const [prefix, rest] = split(name);
  const section = Object.keys(SECTIONS).find((key) => SECTIONS[key] === prefix);
  return section === undefined ? undefined : OTHERWISE[section]?.[rest];
}

/** The beginning of a name and the rest. */
export function split(name: string): readonly [prefix: string, rest: string] {
  const at = name.indexOf(".");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}
