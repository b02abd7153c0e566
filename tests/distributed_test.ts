/** Collectives of real MPI jobs, under each launcher that is installed. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const PROGRAM = new URL("distributed/collectives.ts", import.meta.url).pathname;

/** Launchers by the names that Debian gives them, with the flags for more processes than processors, and for root. */
const LAUNCHERS = [
  ["Open MPI", "mpirun.openmpi", ["--allow-run-as-root", "--oversubscribe"]],
  ["MPICH", "mpirun.mpich", []],
] as const;

async function isInstalled(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs the program with two processes. */
async function run(command: string, flags: readonly string[], mode: string) {
  const args = [
    ...flags,
    "-n",
    "2",
    Deno.execPath(),
    "run",
    "--no-check",
    "--allow-ffi",
    "--allow-env",
    PROGRAM,
    mode,
  ];
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    env: { UCX_ERROR_SIGNALS: "" },
    signal: AbortSignal.timeout(60_000),
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

const REDUCED = { sum: [3, 6, 3], prod: [2, 9, 2], max: [2, 3, 2], min: [1, 3, 1] };
const DTYPES = ["float32", "float64", "int32", "int64", "uint8", "float16", "bfloat16"];

for (const [library, command, flags] of LAUNCHERS) {
  if (!await isInstalled(command)) {
    console.log(`SKIP ${library}: ${command} is not installed`);
    continue;
  }

  Deno.test(`MpiCommunicator performs every collective under ${library}`, async () => {
    const { code, stdout, stderr } = await run(command, flags, "all");
    assertEquals(code, 0, stderr);
    const { error, ...seen } = JSON.parse(stdout);
    assertEquals(seen, {
      size: 2,
      ...Object.fromEntries(
        DTYPES.flatMap((dtype) => Object.entries(REDUCED).map(([op, values]) => [`${dtype} ${op}`, values])),
      ),
      mean: [0.5, 1],
      broadcast: [[11, 13], [12, 14]],
      allGather: [[0, 0], [1, -1]],
      reduceScatter: [0, 30],
      order: [3, 1],
    });
    assertStringIncludes(error, "current root is 7 (rank 0 of 2, broadcast)");
  });

  for (
    const [mode, wanted, line] of [
      ["leave", 66, "rank 1 of 2 ends before it has closed its communicator: the job is aborted"],
      ["throw", 1, "rank 1 has no data"],
      ["abort", 1, "rank 1 of 2 aborts the job: no data"],
    ] as const
  ) {
    Deno.test(`MpiCommunicator ends the job under ${library} when a process does: ${mode}`, async () => {
      const { code, stderr } = await run(command, flags, mode);
      assertStringIncludes(stderr, line);
      assert(mode === "throw" ? code !== 0 : code === wanted, `exit code ${code}: ${stderr}`);
    });
  }

  Deno.test(`MpiCommunicator tells where each process is under ${library} when one keeps the others waiting`, async () => {
    const { code, stderr } = await run(command, flags, "stall");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "rank 1 of 2 has waited for 2 s in barrier (call 2)");
    assertStringIncludes(
      stderr,
      "rank 0 of 2 has been outside of collectives for 2 s; the last one was barrier (call 1)",
    );
  });
}
