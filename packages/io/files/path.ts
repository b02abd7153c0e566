/** Paths of files, which are written with `/` on every system; Windows' own separator is understood as well. */

/** Joins a folder and the name of a file in it. */
export function joinPath(folder: string, name: string): string {
  if (folder === "" || folder === ".") return name;
  return /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}

/** Returns the folder of a path: `.` if it names none. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end < 0 ? "." : end === 0 ? path[0]! : path.slice(0, end);
}

/**
 * Returns the path that a `file:` URL names; a path as it is.
 *
 * @throws {TypeError} If the URL is of another kind.
 */
export function pathOf(file: string | URL): string {
  if (typeof file === "string") return file;
  if (file.protocol !== "file:") {
    throw new TypeError(`Cannot use ${file} as a path as its URL must begin with file:`);
  }
  const path = decodeURIComponent(file.pathname.replace(/%(?![0-9A-Fa-f]{2})/g, "%25"));
  // The drive of Windows: /C:/data.
  const local = /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  return file.hostname && file.hostname !== "localhost" ? `//${file.hostname}${local}` : local;
}
