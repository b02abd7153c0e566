/** The archive that EMNIST is published in. */
import { download, md5, openBytes, runtimeFiles, writeAtomically, ZipReader } from "@troodon/io";

const ARCHIVE = "gzip.zip", MD5 = "58c8d27c78d21e728a6bc7b3cc06412e";
/** The folder of the archive. */
const MIRRORS: readonly string[] = ["https://biometrics.nist.gov/cs_links/EMNIST/"];
const MEMBER = /^(?:[^/]+\/)?(emnist-[a-z]+-(?:train|test)-(?:images-idx3|labels-idx1)-ubyte\.gz)$/;

/**
 * Downloads the archive of 536 MB, checks it by the MD5 that torchvision has, and unpacks the files of all parts.
 *
 * @throws {Deno.errors.NotFound} If no mirror has it.
 */
export async function fetchEmnist(root: string, mirrors: readonly string[] = MIRRORS): Promise<void> {
  const path = `${root}/${ARCHIVE}`;
  await download({
    urls: mirrors.map((mirror) => `${mirror}${ARCHIVE}`),
    path,
    limit: 600_000_000,
    check: (bytes) => {
      const digest = md5(bytes);
      return Promise.resolve(digest === MD5 ? null : `its MD5 must be ${MD5} but is ${digest}`);
    },
  });
  await unpackEmnist(path, root);
  await runtimeFiles().remove(path);
}

/**
 * Unpacks the idx files of an archive, which stay compressed by gzip, to a folder.
 *
 * @throws {TypeError} If the archive is damaged.
 */
export async function unpackEmnist(path: string, root: string): Promise<void> {
  using source = await openBytes(path);
  const archive = await ZipReader.open(source);
  for (const name of archive.entries.keys()) {
    const file = MEMBER.exec(name)?.[1];
    if (file !== undefined) await writeAtomically(`${root}/${file}`, await archive.read(name));
  }
}
