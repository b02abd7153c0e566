/**
 * Runs the notebook of the examples with Deno's kernel: `deno run -A scripts/notebook.ts --python FILE`, a Python with the
 * packages nbclient and nbformat. Exits with 1 where a cell throws or one that draws shows no picture.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { runProgram, text } from "@troodon/cli/flags";

const NOTEBOOK = fromFileUrl(new URL("../examples/first_network.ipynb", import.meta.url));
const SCRIPT = fromFileUrl(new URL("notebook/run_notebook.py", import.meta.url));

/** Cell of a notebook file. */
interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
}

/** Makes a folder in which Jupyter finds the kernel of this Deno. */
async function kernelFolder(): Promise<string> {
  const folder = await Deno.makeTempDir(), kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const spec = { argv, display_name: "Deno", language: "typescript" };
  await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec));
  return folder;
}

/** Runs the notebook; gives the last lines of cells that show nothing, or text in the place of a picture. */
async function faultsOf(python: string, kernels: string): Promise<string[]> {
  const args = [SCRIPT, NOTEBOOK], env = { JUPYTER_PATH: kernels };
  const { success, stdout } = await new Deno.Command(python, { args, env, stderr: "inherit" }).output();
  if (!success) throw new TypeError("Cannot vouch for the notebook as it must run to its end");
  const outputs: readonly string[][] = JSON.parse(new TextDecoder().decode(stdout));
  const { cells }: { readonly cells: readonly Cell[] } = JSON.parse(await Deno.readTextFile(NOTEBOOK));
  const lines = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.at(-1)!);
  return lines.filter((line, i) =>
    !outputs[i]!.includes(line.startsWith("plot") ? "image/svg+xml" : "text/plain")
  );
}

await runProgram({
  usage: "deno run -A scripts/notebook.ts [flags]",
  about: "Runs examples/first_network.ipynb with Deno's kernel.",
  flags: { python: text("FILE", "A Python with the packages nbclient and nbformat", "python3") },
  async main({ values: { python } }) {
    const folder = await kernelFolder();
    try {
      // The kernel of Deno 2.9 now and then says that it is done before it has sent a result, which is lost then.
      let faults: readonly string[] = [];
      for (let attempt = 0; attempt < 3; attempt++) {
        faults = await faultsOf(python, folder);
        if (faults.length === 0) return console.log("Every cell runs and shows what it should");
      }
      throw new TypeError(
        `Cannot vouch for the notebook as cells must show their values: ${faults.join(", ")}`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
}, Deno.args);
