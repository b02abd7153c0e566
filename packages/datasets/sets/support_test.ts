/** Files for the tests of datasets. */
import { writeIdx } from "../files/idx.ts";

/** An idx file of so many images of 28x28. */
export const images = (count: number): Uint8Array =>
  writeIdx({ data: Uint8Array.from({ length: count * 784 }, (_, i) => i % 251), shape: [count, 28, 28] });

/** An idx file of labels. */
export const labels = (...values: number[]): Uint8Array =>
  writeIdx({ data: new Uint8Array(values), shape: [values.length] });

/** Runs `test` with a folder that holds `files`, by their paths in it, and is removed after it. */
export async function withFolder(
  files: Readonly<Record<string, Uint8Array>>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(`${root}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${root}/${name}`, bytes);
    }
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
