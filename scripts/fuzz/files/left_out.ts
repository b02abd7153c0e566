/** Functions and modules that take files but are not in the table of formats, by reason. */
export const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "write files, or make bytes of them": [
    "io.deflateZlib",
    "io.writeAtomically",
    "packages/io/files/deno_files.ts",
    "serialization.save",
    "serialization.saveSafetensors",
    "serialization.serialize",
    "train.saveTrainingState",
    "troodon.save",
    "troodon.serialize",
  ],
  "take any bytes, of which none is wrong": ["io.crc32", "io.md5", "io.sha256", "io.toBase64", "io.toHex"],
  "take a text, for readers that name the file": ["io.fromBase64", "io.fromHex"],
  "take paths as they are written, and read nothing": ["io.folderOf", "io.joinPath", "io.pathOf"],
  "look at the kind of a file or at its lock, and read nothing": [
    "io.requireFile",
    "io.requireFileSync",
    "train.isBeingWritten",
  ],
  "name a file in an error": ["io.wordDiskFull"],
  "check the digest that the caller gives, and hand the file to load()": [
    "packages/models/weights/fetch_weights.ts",
  ],
  "make a network as large as a configuration says, which takes minutes for a large one": [
    "models.loadGPT2",
    "models.parseGPT2Config",
  ],
  "hand JSON to a library from elsewhere, which knows the format": [
    "models.loadTokenizer",
    "packages/models/gpt2/tokenizer.ts",
  ],
  "give what the network has to a check of the caller, and read no format": ["io.download"],
  "read what the system or a process of their own says, not what a user gives": [
    "scripts/card/stage.ts",
    "scripts/doctor/machine.ts",
    "scripts/fuzz/torch_process.ts",
    "scripts/mutate/bounded_run.ts",
  ],
  "read the source, the pages and the test data of the project itself": [
    "scripts/check_layers.ts",
    "scripts/npm/build.ts",
    "scripts/npm/packages.ts",
    "scripts/fuzz/names.ts",
    "scripts/mutate/copy.ts",
    "scripts/mutate/reach.ts",
    "scripts/torch_names.ts",
    "scripts/tutorials/literal.ts",
    "scripts/tutorials/pages.ts",
  ],
};
