import { runtimeFiles } from "@troodon/io";

/** Reads a file as text. */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await runtimeFiles().read(path));
}
