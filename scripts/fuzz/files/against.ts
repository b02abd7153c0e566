/** Compares the results of reading files with those of other libraries. */
import type { Line } from "./child.ts";
import type { FileFormat } from "./file_format.ts";
import type { OtherReaders } from "./other_readers.ts";

/** Accepted differences by reason: the kind of reader, and a pattern of its error. */
const KNOWN: readonly {
  readonly of: FileFormat["against"];
  readonly error: RegExp;
  readonly why: string;
}[] = [
  {
    of: "torch",
    error: /unhashable type: 'list'/,
    why: "lists and tuples are one kind here, so that a list may be a key",
  },
  {
    of: "torch",
    error: /failed reading file data\/\d+/,
    why: "tensors of dtypes that there are none of here are left out, and not read",
  },
  {
    of: "torch",
    error: /Unsupported operand \d+/,
    why: "PyTorch's reader of weights knows fewer instructions of the protocols that both read",
  },
];

/** Returns the reason that a difference is accepted; null if it is not. */
export function knownReason(of: FileFormat["against"], error: string): string | null {
  return KNOWN.find((known) => known.of === of && known.error.test(error))?.why ?? null;
}

/** Describes how the result of another reader differs for a file that was read; null if it does not. */
export async function differenceOf(
  { value, kept }: Line,
  against: NonNullable<FileFormat["against"]>,
  others: OtherReaders,
): Promise<string | null> {
  const answer = await others.read(against, kept!);
  if ("error" in answer) {
    return knownReason(against, answer.error) === null
      ? `read here, and not by ${against}: ${answer.error.slice(0, 300)}`
      : null;
  }
  return answer.value === "?" || answer.value === value
    ? null
    : `${against} reads another value: ${answer.value}`;
}
