/** Files that PyTorch reads: zip archives of a pickle and the storages. */
import { writeZip, type ZipFile } from "@troodon/io";
import { elementsOf } from "../contents/stored_tensor.ts";
import { Pickler } from "./pickle.ts";
import { ARCHITECTURE_RECORD } from "./read_zip_file.ts";

/** The folder that everything lies in, as in what `torch.save()` writes to a buffer. */
const ROOT = "archive/";

/**
 * The bytes of a file of `torch.load()`: the same values make the same bytes. Tied tensors share their storage.
 *
 * @param architecture What to say of the modules in it, if there are some: a record that PyTorch passes over.
 * @throws {TypeError} If the value holds what no such file can.
 */
export async function writeTorch(
  value: unknown,
  architecture: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const pickler = new Pickler(), encoder = new TextEncoder();
  const text = (name: string, content: string): ZipFile => ({
    name: ROOT + name,
    data: encoder.encode(content),
  });
  const files: ZipFile[] = [{ name: `${ROOT}data.pkl`, data: pickler.pickle(value) }];
  files.push(text(".format_version", "1"), text(".storage_alignment", "64"), text("byteorder", "little"));
  if (architecture !== null) files.push(text(ARCHITECTURE_RECORD, architecture));
  for (const { key, tensor } of pickler.storages) {
    files.push({ name: `${ROOT}data/${key}`, data: await elementsOf(tensor) });
  }
  files.push(text("version", "3\n"));
  return writeZip(files);
}
