/** Names of PyTorch that Troodon has, as listed in packages/PYTORCH.md, and their names in Troodon. */
import { OTHERWISE } from "../torch/otherwise.ts";

const PAGE = new URL("../../packages/PYTORCH.md", import.meta.url);

/** Sections of packages/PYTORCH.md with callable names, and the prefixes of these names in programs. */
export const SECTIONS: Readonly<Record<string, string>> = {
  "torch": "torch",
  "torch.Tensor": "Tensor",
  "torch.nn.functional": "F",
  "torch.nn": "nn",
  "torch.linalg": "linalg",
  "torch.fft": "fft",
  "torch.special": "special",
};

/** Converts a name of PyTorch to camel case, the form used in Troodon. */
export function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns every name of PyTorch that Troodon has, in the form of programs: `torch.add`, `Tensor.add_`. */
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

/** Returns the name in Troodon if it is not the camel-case form of PyTorch's name. */
export function otherNameOf(name: string): string | undefined {
  const [prefix, rest] = split(name);
  const section = Object.keys(SECTIONS).find((key) => SECTIONS[key] === prefix);
  return section === undefined ? undefined : OTHERWISE[section]?.[rest];
}

/** Splits a name into its prefix and the rest. */
export function split(name: string): readonly [prefix: string, rest: string] {
  const at = name.indexOf(".");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}
