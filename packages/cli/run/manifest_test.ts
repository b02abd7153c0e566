import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { CurveComparison, readCurve } from "./curve.ts";
import { digestOfFiles } from "../images/data_digest.ts";
import { commitOf } from "./git_commit.ts";
import { differences, readManifest, type RunOrigin, RunRecord } from "./manifest.ts";
import { runFlags } from "./origin.ts";

const ORIGIN: RunOrigin = {
  flags: ["--lr", "1"],
  dataset: "mnist",
  data: { root: "data", files: 1, bytes: 2, read: 2, sha256: "a".repeat(64) },
  seed: 3,
  versions: { Deno: "2.9.5" },
  device: "cpu",
  commit: null,
};

Deno.test("RunRecord writes how a run begins, goes on and ends", async () => {
  const path = await Deno.makeTempDir();
  const record = await RunRecord.begin(path, ORIGIN, 0, null);
  const { started, ...first } = await readManifest(path);
  assertEquals(first, { ...ORIGIN, status: "running", ended: null, resumed: [], results: null });
  const common = { epochs: 2, seconds: 1, samples: 4, stop: () => {} };
  await record.observer.onEpoch?.({ ...common, epoch: 1, step: 7, loss: 0.5, scores: { accuracy: 0.9 } });
  await record.end("interrupted", { epoch: 1, value: 0.9 });
  const results = {
    epochs: 1,
    step: 7,
    loss: 0.5,
    scores: { accuracy: 0.9 },
    best: { epoch: 1, value: 0.9 },
  };
  const ended = await readManifest(path);
  assertEquals([ended.status, ended.results], ["interrupted", results]);
  assert(Date.parse(ended.ended!) >= Date.parse(started));
  const now = { ...ORIGIN, flags: ["--lr", "2"], versions: { Deno: "2.9.6" } };
  await RunRecord.begin(path, now, 7, null);
  const again = await readManifest(path);
  assertEquals([again.started, again.ended, again.status, again.results], [
    started,
    null,
    "running",
    results,
  ]);
  assertEquals(again.resumed.map(({ step, differs }) => [step, ...differs]), [
    [7, "Deno 2.9.5, now 2.9.6", "flags --lr 1, now --lr 2"],
  ]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("readManifest() says what a manifest must have", async () => {
  const path = await Deno.makeTempDir(), file = join(path, "manifest.json");
  await assertRejects(() => readManifest(path), Deno.errors.NotFound, "has no manifest.json");
  await RunRecord.begin(path, ORIGIN, 0, null);
  const whole = JSON.parse(await Deno.readTextFile(file));
  for (
    const [name, value] of [
      ...["status", "flags", "versions", "seed", "data", "resumed", "results", "started", "ended", "commit"]
        .map(
          (name) => [name, 1.5] as const,
        ),
      ["flags", [1]],
      ["resumed", [{ at: "", step: 0, differs: [0] }]],
    ] as const
  ) {
    await Deno.writeTextFile(file, JSON.stringify({ ...whole, [name]: value }));
    await assertRejects(() => readManifest(path), TypeError, `${file} as it must have "${name}"`);
  }
  await Deno.writeTextFile(file, "{");
  await assertRejects(() => readManifest(path), SyntaxError, file);
  await Deno.remove(path, { recursive: true });
});

Deno.test("differences() names whatever may change results", () => {
  assertEquals(differences(ORIGIN, ORIGIN), []);
  const data = { ...ORIGIN.data!, root: "elsewhere", sha256: "b".repeat(64) };
  assertEquals(differences(ORIGIN, { ...ORIGIN, data, device: "webgpu", commit: "c".repeat(40) }), [
    "device cpu, now webgpu",
    `data SHA-256 ${"a".repeat(12)}, now SHA-256 ${"b".repeat(12)}`,
    `commit none, now ${"c".repeat(12)}`,
  ]);
  assertEquals(differences(ORIGIN, { ...ORIGIN, data: { ...ORIGIN.data!, root: "elsewhere" } }), []);
});

Deno.test("runFlags() drops the place of a run, and nothing else", () => {
  const flags = (line: string): string => runFlags(line.split(" ")).join(" ");
  assertEquals(flags("--lr 1 --out a --force --seed 2 --resume"), "--lr 1 --seed 2");
  assertEquals(flags("--resume --lr 1"), "--lr 1");
  assertEquals(flags("--resume a/state.safetensors --out=b --lr 1 --resume=x"), "--lr 1");
});

Deno.test("digestOfFiles() depends on names and contents, not on the place, and reads a part of what is large", async () => {
  const root = await Deno.makeTempDir(),
    put = async (name: string, bytes: Uint8Array): Promise<void> => {
      await Deno.mkdir(join(root, name, ".."), { recursive: true });
      await Deno.writeFile(join(root, name), bytes);
    };
  const digest = (): Promise<string> => digestOfFiles(root).then(({ sha256 }) => sha256);
  await put("train/0/a.png", new Uint8Array(10));
  await put("train/1/b.png", new Uint8Array(20));
  const first = await digestOfFiles(root);
  assertEquals({ ...first, sha256: "" }, { root, files: 2, bytes: 30, read: 30, sha256: "" });
  const copy = `${root}_copy`;
  await Deno.rename(root, copy);
  assertEquals((await digestOfFiles(copy)).sha256, first.sha256);
  await Deno.rename(copy, root);
  await put("train/1/b.png", new Uint8Array(20).fill(1, 19));
  assertNotEquals(await digest(), first.sha256);
  await put("train/1/b.png", new Uint8Array(20));
  assertEquals(await digest(), first.sha256);
  await Deno.rename(join(root, "train/1/b.png"), join(root, "train/1/c.png"));
  assertNotEquals(await digest(), first.sha256);
  assertEquals((await digestOfFiles(root, (name) => name.endsWith("a.png"))).files, 1);
  // Of 1200 files every one of 1000 is read.
  for (let i = 0; i < 1198; i++) await Deno.writeFile(join(root, `${i}`), new Uint8Array(3));
  const { files, bytes, read } = await digestOfFiles(root);
  assertEquals([files, bytes], [1200, 1198 * 3 + 30]);
  assert(read < bytes && read >= 3000, String(read));
  await Deno.remove(root, { recursive: true });
});

Deno.test("commitOf() finds the commit of a branch, of a worktree, of packed references and of a detached head", async () => {
  const root = await Deno.makeTempDir(), below = join(root, "a", "b");
  const put = async (name: string, text: string): Promise<void> => {
    await Deno.mkdir(join(root, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, name), text);
  };
  const [one, two, three] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];
  await Deno.mkdir(below, { recursive: true });
  assertEquals(await commitOf(below), null);
  await put(".git/HEAD", `${one}\n`);
  assertEquals(await commitOf(below), one);
  await put(".git/HEAD", "ref: refs/heads/main\n");
  assertEquals(await commitOf(below), null);
  await put(".git/packed-refs", `# pack-refs\n${three} refs/heads/other\n${two} refs/heads/main\n`);
  assertEquals(await commitOf(below), two);
  await put(".git/refs/heads/main", `${one}\n`);
  assertEquals(await commitOf(below), one);
  await put("a/.git", `gitdir: ${root}/.git/worktrees/a\n`);
  await put(".git/worktrees/a/HEAD", "ref: refs/heads/other\n");
  await put(".git/worktrees/a/commondir", "../..\n");
  assertEquals([await commitOf(below), await commitOf(root)], [three, one]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("CurveComparison stops at the first line that differs, and at the end of the record", async () => {
  const path = await Deno.makeTempDir(), file = join(path, "metrics.jsonl");
  await Deno.writeTextFile(
    file,
    '{"step":1,"epoch":1,"loss":0.5}\n{"epoch":1,"seconds":3,"loss":0.5,"accuracy":null}\n{"ep',
  );
  const recorded = await readCurve(path);
  assertEquals(recorded.length, 2);
  const compare = (loss: number, accuracy: number) => {
    const comparison = new CurveComparison(recorded), { observer } = comparison;
    let stops = 0;
    const common = { epoch: 1, step: 1, stop: () => void stops++ };
    observer.onLog?.({ ...common, loss: 0.5 });
    const before = stops;
    observer.onEpoch?.({ ...common, loss, epochs: 9, seconds: 9, samples: 9, scores: { accuracy } });
    return [comparison.isWhole, comparison.equal, comparison.difference?.line ?? null, before, stops];
  };
  assertEquals(compare(0.5, NaN), [true, 2, null, 0, 1]);
  assertEquals(compare(0.5 + 2 ** -53, NaN), [false, 1, 2, 0, 1]);
  assertEquals(compare(0.5, 1), [false, 1, 2, 0, 1]);
  await Deno.writeTextFile(file, '{"step":1}\n[1]\n');
  await assertRejects(() => readCurve(path), TypeError, "line 2 is none");
  await Deno.remove(path, { recursive: true });
});
