/** Records programs that agree with PyTorch, for tests that run without PyTorch. */
import { chooseDevice } from "@troodon/troodon";
import { calledBy, compare, type TorchTrace } from "./compare.ts";
import { drawProgram } from "./draw_program.ts";
import { namesThere } from "./names.ts";
import { NOT_CALLED } from "./not_called.ts";
import { pack, type Recorded, unpack } from "./recorded.ts";
import { deck } from "./session.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Folder of the recorded programs. */
export const FOLDER: URL = new URL("../../tests/fuzz/", import.meta.url);

const PER_FILE = 125, LARGEST = 6000;

/** Writes `count` programs that together call every name. */
export async function recordPrograms(torch: TorchProcess, seed: number, count: number): Promise<void> {
  const device = await chooseDevice("cpu"), kept: string[] = [];
  const wanted = new Set(namesThere().filter((name) => !NOT_CALLED.has(name)));
  let next = deck([...wanted], seed), tried = 0;
  while (kept.length < count) {
    const { program, here } = drawProgram(seed * 1_000_000 + tried++, device, next);
    const [there] = await torch.ask<TorchTrace[]>([program]);
    if (compare(program, here, there!) !== null || there!.copied !== undefined) continue;
    const packed: Recorded = pack(program, there!), text = JSON.stringify(packed);
    // Skips programs with values that float32 cannot represent.
    if (compare(program, here, unpack(packed)) !== null) continue;
    const fresh = program.flatMap((s, step) => {
      const accepted = "y" in there!.run.steps[step]!, called = [calledBy(program, step)];
      return accepted ? [...called, ..."call" in s && s.ng === true ? ["torch.no_grad"] : []] : [];
    }).filter((name) => wanted.has(name));
    // Keeps room for the names that are still missing.
    const spare = count - kept.length > wanted.size / 2;
    if (text.length > LARGEST || fresh.length === 0 && !spare) continue;
    kept.push(text);
    fresh.forEach((name) => wanted.delete(name));
    const missing = [...wanted].filter((name) => name !== "torch.no_grad");
    if (tried % 20 === 0 && missing.length > 0) next = deck(missing, seed + tried);
  }
  await Deno.mkdir(FOLDER, { recursive: true });
  for (let i = 0; i < kept.length; i += PER_FILE) {
    const lines = kept.slice(i, i + PER_FILE).join(",\n");
    await Deno.writeTextFile(new URL(`programs_${i / PER_FILE}.json`, FOLDER), `[\n${lines}\n]\n`);
  }
  console.log(
    `${kept.length} of ${tried} programs recorded; not called: ${[...wanted].join(", ") || "none"}`,
  );
}
