/** What the system says of the card outside of WebGPU. */

/** The driver, and whether PyTorch is there to be measured against. */
export interface Driver {
  /** "NVIDIA H100 80GB HBM3, 550.54.15", or "not told". */
  readonly name: string;
  /** Whether `python` has PyTorch, and this a CUDA device. */
  readonly torch: boolean;
}

async function outputOf(program: string, args: readonly string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args: [...args], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Asks `nvidia-smi` and a Python. */
export async function driverOf(python: string): Promise<Driver> {
  const name = await outputOf("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"]);
  const cuda = await outputOf(python, ["-c", "import torch; print(torch.cuda.is_available())"]);
  return { name: name?.replaceAll("\n", "; ") ?? "not told", torch: cuda === "True" };
}
