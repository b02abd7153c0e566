/**
 * Compares the pixels of every image file below a folder with Pillow's, and lists the files by result:
 * `deno run -A scripts/images/compare.ts FOLDER [PYTHON]`. `PYTHON` (default `python3`) has Pillow.
 */
import { decodeImage, type Image } from "@troodon/datasets";
import { fromFileUrl } from "@std/path";

/** Line that `pillow.py` prints for a file. */
interface Expected {
  readonly error?: string;
  readonly mode: string;
  readonly size: readonly [number, number];
  /** Digests of the pixels with one to four channels. */
  readonly digests: readonly string[];
}

const KINDS = ["equal", "both refuse", "only Pillow reads", "only Troodon reads", "other pixels"] as const;
type Kind = typeof KINDS[number];

function filesBelow(folder: string): string[] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    if (isDirectory) return filesBelow(`${folder}/${name}`);
    return /\.(a?png|jpe?g|jfif|gif|bmp|dib|webp)$/i.test(name) ? [`${folder}/${name}`] : [];
  });
}

async function byPillow(python: string, paths: readonly string[]): Promise<Expected[]> {
  const script = fromFileUrl(new URL("pillow.py", import.meta.url));
  const child = new Deno.Command(python, { args: [script], stdin: "piped", stdout: "piped" }).spawn();
  const written = new Response(paths.join("\n") + "\n").body!.pipeTo(child.stdin);
  const [text] = await Promise.all([new Response(child.stdout).text(), written]);
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function digest({ data }: Image): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data))).toHex();
}

async function compare(path: string, expected: Expected): Promise<readonly [Kind, string]> {
  let image: Image;
  try {
    image = await decodeImage(await Deno.readFile(path), path);
  } catch (error) {
    const ours = error instanceof Error ? error.message.replace(`Cannot read ${path}: `, "") : String(error);
    return expected.error ? ["both refuse", ours] : ["only Pillow reads", ours];
  }
  if (expected.error) return ["only Troodon reads", expected.error];
  const { width, height, channels } = image;
  const [w, h] = expected.size;
  if (w !== width || h !== height) return ["other pixels", `${width}x${height} for ${w}x${h}`];
  const equal = await digest(image) === expected.digests[channels - 1] &&
    await digest(image.convert(3)) === expected.digests[2];
  return [equal ? "equal" : "other pixels", `${channels} channels, mode ${expected.mode}`];
}

if (import.meta.main) {
  const [folder, python = "python3"] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot compare images as a FOLDER must be given");
  const paths = filesBelow(folder);
  const expected = await byPillow(python, paths);
  const found = new Map<Kind, string[]>(KINDS.map((kind) => [kind, []]));
  for (const [i, path] of paths.entries()) {
    const [kind, detail] = await compare(path, expected[i]!);
    found.get(kind)!.push(`${path}: ${detail}`);
  }
  for (const kind of KINDS.slice(2)) {
    console.log(`\n${kind}`);
    for (const line of found.get(kind)!) console.log(`  ${line}`);
  }
  console.log(
    `\n${paths.length} files: ${KINDS.map((kind) => `${kind} ${found.get(kind)!.length}`).join(", ")}`,
  );
}
