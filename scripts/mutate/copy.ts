/** A copy of the project in which modules are changed: the project itself is never touched. */
import { dirname, join } from "@std/path";

/** A copy of the project in a temporary folder, which goes with it. */
export class ProjectCopy implements AsyncDisposable, Disposable {
  /** Where it is. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Copies what git tracks in `from`, and what it does not ignore. */
  static async create(from: string): Promise<ProjectCopy> {
    const { stdout, success } = await new Deno.Command("git", {
      args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
      cwd: from,
    }).output();
    if (!success) throw new TypeError(`Cannot copy ${from} as git must know its files`);
    const copy = new ProjectCopy(await Deno.realPath(await Deno.makeTempDir({ prefix: "troodon_mutate_" })));
    try {
      for (const path of new TextDecoder().decode(stdout).split("\0")) {
        if (path === "" || !await isFile(join(from, path))) continue;
        await Deno.mkdir(dirname(join(copy.root, path)), { recursive: true });
        await Deno.copyFile(join(from, path), join(copy.root, path));
      }
    } catch (error) {
      copy[Symbol.dispose]();
      throw error;
    }
    return copy;
  }

  /** Calls `run` while `path` holds `text`, and puts back what was there. */
  async with<T>(path: string, text: string, run: () => Promise<T>): Promise<T> {
    const file = join(this.root, path), before = await Deno.readTextFile(file);
    try {
      await Deno.writeTextFile(file, text);
      return await run();
    } finally {
      await Deno.writeTextFile(file, before);
    }
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    try {
      Deno.removeSync(this.root, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Removes the folder. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this[Symbol.dispose]());
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
