/** What PyTorch was asked for and this library has not yet. */

/** For each file of this folder, the functions that are not replayed, and why. */
export const NOT_COVERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
};
